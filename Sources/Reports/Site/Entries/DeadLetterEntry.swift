/// A message that couldn't be delivered; without addresses and keys.
public struct DeadLetterEntry: Sendable, Equatable {
    public let id: String
    public let route: String
    public let channel: String
    public let incident: String
    /// Microseconds since 1970-01-01T00:00:00Z.
    public let createdAt: Int64
    public let diedAt: Int64
    public let attempts: Int
    /// The receiver's words, or why there were none.
    public let reason: String
    /// The receiver has had a later message of the incident: it isn't sent again.
    public let isSuperseded: Bool

    public init(
        id: String, route: String, channel: String, incident: String, createdAt: Int64, diedAt: Int64, attempts: Int,
        reason: String, isSuperseded: Bool = false
    ) {
        self.id = id
        self.route = route
        self.channel = channel
        self.incident = incident
        self.createdAt = createdAt
        self.diedAt = diedAt
        self.attempts = attempts
        self.reason = reason
        self.isSuperseded = isSuperseded
    }
}
