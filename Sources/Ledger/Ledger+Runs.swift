public import Expectations
import GRDB

extension Ledger {
    /// The latest runs, newest first, of all suites and assets or of one.
    public func runs(suite: String? = nil, asset: String? = nil, limit: Int) throws(LedgerError) -> [StoredRun] {
        var conditions: [String] = []
        var arguments: StatementArguments = []
        if let suite {
            conditions.append("suite = ?")
            arguments += [suite]
        }
        if let asset {
            conditions.append("asset = ?")
            arguments += [asset]
        }
        let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        return try read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM runs \(filter) ORDER BY number DESC LIMIT ?", arguments: arguments + [limit]
            ).map { StoredRun($0) }
        }
    }

    /// The run with an id; `nil` where there is none.
    public func run(id: String) throws(LedgerError) -> StoredRun? {
        try read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM runs WHERE id = ?", arguments: [id]).map { StoredRun($0) }
        }
    }

    /// All pairs of suite and asset that were ever run, by name.
    public func validations() throws(LedgerError) -> [Validation] {
        // Hops from pair to pair in the index, where DISTINCT would read every run.
        try read { db in
            let pairs = try Row.fetchAll(
                db,
                sql: """
                    WITH RECURSIVE pairs (suite, asset) AS (
                        SELECT * FROM (SELECT suite, asset FROM runs ORDER BY suite, asset LIMIT 1)
                        UNION ALL
                        SELECT next.suite, next.asset FROM pairs JOIN runs AS next ON next.number = (
                            SELECT number FROM runs WHERE (suite, asset) > (pairs.suite, pairs.asset)
                            ORDER BY suite, asset LIMIT 1))
                    SELECT suite, asset FROM pairs
                    """)
            return pairs.map { Validation(suite: $0["suite"], asset: $0["asset"]) }
        }
    }

    /// The files that a run read, in their order.
    public func files(ofRun id: String) throws(LedgerError) -> [FileResult] {
        try read { db in
            try Row.fetchAll(
                db, sql: "SELECT files.* FROM files JOIN runs ON number = run WHERE id = ? ORDER BY position",
                arguments: [id]
            ).map {
                FileResult(
                    name: $0["name"], byteCount: $0["byte_count"], modified: $0["modified"], rowCount: $0["row_count"])
            }
        }
    }

    /// The run of a suite over an asset before another one, which may be recorded already or not.
    public func previousRun(before run: RunResult) throws(LedgerError) -> PreviousRun? {
        try read { db in
            let own = try Int64.fetchOne(db, sql: "SELECT number FROM runs WHERE id = ?", arguments: [run.id])
            // Runs of one microsecond have numbers after it: an unrecorded run is after all of them.
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT * FROM runs WHERE suite = ? AND asset = ? AND number < ? AND started_at <= ?
                    ORDER BY number DESC LIMIT 1
                    """,
                arguments: [run.suite, run.asset, own ?? .max, run.startedAt])
            guard let previous = row.map({ StoredRun($0) }) else { return nil }
            let verdicts = try Row.fetchAll(
                db,
                sql: """
                    SELECT fingerprint, type, results.*, reasons.text AS reason_text, runs.id, runs.started_at FROM results
                    JOIN runs ON runs.number = results.run
                    JOIN expectations ON expectations.number = expectation
                    LEFT JOIN sentences AS reasons ON reasons.number = reason
                    WHERE run = ? ORDER BY position
                    """,
                arguments: [previous.number]
            ).map { ($0["fingerprint"] as String, StoredVerdict($0)) }
            return PreviousRun(run: previous, verdicts: Dictionary(verdicts) { first, _ in first })
        }
    }
}

extension StoredRun {
    init(_ row: Row) {
        number = row["number"]
        id = row["id"]
        suite = row["suite"]
        asset = row["asset"]
        startedAt = row["started_at"]
        durationSeconds = row["duration"]
        engineVersion = row["engine_version"]
        suiteFingerprint = row["suite_fingerprint"]
        dataFingerprint = row["data_fingerprint"]
        rowCount = row["row_count"]
        byteCount = row["byte_count"]
        counts = OutcomeCounts(
            evaluated: row["evaluated"], successful: row["successful"], passed: row["passed"], failed: row["failed"],
            vacuous: row["vacuous"], errored: row["errored"])
        outcomeName = row["outcome"]
        success = row["success"]
        failure = (row["failure_code"] as String?).map {
            RunFailure(code: $0, message: row["failure_message"] ?? "", hint: row["failure_hint"])
        }
        report = row["report"]
    }
}
