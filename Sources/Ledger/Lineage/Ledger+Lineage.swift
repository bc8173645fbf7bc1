import GRDB

extension LedgerTransaction {
    /// Puts events of a job behind those that wait already; `at` in microseconds since 1970.
    public func enqueueLineage(_ events: [String], job: String, at: Int64) throws {
        let insert = try db.cachedStatement(
            sql: "INSERT INTO lineage_events (job, event, created_at, next_at) VALUES (?, ?, ?, ?)")
        for event in events { try insert.execute(arguments: [job, event, at, at]) }
    }

    /// How many events wait; more than `limit` are not counted.
    public func lineageCount(upTo limit: Int) throws -> Int {
        try Int.fetchOne(
            db, sql: "SELECT count(*) FROM (SELECT 1 FROM lineage_events LIMIT ?)", arguments: [limit]) ?? 0
    }
}

extension Ledger {
    /// The oldest event of each job, as far as it is due and nobody else sends it; from now on `holder` does, until `hold`
    /// microseconds are over.
    ///
    /// What is to wait for longer than `longestPause` microseconds from now, or is held for longer than `hold`, was written before the clock was
    /// set back, and is due and free.
    public func takeLineage(
        holder: String, at now: Int64, hold: Int64, longestPause: Int64, limit: Int
    ) throws(LedgerError) -> [LineageEntry] {
        try write { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT number, job, event, created_at, attempts FROM lineage_events AS entry
                    WHERE number = (SELECT min(number) FROM lineage_events AS first WHERE first.job = entry.job)
                        AND (next_at <= :now OR next_at - :now > :pause)
                        AND (held_until IS NULL OR held_until <= :now OR held_until - :now > :hold OR holder = :holder)
                    ORDER BY number LIMIT :limit
                    """,
                arguments: [
                    "now": now, "holder": holder, "limit": limit, "pause": Self.time(longestPause, Self.clockTolerance),
                    "hold": Self.time(hold, Self.clockTolerance),
                ])
            let take = try db.cachedStatement(
                sql: "UPDATE lineage_events SET holder = ?, held_until = ? WHERE number = ?")
            return try rows.map { row in
                let entry = LineageEntry(
                    number: row["number"], job: row["job"], event: row["event"], createdAt: row["created_at"],
                    attempts: row["attempts"])
                try take.execute(arguments: [holder, now + hold, entry.number])
                return entry
            }
        }
    }

    /// Forgets an event that was sent, or that is given up.
    ///
    /// One that another holder has taken over stays with it.
    public func forgetLineage(_ number: Int64, holder: String) throws(LedgerError) {
        try write { db in
            try db.cachedStatement(sql: "DELETE FROM lineage_events WHERE number = ? AND holder = ?")
                .execute(arguments: [number, holder])
        }
    }

    /// Lets an event wait until a time, after an attempt that failed.
    public func postponeLineage(_ number: Int64, holder: String, until next: Int64) throws(LedgerError) {
        try write { db in
            try db.cachedStatement(
                sql: """
                    UPDATE lineage_events SET attempts = attempts + 1, next_at = ?, holder = NULL, held_until = NULL
                    WHERE number = ? AND holder = ?
                    """
            ).execute(arguments: [next, number, holder])
        }
    }

    /// Forgets events that were made before a time, at most `limit`; the answer is how many.
    public func dropLineage(before time: Int64, limit: Int) throws(LedgerError) -> Int {
        try write { db in
            try db.execute(
                sql: """
                    DELETE FROM lineage_events WHERE number IN
                        (SELECT number FROM lineage_events WHERE created_at < ? ORDER BY created_at LIMIT ?)
                    """, arguments: [time, limit])
            return db.changesCount
        }
    }

    /// How many events wait.
    public func lineageCount() throws(LedgerError) -> Int {
        try read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM lineage_events") ?? 0 }
    }
}
