/// What alerts are kept of together: an asset and the suite that judges it.
public struct AlertSubject: Sendable, Hashable, Comparable {
    /// An asset's name, or `pipeline` and a pipeline's name.
    public let asset: String
    /// Empty for what is said of a pipeline.
    public let suite: String

    public init(asset: String, suite: String) {
        self.asset = asset
        self.suite = suite
    }

    /// By what alerts know a pipeline.
    public static func pipeline(_ name: String) -> AlertSubject { AlertSubject(asset: prefix + name, suite: "") }

    /// The name of the pipeline that it is; `nil` for a validation.
    public var pipeline: String? {
        suite.isEmpty && asset.hasPrefix(Self.prefix) ? String(asset.dropFirst(Self.prefix.count)) : nil
    }

    private static let prefix = "pipeline "

    public static func < (left: AlertSubject, right: AlertSubject) -> Bool {
        left.asset == right.asset ? left.suite < right.suite : left.asset < right.asset
    }
}

/// How often something was written of a subject's alerts: two readings with the same number are the same.
public struct SubjectRevision: Sendable, Hashable {
    public let subject: AlertSubject
    public let revision: Int

    public init(subject: AlertSubject, revision: Int) {
        self.subject = subject
        self.revision = revision
    }
}

/// All that is remembered of a subject's alerts: what one step of the machine reads and writes.
public struct SubjectRecord: Sendable, Hashable {
    public let subject: AlertSubject
    /// How many runs it was judged by; counts go on for ever, so that incidents and changes can be told apart whatever the clock does.
    public var ordinal: Int
    /// When the latest run began by its own clock, and when its verdicts were taken: microseconds since 1970-01-01T00:00:00Z.
    public var latestStart: Int64
    public var latestTaking: Int64
    /// Names of the routes that the latest run's policy asked to tell.
    public var routes: [String]
    /// By key; what is in order and known to nobody has no record.
    public var alerts: [String: AlertRecord]
    /// The incident that is open, or is over without everybody having been told.
    public var incident: IncidentRecord?

    public init(
        subject: AlertSubject, ordinal: Int = 0, latestStart: Int64 = 0, latestTaking: Int64 = 0, routes: [String] = [],
        alerts: [String: AlertRecord] = [:], incident: IncidentRecord? = nil
    ) {
        self.subject = subject
        self.ordinal = ordinal
        self.latestStart = latestStart
        self.latestTaking = latestTaking
        self.routes = routes
        self.alerts = alerts
        self.incident = incident
    }

    /// The alerts in the order of their suite.
    public var orderedAlerts: [AlertRecord] {
        alerts.values.sorted { ($0.position, $0.key) < ($1.position, $1.key) }
    }
}

/// What somebody said of an alert or incident: that they are on it, or that they don't want to hear of it for a while.
public struct AlertMark: Sendable, Hashable {
    public let actor: String
    /// Microseconds since 1970-01-01T00:00:00Z.
    public let at: Int64
    /// When it ends; `nil` for when all is over.
    public let until: Int64?
    public let note: String?

    public init(actor: String, at: Int64, until: Int64? = nil, note: String? = nil) {
        self.actor = actor
        self.at = at
        self.until = until
        self.note = note
    }

    public func holds(at now: Int64) -> Bool { until.map { now < $0 } ?? true }
}
