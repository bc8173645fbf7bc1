import GRDB

extension Ledger {
    /// The channels that have a message which could be sent now.
    public func outboxChannels(dueAt now: Int64) throws(LedgerError) -> [OutboxChannel] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT DISTINCT route, channel, channel_name FROM outbox
                    WHERE state = 0 AND next_at <= ?1 AND (held_until IS NULL OR held_until <= ?1)
                        AND NOT EXISTS (
                            SELECT 1 FROM outbox_pauses AS pause
                            WHERE pause.route = outbox.route AND pause.channel = outbox.channel AND until > ?1)
                    ORDER BY route, channel, channel_name
                    """,
                arguments: [now]
            ).map { OutboxChannel(route: $0["route"], channel: $0["channel"], name: $0["channel_name"]) }
        }
    }

    /// Takes the oldest message of a channel that may be sent now; `nil` where there is none, or the pace allows none.
    ///
    /// Of an incident's messages only the first that is neither delivered nor dead may be sent. The message is the holder's until
    /// `until`, after which anybody may take it: what a killed process was sending is then sent again, under the same id.
    ///
    /// The store is only written to where there is one, and whatever must be passed over was passed over before that.
    public func claimFromOutbox(
        _ channel: OutboxChannel, pace: OutboxPace?, holder: String, at now: Int64, until: Int64
    ) throws(LedgerError) -> OutboxClaim? {
        let first = try read { db in
            try Self.next(of: channel, from: .first, at: now, db).map(OutboxPlace.init)
        }
        guard let first else { return nil }
        // Whoever loses a claim to a power cut doesn't send any more.
        return try writeFleetingly { db in
            if let pace, try Self.isSpent(pace, of: channel, at: now, db) { return nil }
            // Somebody may have taken it meanwhile, and what comes before it is left to the next look.
            guard let row = try Self.next(of: channel, from: first, at: now, db) else { return nil }
            try db.execute(
                sql: "UPDATE outbox SET holder = ?, held_until = ? WHERE number = ?",
                arguments: [holder, until, row["number"] as Int64])
            return OutboxClaim(
                entry: OutboxEntry(row), attempts: row["attempts"], waited: row["waited"], holder: holder)
        }
    }

    /// Microseconds for which it is remembered that a message was delivered, for the paces: thirty days.
    private static let memory: Int64 = 30 * 86_400_000_000

    /// The receiver has it: whoever holds it now, it is not to be sent again.
    ///
    /// Its words aren't needed any more; nor is what was delivered long ago. If the message `supersedes` what came before it in its incident,
    /// that is not to be sent any more where it didn't reach the receiver.
    public func settleDelivered(
        _ claim: OutboxClaim, supersedes: Bool = true, at now: Int64
    ) throws(LedgerError) {
        try write { db in
            try db.execute(
                sql: """
                    UPDATE outbox SET state = 1, attempts = attempts + 1, holder = NULL, held_until = NULL, message = '',
                        settled_at = ?, error_code = NULL, error_message = NULL WHERE id = ?
                    """,
                arguments: [now, claim.entry.id])
            if supersedes { try Self.supersede(before: claim.entry, at: now, db) }
            let (start, isBeyond) = now.subtractingReportingOverflow(Self.memory)
            guard !isBeyond else { return }
            try db.execute(sql: "DELETE FROM outbox WHERE state = 1 AND settled_at < ?", arguments: [start])
        }
    }

    private static func supersede(before entry: OutboxEntry, at now: Int64, _ db: Database) throws {
        try db.execute(
            sql: """
                UPDATE outbox SET state = 2, superseded = 1, settled_at = coalesce(settled_at, ?1)
                WHERE state <> 1 AND incident = ?2 AND route = ?3 AND channel = ?4 AND sequence < ?5
                    AND (held_until IS NULL OR held_until <= ?1)
                """,
            arguments: [now, entry.incident, entry.route, entry.channel, entry.sequence])
    }

    /// An attempt failed and there will be another one after so many microseconds, unless the claim has passed to someone else.
    ///
    /// The pause counts as waited, also for the messages of the incident that come after this one. With `wholeChannel` nothing is
    /// sent to the channel as long, also of what is written meanwhile: its receiver asked for that.
    public func postpone(
        _ claim: OutboxClaim, at now: Int64, for pause: Int64, because code: String, _ message: String,
        wholeChannel: Bool = false
    ) throws(LedgerError) {
        let (entry, next) = (claim.entry, Self.time(now, pause))
        try write { db in
            try db.execute(
                sql: """
                    UPDATE outbox SET attempts = attempts + 1, next_at = ?, holder = NULL, held_until = NULL,
                        error_code = ?, error_message = ? WHERE id = ? AND state = 0 AND holder = ?
                    """,
                arguments: [next, code, StoredText.fit(message), entry.id, claim.holder])
            guard db.changesCount == 1 else { return }
            try db.execute(
                sql: """
                    UPDATE outbox SET waited = waited + ? WHERE state = 0 AND route = ? AND channel = ? AND incident = ?
                    """,
                arguments: [pause, entry.route, entry.channel, entry.incident])
            guard wholeChannel else { return }
            try db.execute(
                sql: """
                    INSERT INTO outbox_pauses (route, channel, until) VALUES (?1, ?2, ?3)
                    ON CONFLICT DO UPDATE SET until = max(until, ?3)
                    """,
                arguments: [entry.route, entry.channel, next])
            try db.execute(sql: "DELETE FROM outbox_pauses WHERE until <= ?", arguments: [now])
        }
    }

    /// The holder goes on with what it claimed, until another time; nothing where the claim has passed to someone else.
    public func renew(_ claim: OutboxClaim, until: Int64) throws(LedgerError) {
        try writeFleetingly { db in
            try db.execute(
                sql: "UPDATE outbox SET held_until = ? WHERE id = ? AND state = 0 AND holder = ?",
                arguments: [until, claim.entry.id, claim.holder])
        }
    }

    /// The message was not sent after all, and is free again; it doesn't count as an attempt.
    public func release(_ claim: OutboxClaim) throws(LedgerError) {
        try write { db in
            try db.execute(
                sql: """
                    UPDATE outbox SET holder = NULL, held_until = NULL WHERE id = ? AND state = 0 AND holder = ?
                    """,
                arguments: [claim.entry.id, claim.holder])
        }
    }

    static let usedOfPace = """
        SELECT (SELECT count(*) FROM outbox
                WHERE state = 1 AND route = ?1 AND channel = ?2 AND settled_at > ?3 AND settled_at <= ?5)
            + (SELECT count(*) FROM outbox WHERE state = 0 AND route = ?1 AND channel = ?2 AND held_until > ?4)
        """

    /// Whether the pace's messages are used up by what was delivered in its period and by what is being sent.
    ///
    /// What was delivered ahead of the clock was so before the clock was set back, and doesn't count.
    private static func isSpent(
        _ pace: OutboxPace, of channel: OutboxChannel, at now: Int64, _ db: Database
    ) throws -> Bool {
        let (start, isBeyond) = now.subtractingReportingOverflow(pace.period)
        let used = try Int.fetchOne(
            db, sql: usedOfPace,
            arguments: [
                channel.route, channel.channel, isBeyond ? .min : start, now, time(now, clockTolerance),
            ])
        return (used ?? 0) >= pace.count
    }

    static let nextMessage = """
        SELECT * FROM outbox AS entry
        WHERE state = 0 AND route = ?1 AND channel = ?2 AND channel_name = ?3 AND next_at <= ?4
            AND (next_at, number) >= (?5, ?6)
            AND (held_until IS NULL OR held_until <= ?4)
            AND NOT EXISTS (SELECT 1 FROM outbox_pauses WHERE route = ?1 AND channel = ?2 AND until > ?4)
            AND NOT EXISTS (
                SELECT 1 FROM outbox AS earlier
                WHERE earlier.state = 0 AND earlier.route = entry.route AND earlier.channel = entry.channel
                    AND earlier.incident = entry.incident
                    AND (earlier.sequence, earlier.number) < (entry.sequence, entry.number))
        ORDER BY next_at, number LIMIT 1
        """

    private static func next(
        of channel: OutboxChannel, from place: OutboxPlace, at now: Int64, _ db: Database
    ) throws -> Row? {
        try Row.fetchOne(
            db, sql: nextMessage,
            arguments: [channel.route, channel.channel, channel.name, now, place.nextAt, place.number])
    }
}

/// Where a message stands in its channel's queue.
private struct OutboxPlace {
    let nextAt: Int64
    let number: Int64

    static let first = OutboxPlace(nextAt: .min, number: .min)

    init(nextAt: Int64, number: Int64) {
        self.nextAt = nextAt
        self.number = number
    }

    init(_ row: Row) { self.init(nextAt: row["next_at"], number: row["number"]) }
}

extension OutboxEntry {
    init(_ row: Row) {
        self.init(
            id: row["id"], route: row["route"], channel: row["channel"], channelName: row["channel_name"],
            incident: row["incident"], sequence: row["sequence"], message: row["message"], createdAt: row["created_at"])
    }
}
