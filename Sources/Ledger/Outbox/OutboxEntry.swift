/// A message that must reach one receiver of a route: a channel, or one recipient of its mails.
///
/// It is stored with what caused it, in one transaction, and leaves the outbox when its receiver has taken it or when it is given up.
public struct OutboxEntry: Sendable, Hashable {
    /// Unique: the message's id, `/`, and the receiver's key.
    ///
    /// Receivers tell repetitions by it.
    public let id: String
    /// The route's name.
    ///
    /// Addresses and keys are never stored: they are taken from the configuration when the message is sent.
    public let route: String
    /// The receiver's key, the same wherever the route has it; no address.
    public let channel: String
    /// What kind of channel it was when the message was written, such as `slack`.
    public let channelName: String
    public let incident: String
    /// The message's number among those of the incident to this route: a later one never overtakes an earlier one.
    public let sequence: Int
    /// The message as JSON.
    public let message: String
    /// Microseconds since 1970-01-01T00:00:00Z.
    public let createdAt: Int64

    public init(
        id: String, route: String, channel: String, channelName: String, incident: String, sequence: Int,
        message: String,
        createdAt: Int64
    ) {
        self.id = id
        self.route = route
        self.channel = channel
        self.channelName = channelName
        self.incident = incident
        self.sequence = sequence
        self.message = message
        self.createdAt = createdAt
    }
}
