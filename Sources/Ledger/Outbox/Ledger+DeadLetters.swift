import GRDB

extension Ledger {
    /// A message is given up: nothing more is tried until somebody says so.
    public func bury(
        _ claim: OutboxClaim, at now: Int64, because code: String, _ message: String
    ) throws(LedgerError) {
        try write { db in
            try db.execute(
                sql: """
                    UPDATE outbox SET state = 2, attempts = attempts + 1, holder = NULL, held_until = NULL,
                        settled_at = ?, error_code = ?, error_message = ? WHERE id = ? AND state = 0 AND holder = ?
                    """,
                arguments: [now, code, StoredText.fit(message), claim.entry.id, claim.holder])
        }
    }

    /// Gives up the messages of a receiver that have been due since a time and that nobody is sending; which they were.
    ///
    /// For what no project has any more: nothing is tried.
    public func bury(
        _ channel: OutboxChannel, dueSince start: Int64, at now: Int64, because code: String, _ message: String
    ) throws(LedgerError) -> [OutboxEntry] {
        try write { db in
            try Row.fetchAll(
                db,
                sql: """
                    UPDATE outbox SET state = 2, holder = NULL, held_until = NULL, settled_at = ?1, error_code = ?2,
                        error_message = ?3
                    WHERE state = 0 AND route = ?4 AND channel = ?5 AND channel_name = ?6 AND next_at <= ?7
                        AND (held_until IS NULL OR held_until <= ?1)
                    RETURNING *
                    """,
                arguments: [
                    now, code, StoredText.fit(message), channel.route, channel.channel, channel.name, start,
                ]
            ).map { OutboxEntry($0) }
        }
    }

    /// What was given up, the latest first.
    public func deadLetters(limit: Int) throws(LedgerError) -> [DeadLetter] {
        try read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM outbox WHERE state = 2 ORDER BY settled_at DESC, number DESC LIMIT ?",
                arguments: [limit]
            ).map {
                DeadLetter(
                    entry: OutboxEntry($0), attempts: $0["attempts"], diedAt: $0["settled_at"],
                    errorCode: $0["error_code"] ?? "", errorMessage: $0["error_message"] ?? "",
                    isSuperseded: $0["superseded"])
            }
        }
    }

    /// Lets dead letters wait to be sent again as if they had just been written, all of them or those with an id.
    ///
    /// Superseded ones stay dead: their receiver knows what came after them.
    public func revive(_ ids: [String]?, at now: Int64) throws(LedgerError) -> RevivedLetters {
        let revived = try write { db in
            let fresh = """
                UPDATE outbox SET state = 0, attempts = 0, waited = 0, next_at = ?1, waiting_since = ?1, settled_at = NULL
                WHERE state = 2 AND superseded = 0
                """
            let stale = "SELECT id FROM outbox WHERE state = 2 AND superseded = 1"
            guard let ids else {
                try db.execute(sql: fresh, arguments: [now])
                let count = db.changesCount
                return RevivedLetters(count: count, superseded: try String.fetchAll(db, sql: stale))
            }
            var revived = RevivedLetters(count: 0, superseded: [])
            for id in ids {
                try db.execute(sql: fresh + " AND id = ?2", arguments: [now, id])
                revived.count += db.changesCount
                revived.superseded += try String.fetchAll(db, sql: stale + " AND id = ?", arguments: [id])
            }
            return revived
        }
        if revived.count > 0 { news.tell() }
        return revived
    }

    /// How much waits and how much was given up.
    public func outboxCounts() throws(LedgerError) -> OutboxCounts {
        try read { db in
            OutboxCounts(
                waiting: try Int.fetchOne(db, sql: "SELECT count(*) FROM outbox WHERE state = 0") ?? 0,
                dead: try Int.fetchOne(db, sql: "SELECT count(*) FROM outbox WHERE state = 2") ?? 0,
                oldest: try Int64.fetchOne(db, sql: "SELECT min(waiting_since) FROM outbox WHERE state = 0"))
        }
    }

    /// How many dead letters may be sent again, as they aren't superseded.
    public func undeliveredCount() throws(LedgerError) -> Int {
        try read { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM outbox WHERE state = 2 AND superseded = 0") ?? 0
        }
    }

    /// Forgets what was given up before a time; how many there were.
    ///
    /// What was delivered is forgotten by itself.
    public func forgetDeadLetters(before time: Int64) throws(LedgerError) -> Int {
        try write { db in
            try db.execute(sql: "DELETE FROM outbox WHERE state = 2 AND settled_at < ?", arguments: [time])
            return db.changesCount
        }
    }
}
