public import Expectations

/// What is to be told of an incident to the channels of a route: the same for all kinds of channels, with counts and sentences and no
/// values of rows.
public struct AlertMessage: Sendable, Hashable {
    /// Why it is sent.
    public enum Reason: String, Sendable, Hashable, CaseIterable {
        /// Something began to fail: the incident is new, or has new failures.
        case firing
        /// Nothing new, but it still fails.
        case reminder
        /// Nothing new here, but alerts of other assets follow from it and are silent for it; once an incident, unless an earlier message said so.
        case consequences
        /// Some of the failures are over, others are not.
        case improved
        /// All of it is over.
        case resolved
        /// It changes too often to be told of each time.
        case flapping
        /// Somebody has taken it on.
        case acknowledged
        /// A message that was asked for to try the route.
        case test
    }

    /// One alert of the incident.
    public struct Item: Sendable, Hashable {
        public enum Standing: String, Sendable, Hashable, CaseIterable {
            /// It began to fail, and this is the first word of it.
            case new
            /// It was told before, and still fails.
            case still
            /// It changes too often to be told of each time, whether or not it fails just now.
            case flapping
            /// It failed, and is a success again.
            case recovered
            /// It failed, and is no longer asked.
            case removed
        }

        public let standing: Standing
        /// The expectation's fingerprint; `run` for data that couldn't be read, or not be judged.
        public let key: String
        /// The kind's name.
        public let type: String
        public let columns: [String]
        public let severity: Severity
        /// The latest result as a sentence, without values of rows.
        public let sentence: String
        /// The first sentence of this failure, where its numbers have changed since.
        public let before: String?
        /// Since when it fails, or failed: microseconds since 1970-01-01T00:00:00Z.
        public let since: Int64
        /// Runs in a row that failed, up to the latest.
        public let failures: Int
        /// Of the latest result; `nil` where nothing was counted.
        ///
        /// Elements are those that were judged, as in the sentence.
        public let unexpectedCount: Int?
        public let elementCount: Int?
        /// As the route was told last, where the counts have changed since; `nil` where it never was.
        public let unexpectedCountBefore: Int?
        public let elementCountBefore: Int?
        public init(
            standing: Standing, key: String, type: String, columns: [String], severity: Severity, sentence: String,
            before: String?, since: Int64, failures: Int, unexpectedCount: Int?, elementCount: Int?,
            unexpectedCountBefore: Int? = nil, elementCountBefore: Int? = nil
        ) {
            self.standing = standing
            self.key = key
            self.type = type
            self.columns = columns
            self.severity = severity
            self.sentence = sentence
            self.before = before
            self.since = since
            self.failures = failures
            self.unexpectedCount = unexpectedCount
            self.elementCount = elementCount
            self.unexpectedCountBefore = unexpectedCountBefore
            self.elementCountBefore = elementCountBefore
        }
    }

    /// How many alerts there are of each standing, also those that there was no room for.
    public struct Counts: Sendable, Hashable {
        public var new: Int
        public var still: Int
        public var flapping: Int
        public var recovered: Int
        public var removed: Int

        public init(new: Int = 0, still: Int = 0, flapping: Int = 0, recovered: Int = 0, removed: Int = 0) {
            self.new = new
            self.still = still
            self.flapping = flapping
            self.recovered = recovered
            self.removed = removed
        }

        public init(_ items: [Item]) {
            func count(_ standing: Item.Standing) -> Int { items.count { $0.standing == standing } }
            self.init(
                new: count(.new), still: count(.still), flapping: count(.flapping), recovered: count(.recovered),
                removed: count(.removed))
        }

        public var failing: Int { new + still }
        public var over: Int { recovered + removed }
    }

    /// Stays the same however often the message is sent: receivers tell repetitions by it.
    public let id: String
    /// The incident's id.
    public let incident: String
    /// The key by which PagerDuty and Opsgenie know the incident: another one for each route, so that two that reach the same
    /// service don't end each other's.
    public let thread: String
    /// The headline of the incident's first message to this route, by which mails make a thread; `nil` for that message itself, and where
    /// it isn't known.
    public let opening: String?
    /// Its number among the messages of the incident to this route, from 1.
    public let sequence: Int
    public let route: String
    public let reason: Reason
    public let asset: String
    public let suite: String
    /// The worst of what fails, or failed where all is over.
    public let severity: Severity
    /// Microseconds since 1970-01-01T00:00:00Z.
    public let at: Int64
    /// Since when something fails, or failed, that the route was told of: microseconds since 1970-01-01T00:00:00Z.
    public let since: Int64
    /// The run that gave the occasion, and its report's file name; `nil` where it was the clock, or a person.
    public let run: String?
    public let report: String?
    /// New ones first, then those that still fail or go back and forth, then what is over; by severity within each.
    public let items: [Item]
    /// Items that there was no room for.
    public let omitted: Int
    public let counts: Counts
    /// Names of assets whose alerts this incident mutes, as they follow from it.
    public let mutes: [String]
    /// Who acknowledged it, and their words.
    public let actor: String?
    public let note: String?

    public init(
        id: String, incident: String, thread: String, opening: String? = nil, sequence: Int, route: String,
        reason: Reason, asset: String, suite: String,
        severity: Severity, at: Int64, since: Int64, run: String?, report: String?, items: [Item], omitted: Int = 0,
        counts: Counts? = nil, mutes: [String] = [], actor: String? = nil, note: String? = nil
    ) {
        self.id = id
        self.incident = incident
        self.thread = thread
        self.opening = opening
        self.sequence = sequence
        self.route = route
        self.reason = reason
        self.asset = asset
        self.suite = suite
        self.severity = severity
        self.at = at
        self.since = since
        self.run = run
        self.report = report
        self.items = items
        self.omitted = omitted
        self.counts = counts ?? Counts(items)
        self.mutes = mutes
        self.actor = actor
        self.note = note
    }
}
