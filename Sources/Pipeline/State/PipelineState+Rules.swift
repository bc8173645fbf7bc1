import Expectations
import GRDB

/// How many records broke which rule.
extension PipelineState {
    static func recordRules(_ counts: [BatchManifest.RuleCount], ofBatch number: Int, _ db: Database) throws {
        for count in counts {
            try db.execute(
                sql: "INSERT INTO rule_counts VALUES (?, ?, ?, ?)",
                arguments: [number, count.rule, count.action?.rawValue ?? "", count.count])
        }
    }

    /// Of one batch, the most frequent first.
    static func ruleCounts(ofBatch number: Int, _ db: Database) throws -> [BatchManifest.RuleCount] {
        let sql = "SELECT rule, action, count FROM rule_counts WHERE batch = ? ORDER BY count DESC, rule, action"
        return try Row.fetchAll(db, sql: sql, arguments: [number]).map { ruleCount($0) }
    }

    /// Of all batches of what arrived, the most frequent first; what was judged again is none of them.
    static func ruleCounts(_ db: Database) throws -> [BatchManifest.RuleCount] {
        let sql = """
            SELECT rule, action, sum(count) AS count FROM (
                SELECT rule, action, count FROM rule_counts JOIN batches ON number = batch
                WHERE kind NOT IN ('replay', 'release')
                UNION ALL SELECT rule, action, count FROM forgotten_rules
            )
            GROUP BY rule, action ORDER BY sum(count) DESC, rule, action
            """
        return try Row.fetchAll(db, sql: sql).map { ruleCount($0) }
    }

    /// Adds those of a batch to those of all that were forgotten.
    static func addRulesToForgotten(ofBatch number: Int, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO forgotten_rules
                SELECT rule, action, count FROM rule_counts JOIN batches ON number = batch
                WHERE batch = ? AND kind NOT IN ('replay', 'release')
                ON CONFLICT DO UPDATE SET count = count + excluded.count
                """, arguments: [number])
    }

    private static func ruleCount(_ row: Row) -> BatchManifest.RuleCount {
        BatchManifest.RuleCount(rule: row["rule"], action: OnFail(rawValue: row["action"]), count: row["count"])
    }
}
