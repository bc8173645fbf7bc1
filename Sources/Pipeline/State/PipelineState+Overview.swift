import Foundation
import GRDB

/// What a pipeline has done so far, in numbers.
public struct PipelineOverview: Sendable {
    /// The newest batch that is over.
    public struct Batch: Sendable {
        public let number: Int
        public let kind: String
        /// Microseconds since 1970-01-01T00:00:00Z.
        public let clock: Int64
        public let recordCount: Int
        public let byteCount: Int64
        public let milliseconds: Int
        public let counts: [HopCounts]
        /// Records by the rules that they break, the most frequent first.
        public let rules: [BatchManifest.RuleCount]

        public var recordsPerSecond: Int { milliseconds > 0 ? recordCount * 1_000 / milliseconds : 0 }
    }

    /// The batch that isn't over, and where it is: planned, held (with the reason) or prepared.
    public let open: (number: Int, state: String, reason: String?)?
    public let last: Batch?
    /// By hop, what arrived for the first time.
    public let arrived: [HopCounts]
    /// By hop, what was judged again.
    public let judgedAgain: [HopCounts]
    /// By rule, records that broke it when they arrived, the most frequent first.
    public let rules: [BatchManifest.RuleCount]
    public let batchCount: Int
    /// Judgements that kept a record apart, as too late ones are.
    public let quarantined: Int
    /// Those of them that something became of.
    public let resolved: Int
    /// Files that can't be read, by their names within the source, with the reasons; the first hundred.
    public let setAside: [(file: String, reason: String)]
    public let setAsideCount: Int
    /// Batches whose records don't add up; there are none.
    public let imbalanced: [Int]

    /// Quarantined records that nothing became of yet.
    public var unresolved: Int { quarantined - resolved }
}

extension PipelineState {
    public func overview() throws(PipelineError) -> PipelineOverview {
        try read { db in
            let open = try Row.fetchOne(
                db,
                sql:
                    "SELECT number, state, reason FROM batches WHERE state NOT IN ('committed', 'abandoned') ORDER BY number LIMIT 1"
            )
            let arrived = try Self.sums(db, judgedAgain: false)
            let again = try Self.sums(db, judgedAgain: true)
            let aside = try Row.fetchAll(
                db, sql: "SELECT name, reason FROM sources WHERE state = 'set-aside' ORDER BY name LIMIT 100")
            return PipelineOverview(
                open: open.map { ($0["number"], $0["state"], $0["reason"]) }, last: try Self.lastBatch(db),
                arrived: arrived,
                judgedAgain: again,
                rules: try Self.ruleCounts(db),
                batchCount: try Int.fetchOne(
                    db,
                    sql: """
                        SELECT forgotten_batches + (SELECT count(*) FROM batches WHERE state = 'committed') FROM pipeline
                        """) ?? 0,
                quarantined: (arrived + again).filter { $0.hop == "silver" }.reduce(0) {
                    $0 + $1.quarantined + $1.late
                },
                resolved: try Int.fetchOne(db, sql: "SELECT count(*) FROM resolutions") ?? 0,
                setAside: aside.map { ($0["name"], $0["reason"] ?? "") },
                setAsideCount: try Int.fetchOne(db, sql: "SELECT count(*) FROM sources WHERE state = 'set-aside'") ?? 0,
                imbalanced: try Int.fetchAll(
                    db,
                    sql: """
                        SELECT DISTINCT batch FROM hops
                        WHERE input <> output + quarantined + dropped + filtered + deduplicated + late ORDER BY batch LIMIT 10
                        """))
        }
    }

    private static func sums(_ db: Database, judgedAgain: Bool) throws -> [HopCounts] {
        let sql = """
            SELECT hop, sum(input) AS input, sum(output) AS output, sum(quarantined) AS quarantined,
                sum(dropped) AS dropped, sum(filtered) AS filtered, sum(deduplicated) AS deduplicated, sum(late) AS late
            FROM (
                SELECT hop, kind IN ('replay', 'release') AS is_again, input, output, quarantined, dropped, filtered,
                    deduplicated, late
                FROM hops JOIN batches ON number = batch
                UNION ALL SELECT * FROM forgotten_hops
            )
            WHERE is_again = ? GROUP BY hop ORDER BY hop
            """
        return try Row.fetchAll(db, sql: sql, arguments: [judgedAgain]).map { counts($0) }
    }

    private static func counts(_ row: Row) -> HopCounts {
        var counts = HopCounts(row["hop"])
        counts.input = row["input"]
        counts.output = row["output"]
        counts.quarantined = row["quarantined"]
        counts.dropped = row["dropped"]
        counts.filtered = row["filtered"]
        counts.deduplicated = row["deduplicated"]
        counts.late = row["late"]
        return counts
    }

    static func counts(ofBatch number: Int, _ db: Database) throws -> [HopCounts] {
        try Row.fetchAll(db, sql: "SELECT * FROM hops WHERE batch = ? ORDER BY hop", arguments: [number]).map {
            counts($0)
        }
    }

    private static func lastBatch(_ db: Database) throws -> PipelineOverview.Batch? {
        let sql = "SELECT * FROM batches WHERE state = 'committed' ORDER BY number DESC LIMIT 1"
        guard let row = try Row.fetchOne(db, sql: sql) else { return nil }
        let number: Int = row["number"]
        return PipelineOverview.Batch(
            number: number, kind: row["kind"], clock: row["clock"], recordCount: row["record_count"] ?? 0,
            byteCount: row["byte_count"] ?? 0, milliseconds: row["milliseconds"] ?? 0,
            counts: try counts(ofBatch: number, db),
            rules: try ruleCounts(ofBatch: number, db))
    }
}
