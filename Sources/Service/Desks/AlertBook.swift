public import Expectations
public import Reports

/// What the server asks of whoever keeps alerts; calls may block.
///
/// What it tells is of the ledger's tables, and of the maintenance windows that are open.
/// Calls that change something return what has become of the incident, or `nil` where there is none of that id. Other
/// refusals are `DeskRefusal`s.
public protocol AlertBook: Sendable {
    /// Those that are not over: what nobody has taken on first, the most severe of it, and the newest of that.
    func openIncidents(asset: String?, limit: Int) throws -> [IncidentEntry]
    /// How many those are, by severity.
    func openIncidentCounts() throws -> [Severity: Int]
    /// Alerts of an incident, the worst first, behind the first so many; `nil` where there is no such incident.
    func alerts(ofIncident id: String, after count: Int, limit: Int) throws -> [IncidentEntry.Alert]?
    /// What happened, newest first; of one incident where it is named.
    func events(incident: String?, limit: Int) throws -> [AlertEventEntry]
    func acknowledge(
        _ target: AlertTarget, until: Int64?, by actor: String, note: String?, at now: Int64
    ) throws -> IncidentEntry?
    func snooze(
        _ target: AlertTarget, until: Int64, by actor: String, note: String?, at now: Int64
    ) throws -> IncidentEntry?
    func unsnooze(_ target: AlertTarget, by actor: String, note: String?, at now: Int64) throws -> IncidentEntry?
}

/// What people speak of: an incident, or one of its alerts.
public struct AlertTarget: Sendable, Hashable {
    public let incident: String
    /// The alert's key, or as much of its beginning as no other shares; `nil` for the whole incident.
    public let alert: String?

    public init(incident: String, alert: String? = nil) {
        self.incident = incident
        self.alert = alert
    }
}

/// What the server asks of whoever sends messages; calls may block.
public protocol OutboxBook: Sendable {
    func standing() throws -> OutboxStanding
    /// Messages that are not tried any more, newest first.
    func deadLetters(limit: Int) throws -> [DeadLetterEntry]
    /// Has dead letters tried again: all that aren't superseded, or one; how many there were.
    func retry(_ id: String?, at now: Int64) throws -> Int
}

/// What waits to be sent.
public struct OutboxStanding: Sendable, Equatable {
    public let waiting: Int
    public let dead: Int
    /// When the oldest that waits was made: microseconds since 1970-01-01T00:00:00Z; `nil` where nothing waits.
    public let oldestAt: Int64?

    public init(waiting: Int, dead: Int, oldestAt: Int64?) {
        self.waiting = waiting
        self.dead = dead
        self.oldestAt = oldestAt
    }
}

/// Why a desk doesn't do what it is asked.
public struct DeskRefusal: Error, Sendable, Equatable {
    public enum Kind: Sendable { case notFound, conflict, invalid, unavailable }

    public let kind: Kind
    /// Stable, in kebab-case.
    public let code: String
    public let message: String
    public let hint: String?

    public init(_ kind: Kind, code: String, message: String, hint: String? = nil) {
        self.kind = kind
        self.code = code
        self.message = message
        self.hint = hint
    }
}
