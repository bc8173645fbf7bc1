import GRDB

extension LedgerTransaction {
    /// Routes that could be delivered nothing of an incident: all that was sent to them is given up.
    ///
    /// What is superseded came with a later message.
    public func routes(unreachedOfIncident id: String) throws -> Set<String> {
        try String.fetchSet(
            db.cachedStatement(
                sql: """
                    SELECT route FROM outbox WHERE incident = ?
                    GROUP BY route HAVING min(state = 2 AND superseded = 0) = 1
                    """), arguments: [id])
    }

    /// Keys of those whom a route was sent messages of an incident.
    public func receivers(of route: String, incident: String) throws -> Set<String> {
        try String.fetchSet(
            db.cachedStatement(sql: "SELECT channel FROM outbox WHERE incident = ? AND route = ?"),
            arguments: [incident, route])
    }

    /// Has a route's messages of an incident be those of another one, also those that were delivered.
    public func rename(route: String, to name: String, incident: String) throws {
        try db.execute(
            sql: "UPDATE outbox SET route = ? WHERE incident = ? AND route = ?", arguments: [name, incident, route])
    }

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
