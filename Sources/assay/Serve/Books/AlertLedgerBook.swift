import Alerts
import Expectations
import Ledger
import Reports
import Schedules
import Service
import Tables

/// What pages and programs see of alerts, and what people do with them there.
struct AlertLedgerBook: AlertBook {
    let ledger: Ledger
    /// As the project is now.
    let desk: @Sendable () -> AlertDesk
    let maintenance: @Sendable () -> [MaintenanceWindow]
    let clock: @Sendable () -> Int64

    func openIncidents(asset: String?, limit: Int) throws -> [IncidentEntry] {
        try ledger.incidentListings(ofAsset: asset, limit: limit, alerts: IncidentEntry.alertLimit).map(entry)
    }

    func openIncidentCounts() throws -> [Severity: Int] { try ledger.unsettledIncidentCounts() }

    func alerts(ofIncident id: String, after count: Int, limit: Int) throws -> [IncidentEntry.Alert]? {
        try ledger.alerts(ofIncident: id, after: count, limit: limit)?.map(Self.alert)
    }

    func events(incident: String?, limit: Int) throws -> [AlertEventEntry] {
        let events = try ledger.alertEvents(ofIncident: incident, limit: limit)
        return zip(events, try ledger.deliveries(of: events)).compactMap { event, deliveries in
            guard let id = event.incident else { return nil }
            return AlertEventEntry(
                at: event.at, incident: id, asset: event.subject.asset, suite: event.subject.suite,
                kind: event.kind.rawValue, text: Self.text(event, deliveries), actor: event.actor)
        }
    }

    func acknowledge(
        _ target: AlertTarget, until: Int64?, by actor: String, note: String?, at now: Int64
    ) throws -> IncidentEntry? {
        try change(target) { desk, meant, transaction in
            try desk.acknowledge(meant, by: actor, until: until, note: note, at: now, in: transaction)
        }
    }

    func snooze(
        _ target: AlertTarget, until: Int64, by actor: String, note: String?, at now: Int64
    ) throws -> IncidentEntry? {
        try change(target) { desk, meant, transaction in
            try desk.snooze(meant, by: actor, until: until, note: note, at: now, in: transaction)
        }
    }

    func unsnooze(_ target: AlertTarget, by actor: String, note: String?, at now: Int64) throws -> IncidentEntry? {
        try change(target) { desk, meant, transaction in
            try desk.unsnooze(meant, by: actor, note: note, at: now, in: transaction)
        }
    }

    private func change(
        _ target: AlertTarget, _ body: (AlertDesk, AlertDesk.Target, LedgerTransaction) throws -> [AlertMessage]
    ) throws -> IncidentEntry? {
        let (desk, incident) = (desk(), target.incident)
        let meant: AlertDesk.Target = target.alert.map { .alert(incident, key: $0) } ?? .incident(incident)
        do {
            try ledger.transaction { transaction in _ = try body(desk, meant, transaction) }
        } catch let error as AlertError {
            if error.code == "unknown-incident" { return nil }
            let kind: DeskRefusal.Kind =
                switch error.code {
                case "bad-time": .invalid
                case "unknown-alert": .notFound
                default: .conflict
                }
            throw DeskRefusal(kind, code: error.code, message: error.message, hint: error.hint)
        }
        guard let found = try ledger.incidents(withPrefix: incident).first else { return nil }
        return try ledger.incidentListing(found.id, alerts: IncidentEntry.alertLimit).map(entry)
    }

    private func entry(_ listing: IncidentListing) -> IncidentEntry {
        let incident = listing.incident
        let now = clock()
        let window = maintenance().open(for: incident.subject.asset, at: now)
        return IncidentEntry(
            id: incident.id, asset: incident.subject.asset, suite: incident.subject.suite, severity: incident.severity,
            state: Self.state(listing), since: incident.openedAt, resolvedAt: incident.closedAt,
            snoozedUntil: incident.snooze?.until, acknowledgedBy: incident.acknowledgement?.actor,
            maintenance: window.map { .init(until: $0.end, reason: $0.reason) },
            cause: listing.cause.map { .init(incident: $0.incident, asset: $0.asset) },
            alerts: listing.alerts.map(Self.alert), alertCount: listing.alertCount)
    }

    private static func state(_ listing: IncidentListing) -> IncidentEntry.State {
        if !listing.incident.isOpen { return .resolved }
        if listing.incident.snooze != nil { return .snoozed }
        if listing.incident.acknowledgement != nil { return .acknowledged }
        if listing.isMuted { return .muted }
        return listing.isFlapping ? .flapping : .open
    }

    private static func alert(_ alert: AlertRecord) -> IncidentEntry.Alert {
        IncidentEntry.Alert(
            key: alert.key, type: alert.type, columns: alert.columns, severity: alert.severity,
            sentence: alert.sentence, since: alert.since, failures: alert.failures, isFiring: alert.phase == .firing)
    }

    /// As in `told data-team: firing, message 1; delivered`.
    private static func text(_ event: AlertEvent, _ deliveries: [MessageDelivery]) -> String {
        let route = event.route.map { " \($0)" } ?? ""
        let note = event.note.map { ": \($0)" } ?? ""
        let word = event.kind.rawValue.split(separator: "-").joined(separator: " ")
        let fate = AlertWording.deliveries(deliveries).map { "; \($0)" } ?? ""
        return "\(word)\(route)\(note)\(fate)"
    }
}
