import GRDB
import Tables

/// That the machine is in a pipeline's way: the same is tried again and again.
public struct PipelineWait: Sendable, Hashable {
    /// Microseconds since 1970-01-01T00:00:00Z.
    public let since: Int64
    public let reason: String

    init(since: Int64, reason: String) {
        self.since = since
        self.reason = reason
    }
}

extension PipelineState {
    /// The files of a state that change whenever it does, where they are.
    public static func files(in folder: String) -> [String] {
        ["\(folder)/\(fileName)", "\(folder)/\(fileName)-wal"]
    }

    /// Notes what the pipeline waits for; `nil` for nothing.
    func note(_ wait: PipelineWait?) throws(PipelineError) {
        try write { db in
            try db.execute(
                sql: "UPDATE pipeline SET waiting_since = ?, waiting_reason = ?",
                arguments: [wait?.since, wait?.reason])
        }
    }

    /// What the process that runs the pipeline waits for, or that ran it last; `nil` for nothing.
    public func wait() throws(PipelineError) -> PipelineWait? {
        try read { db in
            guard let row = try Row.fetchOne(db, sql: "SELECT waiting_since, waiting_reason FROM pipeline"),
                let since: Int64 = row["waiting_since"], let reason: String = row["waiting_reason"]
            else { return nil }
            return PipelineWait(since: since, reason: reason)
        }
    }

    /// The newest batch that is where it belongs, 0 where there is none, and a text that tells this state from others, also of the same folder.
    public func standing() throws(PipelineError) -> (state: String, batch: Int) {
        try read { db in
            let key = try Int64.fetchOne(db, sql: "SELECT hash_key FROM pipeline") ?? 0
            let batch = try Int.fetchOne(db, sql: "SELECT max(number) FROM batches WHERE state = 'committed'") ?? 0
            // The key itself stays where it is.
            return (Hash128("standing of \(key)").hexadecimal, batch)
        }
    }
}
