import Foundation
import GRDB
import Tables

/// What became of quarantined records: at most one row for each judgement.
extension PipelineState {
    /// The resolutions of judgements, for those that have one.
    public func resolutions(
        of records: [QuarantinedRecord]
    ) throws(PipelineError) -> [QuarantineKey: Resolution] {
        guard !records.isEmpty else { return [:] }
        return try read { db in
            let hasFate = try db.columns(in: "resolutions").contains { $0.name == "fate" }
            let statement = try db.cachedStatement(sql: "SELECT * FROM resolutions WHERE id = ? AND attempt = ?")
            var found: [QuarantineKey: Resolution] = [:]
            for record in records {
                guard let row = try Row.fetchOne(statement, arguments: [record.id, record.attempt]) else { continue }
                guard let status = Resolution.Status(rawValue: row["status"]) else {
                    throw PipelineError(.corrupt, "a resolution can't be read", place: path)
                }
                found[record.key] = Resolution(
                    id: row["id"], attempt: row["attempt"], status: status, actor: row["actor"], reason: row["reason"],
                    time: row["time"], fate: (hasFate ? RecordFate(rawValue: row["fate"]) : nil) ?? .passed)
            }
            return found
        }
    }

    /// Judgements that are resolved.
    public func resolutionCount() throws(PipelineError) -> Int {
        try read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM resolutions") ?? 0 }
    }

    /// Part of the commit point: a second resolution of the same judgement breaks the key, and with it the transaction.
    func recordResolutions(_ commit: BatchCommit, _ db: Database) throws {
        try record(commit.resolutions, batch: commit.plan.number, db)
        guard let order = commit.plan.order else { return }
        try advance(
            order.request, by: commit.resolutions, commit.manifest.counts, stayed: order.stayed, to: order.next, db)
    }

    /// Discards records, as a part of a request.
    func discard(
        _ resolutions: [Resolution], of request: Int, next: QuarantineTable.Place
    ) throws(PipelineError) {
        try write { db in
            try record(resolutions, batch: 0, db)
            try advance(request, by: resolutions, stayed: 0, to: next, db)
        }
    }

    /// Goes on with a request behind records that stay as they are.
    func skip(
        _ stored: StoredRequest, stayed: Int, to next: QuarantineTable.Place
    ) throws(PipelineError) {
        try write { db in try advance(stored.number, by: [], stayed: stayed, to: next, db) }
    }

    private func record(_ resolutions: [Resolution], batch: Int, _ db: Database) throws {
        guard !resolutions.isEmpty else { return }
        let statement = try db.makeStatement(
            sql: """
                INSERT INTO resolutions (id, attempt, status, batch, actor, reason, time, fate)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """)
        for resolution in resolutions {
            try statement.execute(arguments: [
                resolution.id, resolution.attempt, resolution.status.rawValue, batch, resolution.actor,
                resolution.reason, resolution.time, resolution.fate.rawValue,
            ])
        }
    }

    private func advance(
        _ request: Int, by resolutions: [Resolution], _ counts: [HopCounts] = [], stayed: Int,
        to next: QuarantineTable.Place, _ db: Database
    ) throws {
        let text = try String.fetchOne(db, sql: "SELECT outcome FROM requests WHERE number = ?", arguments: [request])
        guard var outcome = text.flatMap({ JSON(text: $0) }).flatMap({ RequestOutcome(json: $0) }) else {
            throw PipelineError(.corrupt, "a request can't be read", place: path)
        }
        outcome.resolved += resolutions.count
        outcome.stayed += stayed
        for resolution in resolutions { outcome.fates[resolution.fate, default: 0] += 1 }
        outcome.add(counts)
        try db.execute(
            sql: "UPDATE requests SET next_batch = ?, next_row = ?, outcome = ? WHERE number = ?",
            arguments: [next.ordinal, next.row, outcome.json.text(), request])
    }
}
