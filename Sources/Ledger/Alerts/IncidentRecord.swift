public import Expectations

/// What broke together on one subject, from the first alert until all are over.
///
/// Times are microseconds since 1970-01-01T00:00:00Z.
public struct IncidentRecord: Sendable, Hashable {
    /// The messages of an incident to one route.
    public struct Thread: Sendable, Hashable {
        /// By what receivers know it; the same from its first message to its last.
        public let key: String
        /// The headline of its first message; `nil` where that isn't known.
        public let opening: String?
        /// The number of the latest message, from 1.
        public var sequence: Int
        public var toldAt: Int64
        /// Since when something fails that the route was told of.
        public var since: Int64
        /// Whether one of its messages has named assets that follow from the incident.
        public var namesFollowers: Bool

        public init(
            key: String, opening: String? = nil, sequence: Int, toldAt: Int64, since: Int64,
            namesFollowers: Bool = false
        ) {
            self.key = key
            self.opening = opening
            self.sequence = sequence
            self.toldAt = toldAt
            self.since = since
            self.namesFollowers = namesFollowers
        }
    }

    /// 32 hexadecimal digits.
    public let id: String
    public let subject: AlertSubject
    public let openedAt: Int64
    /// When all of it was over; `nil` while it is not.
    public var closedAt: Int64?
    /// The worst of what fails; where all is over, of what failed last.
    public var severity: Severity
    /// Everybody who is to know has been told that it is over.
    public var isSettled: Bool
    /// That somebody is on all that fails.
    public var acknowledgement: AlertMark?
    public var snooze: AlertMark?
    /// By route.
    public var threads: [String: Thread]

    public init(
        id: String, subject: AlertSubject, openedAt: Int64, closedAt: Int64? = nil, severity: Severity,
        isSettled: Bool = false, acknowledgement: AlertMark? = nil, snooze: AlertMark? = nil,
        threads: [String: Thread] = [:]
    ) {
        self.id = id
        self.subject = subject
        self.openedAt = openedAt
        self.closedAt = closedAt
        self.severity = severity
        self.isSettled = isSettled
        self.acknowledgement = acknowledgement
        self.snooze = snooze
        self.threads = threads
    }

    public var isOpen: Bool { closedAt == nil }
}
