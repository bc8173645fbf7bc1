public import Expectations

/// An incident as pages and programs see it: what broke together on one asset.
public struct IncidentEntry: Sendable, Equatable {
    /// How it stands, in the words of pages.
    public enum State: String, Sendable, CaseIterable {
        case open, acknowledged, snoozed, flapping, muted, resolved
    }

    public let id: String
    public let asset: String
    public let suite: String
    public let severity: Severity
    public let state: State
    /// Microseconds since 1970-01-01T00:00:00Z.
    public let since: Int64
    public let resolvedAt: Int64?
    public let snoozedUntil: Int64?
    /// Who acknowledged it.
    public let acknowledgedBy: String?
    /// The window in which nothing is told of its asset; `nil` where none is open.
    public let maintenance: Maintenance?
    /// The incident upstream that some of it follows from.
    public let cause: Cause?
    /// What failed, the worst first; no more than `alertLimit`.
    public let alerts: [Alert]
    /// How many alerts there are.
    public let alertCount: Int

    /// How many alerts of an incident lists have.
    public static let alertLimit = 20

    public struct Maintenance: Sendable, Equatable {
        /// Microseconds since 1970-01-01T00:00:00Z.
        public let until: Int64
        public let reason: String?

        public init(until: Int64, reason: String?) {
            self.until = until
            self.reason = reason
        }
    }

    public struct Cause: Sendable, Equatable {
        public let incident: String
        /// The asset that it is of; `nil` where that isn't known any more.
        public let asset: String?

        public init(incident: String, asset: String?) {
            self.incident = incident
            self.asset = asset
        }
    }

    public struct Alert: Sendable, Equatable {
        /// The expectation's fingerprint; `run` for data that couldn't be read.
        public let key: String
        public let type: String
        public let columns: [String]
        public let severity: Severity
        /// The latest result, without values of rows.
        public let sentence: String
        /// Microseconds since 1970-01-01T00:00:00Z.
        public let since: Int64
        /// Runs in a row that failed.
        public let failures: Int
        public let isFiring: Bool

        public init(
            key: String, type: String, columns: [String], severity: Severity, sentence: String, since: Int64,
            failures: Int, isFiring: Bool
        ) {
            self.key = key
            self.type = type
            self.columns = columns
            self.severity = severity
            self.sentence = sentence
            self.since = since
            self.failures = failures
            self.isFiring = isFiring
        }
    }

    public init(
        id: String, asset: String, suite: String, severity: Severity, state: State, since: Int64,
        resolvedAt: Int64? = nil, snoozedUntil: Int64? = nil, acknowledgedBy: String? = nil,
        maintenance: Maintenance? = nil, cause: Cause? = nil, alerts: [Alert], alertCount: Int
    ) {
        self.id = id
        self.asset = asset
        self.suite = suite
        self.severity = severity
        self.state = state
        self.since = since
        self.resolvedAt = resolvedAt
        self.snoozedUntil = snoozedUntil
        self.acknowledgedBy = acknowledgedBy
        self.maintenance = maintenance
        self.cause = cause
        self.alerts = alerts
        self.alertCount = alertCount
    }
}

/// Something that happened to an incident.
public struct AlertEventEntry: Sendable, Equatable {
    /// Microseconds since 1970-01-01T00:00:00Z.
    public let at: Int64
    public let incident: String
    public let asset: String
    public let suite: String
    /// A word, as in `firing`, `resolved`, `acknowledged`.
    public let kind: String
    /// A sentence for people.
    public let text: String
    /// Who did it; `nil` where it was a run, or the clock.
    public let actor: String?

    public init(
        at: Int64, incident: String, asset: String, suite: String, kind: String, text: String, actor: String?
    ) {
        self.at = at
        self.incident = incident
        self.asset = asset
        self.suite = suite
        self.kind = kind
        self.text = text
        self.actor = actor
    }
}
