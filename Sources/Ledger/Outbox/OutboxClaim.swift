/// A message that one holder alone may send, until a time.
public struct OutboxClaim: Sendable, Hashable {
    public let entry: OutboxEntry
    /// Attempts that failed.
    public let attempts: Int
    /// The pauses after failed attempts, its own and those of the messages before it in its incident: microseconds.
    ///
    /// What nobody tried, as the service was down, isn't in it.
    public let waited: Int64
    public let holder: String
}

/// One receiver of a route, as the outbox knows it.
public struct OutboxChannel: Sendable, Hashable {
    public let route: String
    /// The receiver's key, and its kind, when the messages were written.
    public let channel: String
    public let name: String

    public init(route: String, channel: String, name: String) {
        self.route = route
        self.channel = channel
        self.name = name
    }
}

/// At most so many messages of a channel within a period.
public struct OutboxPace: Sendable, Hashable {
    public let count: Int
    /// Microseconds.
    public let period: Int64

    public init(count: Int, period: Int64) {
        self.count = count
        self.period = period
    }
}

/// A message that was given up.
public struct DeadLetter: Sendable, Hashable {
    public let entry: OutboxEntry
    public let attempts: Int
    /// Microseconds since 1970-01-01T00:00:00Z.
    public let diedAt: Int64
    /// What the last attempt came to.
    public let errorCode: String
    public let errorMessage: String
    /// The receiver has had a later message of the incident since, so that this one would tell it what is over.
    public let isSuperseded: Bool
}

/// What became of dead letters that were to be sent again.
public struct RevivedLetters: Sendable, Hashable {
    /// How many wait now.
    public internal(set) var count: Int
    /// Ids of those that stay as they are.
    public internal(set) var superseded: [String]

    public init(count: Int, superseded: [String]) {
        self.count = count
        self.superseded = superseded
    }
}

/// How much is in the outbox.
public struct OutboxCounts: Sendable, Hashable {
    public let waiting: Int
    public let dead: Int
    /// Since when the oldest one waits, microseconds since 1970; `nil` where none does.
    public let oldest: Int64?

    public init(waiting: Int, dead: Int, oldest: Int64?) {
        self.waiting = waiting
        self.dead = dead
        self.oldest = oldest
    }
}
