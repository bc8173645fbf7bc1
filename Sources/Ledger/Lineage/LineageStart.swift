import GRDB

/// A run that was told to have begun, and not to have ended.
public struct LineageStart: Sendable, Hashable {
    public let job: String
    /// By what catalogues know the run.
    public let run: String
    /// The event that told it.
    public let event: String
    /// The lease that somebody has as long as the run is at work; `nil` where others know when it has ended.
    public let lease: String?

    public init(job: String, run: String, event: String, lease: String?) {
        self.job = job
        self.run = run
        self.event = event
        self.lease = lease
    }

    init(_ row: Row) {
        self.init(job: row["job"], run: row["run"], event: row["event"], lease: row["lease"])
    }
}

extension LedgerTransaction {
    /// The run of a job that was told to have begun; `nil` where none is open.
    public func openLineage(ofJob job: String) throws -> LineageStart? {
        try Row.fetchOne(
            db.cachedStatement(sql: "SELECT * FROM lineage_runs WHERE job = ?"), arguments: [job]
        ).map { LineageStart($0) }
    }

    /// Runs of which nobody has the lease any more: whoever was at them was killed, or has let go of them.
    public func lostLineage(at now: Int64) throws -> [LineageStart] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT * FROM lineage_runs WHERE lease IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM leases WHERE name = lease AND holder IS NOT NULL AND expires_at + length > ?)
                ORDER BY job
                """, arguments: [now]
        ).map { LineageStart($0) }
    }

    /// Puts the event of a run that begins behind those that wait, and keeps in mind that it isn't over.
    ///
    /// A job has one such run: the one before it is forgotten.
    public func beginLineage(_ start: LineageStart, at now: Int64) throws {
        try enqueueLineage([start.event], job: start.job, at: now)
        try db.cachedStatement(sql: "INSERT OR REPLACE INTO lineage_runs (job, run, event, lease) VALUES (?, ?, ?, ?)")
            .execute(arguments: [start.job, start.run, start.event, start.lease])
    }

    /// Puts the last event of a job's run behind those that wait: no run of the job is open any more.
    public func endLineage(_ event: String, job: String, at now: Int64) throws {
        try enqueueLineage([event], job: job, at: now)
        try db.cachedStatement(sql: "DELETE FROM lineage_runs WHERE job = ?").execute(arguments: [job])
    }
}
