import Expectations
import Ledger

/// An open incident upstream, for which others need not be told.
struct AlertCause: Sendable, Hashable {
    let incident: String
    let asset: String
    /// The worst of what fails there.
    let severity: Severity
    /// The routes that know of it.
    let routes: Set<String>
    let isAcknowledged: Bool

    /// `nil` where nothing is open.
    init?(_ record: SubjectRecord, at now: Int64) {
        guard let incident = record.incident, incident.isOpen else { return nil }
        let failing = record.alerts.values.filter { $0.phase == .firing || $0.isFlapping }
        guard let severity = failing.map(\.severity).max() else { return nil }
        self.incident = incident.id
        asset = record.subject.asset
        self.severity = severity
        routes = failing.reduce(into: []) { $0.formUnion($1.tellings.keys) }
        isAcknowledged = incident.acknowledgement?.holds(at: now) ?? false
    }

    /// Whether a route need not be told of an alert: the cause is no less loud, and the route knows of it or somebody is on it.
    ///
    /// So never are both silent.
    func mutes(_ alert: AlertRecord, for route: String) -> Bool {
        severity >= alert.severity && (isAcknowledged || routes.contains(route))
    }
}

/// What a step must know of other subjects; asked only where something fails.
protocol AlertSurroundings {
    /// Open incidents of all that the subject's asset follows from, nearest first.
    func causes(of asset: String, at now: Int64) throws -> [AlertCause]
    /// Whether any asset follows from this one.
    func hasFollowers(_ asset: String) -> Bool
    /// When an incident was over; `nil` where it is open, or unknown.
    func closing(ofIncident id: String) throws -> Int64?
    /// Assets some of whose alerts an incident mutes.
    func assets(mutedBy incident: String) throws -> [String]
}
