import GRDB

extension LedgerTransaction {
    /// Puts a message into the outbox, due at once; who delivers in this process hears of it when the transaction is committed.
    ///
    /// An id that is there already is our own mistake, and undoes the transaction.
    public func enqueue(_ entry: OutboxEntry) throws {
        db.afterNextTransaction { [news] _ in news.tell() }
        try db.cachedStatement(
            sql: """
                INSERT INTO outbox (id, route, channel, channel_name, incident, sequence, message, created_at, waiting_since,
                    next_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            entry.id, entry.route, entry.channel, entry.channelName, entry.incident, entry.sequence, entry.message,
            entry.createdAt, entry.createdAt, entry.createdAt,
        ])
    }
}
