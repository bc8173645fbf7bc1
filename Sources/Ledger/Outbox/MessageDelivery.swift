import GRDB

/// What became of a message at one of its route's receivers.
public struct MessageDelivery: Sendable, Hashable {
    public enum State: Sendable, Hashable, CaseIterable {
        case delivered, waiting, givenUp
    }

    /// The kind of channel, such as `slack`.
    public let channel: String
    public let state: State

    public init(channel: String, state: State) {
        self.channel = channel
        self.state = state
    }
}

extension Ledger {
    /// What became of the messages that were written as events say, each at all receivers of its route.
    ///
    /// None for other events, and for messages that are forgotten: those that were delivered a month ago.
    public func deliveries(of events: [AlertEvent]) throws(LedgerError) -> [[MessageDelivery]] {
        try read { db in
            let find = try db.cachedStatement(
                sql: """
                    SELECT channel_name, state FROM outbox WHERE incident = ? AND route = ? AND created_at = ?
                    ORDER BY number
                    """)
            return try events.map { event in
                guard event.kind == .told, let incident = event.incident, let route = event.route else { return [] }
                return try Row.fetchAll(find, arguments: [incident, route, event.at]).map { row in
                    let state: Int = row["state"]
                    return MessageDelivery(
                        channel: row["channel_name"],
                        state: state == 1 ? .delivered : state == 0 ? .waiting : .givenUp)
                }
            }
        }
    }
}
