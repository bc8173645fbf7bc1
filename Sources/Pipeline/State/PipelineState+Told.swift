import Delta
import GRDB

/// A batch as the state remembers it, for whoever tells others of batches.
public struct RememberedBatch: Sendable {
    public enum Standing: Sendable, Equatable {
        /// It is being run, or carried through.
        case open
        /// It is kept back: what it holds comes again, as another batch.
        case held(reason: String)
        case committed
        /// Its plan was given up: what it holds comes again, as another batch.
        case abandoned
    }

    /// What a layer's table got.
    public struct Written: Sendable, Equatable {
        public let rows: Int
        public let byteCount: Int64
        public let files: Int
    }

    public let number: Int
    public let kind: BatchPlan.Kind
    public let standing: Standing
    /// When it was planned: microseconds since 1970-01-01T00:00:00Z.
    public let clock: Int64
    /// How long it ran, once it is committed.
    public let milliseconds: Int
    public let byteCount: Int64
    public let counts: [HopCounts]
    /// Records by the rules that they break.
    public let rules: [BatchManifest.RuleCount]
    /// By the layer's name, as in `silver`, `quarantine`, `late`, `gold.revenue_hourly`; nothing of batches of older days.
    public let written: [String: Written]
}

extension PipelineState {
    /// The batches behind one, by number; at most `limit`.
    public func batches(after number: Int, limit: Int) throws(PipelineError) -> [RememberedBatch] {
        try read { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT * FROM batches WHERE number > ? ORDER BY number LIMIT ?", arguments: [number, limit])
            return try rows.compactMap { try Self.batch($0, db) }
        }
    }

    private static func batch(_ row: Row, _ db: Database) throws -> RememberedBatch? {
        guard let kind = BatchPlan.Kind(rawValue: row["kind"]) else { return nil }
        let number: Int = row["number"]
        let standing: RememberedBatch.Standing =
            switch row["state"] as String {
            case "committed": .committed
            case "abandoned": .abandoned
            case "held": .held(reason: row["reason"] ?? "")
            default: .open
            }
        let written = try Row.fetchAll(db, sql: "SELECT * FROM written WHERE batch = ?", arguments: [number]).map {
            (
                $0["layer"] as String,
                RememberedBatch.Written(rows: $0["rows"], byteCount: $0["byte_count"], files: $0["files"])
            )
        }
        return RememberedBatch(
            number: number, kind: kind, standing: standing, clock: row["clock"], milliseconds: row["milliseconds"] ?? 0,
            byteCount: row["byte_count"] ?? 0, counts: try counts(ofBatch: number, db),
            rules: try ruleCounts(ofBatch: number, db),
            written: Dictionary(written) { first, _ in first })
    }

    /// Keeps what each table got of a batch.
    static func recordWritten(_ layers: [BatchManifest.Layer], ofBatch number: Int, _ db: Database) throws {
        for layer in layers where !layer.files.isEmpty {
            let files = layer.files.map(\.add)
            try db.execute(
                sql: "INSERT OR REPLACE INTO written VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    number, layer.name, files.reduce(0) { $0 + ($1.numRecords ?? 0) },
                    files.reduce(Int64(0)) { $0 + $1.size }, files.count,
                ])
        }
    }
}
