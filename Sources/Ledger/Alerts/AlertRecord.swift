public import Expectations

/// What is remembered of one alert: of an expectation that failed, or of something else that can break.
///
/// Times are microseconds since 1970-01-01T00:00:00Z.
public struct AlertRecord: Sendable, Hashable {
    public enum Phase: String, Sendable, Hashable, CaseIterable {
        case ok
        /// Some of the latest runs failed, not yet enough of them.
        case pending
        case firing
    }

    /// A change to firing or back.
    public struct Change: Sendable, Hashable {
        public let at: Int64
        /// The subject's `ordinal` then.
        public let ordinal: Int

        public init(at: Int64, ordinal: Int) {
            self.at = at
            self.ordinal = ordinal
        }
    }

    /// What a route was told last of the alert.
    public struct Telling: Sendable, Hashable {
        public let severity: Severity
        /// That it goes back and forth.
        public let isFlapping: Bool
        public let at: Int64
        /// The counts in the latest message that named it.
        public var counts: Counts?
        /// When the acknowledgement was made that it was told last; `nil` where it was told none.
        public var acknowledgedAt: Int64?

        public init(
            severity: Severity, isFlapping: Bool, at: Int64, counts: Counts? = nil, acknowledgedAt: Int64? = nil
        ) {
            self.severity = severity
            self.isFlapping = isFlapping
            self.at = at
            self.counts = counts
            self.acknowledgedAt = acknowledgedAt
        }
    }

    /// What is counted of a result.
    public struct Counts: Sendable, Hashable {
        public let unexpected: Int
        /// Those that were judged: none whose value is missing, unless that is what is judged.
        public let elements: Int

        public init(unexpected: Int, elements: Int) {
            self.unexpected = unexpected
            self.elements = elements
        }
    }

    /// The expectation's fingerprint, or a word that stays the same.
    public var key: String
    public var type: String
    public var columns: [String]
    /// Its place in the suite.
    public var position: Int
    /// How many of the latest run's expectations had its kind and its columns; 0 where that isn't known.
    public var kin: Int
    public var severity: Severity
    /// Of the latest failure; once it is over, of the success.
    public var sentence: String
    public var counts: Counts?
    /// Of the first failure.
    public var firstSentence: String

    public var phase: Phase
    /// It is no longer asked.
    public var isRemoved: Bool
    /// The latest runs that had something to say, one bit each, the latest lowest; set where it failed.
    public var recent: UInt128
    /// In a row, up to the latest run.
    public var failures: Int
    public var successes: Int
    /// The first failure.
    public var since: Int64
    public var firedAt: Int64?
    /// When the latest failure was taken.
    public var judgedAt: Int64
    /// The latest ones, oldest first.
    public var changes: [Change]
    public var isFlapping: Bool

    public var acknowledgement: AlertMark?
    public var snooze: AlertMark?
    /// The incident upstream for which somebody was not told of this one.
    public var mutedBy: String?
    /// By route.
    public var tellings: [String: Telling]

    public init(
        key: String, type: String, columns: [String], position: Int, severity: Severity, sentence: String,
        counts: Counts?, since: Int64
    ) {
        self.key = key
        self.type = type
        self.columns = columns
        self.position = position
        kin = 0
        self.severity = severity
        self.sentence = sentence
        self.counts = counts
        firstSentence = sentence
        phase = .ok
        isRemoved = false
        recent = 0
        failures = 0
        successes = 0
        self.since = since
        judgedAt = since
        changes = []
        isFlapping = false
        tellings = [:]
    }
}
