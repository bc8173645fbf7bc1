import Ledger

@testable import Alerts

/// What the ledger remembers of alerts, in memory.
final class MemoryAlertStore: AlertStore {
    private(set) var subjects: [AlertSubject: SubjectRecord] = [:]
    private(set) var incidents: [String: IncidentRecord] = [:]
    private(set) var events: [AlertEvent] = []
    private(set) var entries: [OutboxEntry] = []
    private var runs: Set<String> = []
    private var revisions: [AlertSubject: Int] = [:]
    /// How often all of a subject was read.
    private(set) var readings = 0
    var declarations: [Declaration: Int64] = [:]

    func alertSubject(_ subject: AlertSubject) -> SubjectRecord? {
        readings += 1
        return subjects[subject]
    }

    func alertsHaveTaken(_ run: String, of subject: AlertSubject) -> Bool {
        runs.contains("\(subject.asset)/\(subject.suite)/\(run)")
    }

    func saveAlerts(_ record: SubjectRecord, replacing old: SubjectRecord?, run: String?) {
        guard record != old || run != nil else { return }
        revisions[record.subject, default: 0] += 1
        if let run { runs.insert("\(record.subject.asset)/\(record.subject.suite)/\(run)") }
        if let incident = record.incident { incidents[incident.id] = incident }
        var kept = record
        if kept.incident?.isSettled == true { kept.incident = nil }
        subjects[record.subject] = kept
    }

    func append(_ event: AlertEvent) { events.append(event) }

    func enqueue(_ entry: OutboxEntry) { entries.append(entry) }

    func receivers(of route: String, incident: String) -> Set<String> {
        Set(entries.filter { $0.incident == incident && $0.route == route }.map(\.channel))
    }

    func rename(route: String, to name: String, incident: String) {
        entries = entries.map { entry in
            guard entry.incident == incident, entry.route == route else { return entry }
            return OutboxEntry(
                id: entry.id, route: name, channel: entry.channel, channelName: entry.channelName, incident: incident,
                sequence: entry.sequence, message: entry.message, createdAt: entry.createdAt)
        }
    }

    /// Messages that were given up, by their ids.
    var dead: Set<String> = []

    func routes(unreachedOfIncident id: String) -> Set<String> {
        let entries = entries.filter { $0.incident == id }
        return Set(entries.map(\.route)).subtracting(entries.filter { !dead.contains($0.id) }.map(\.route))
    }

    func unsettledAlertRevisions() -> [SubjectRevision] {
        unsettledAlertSubjects().map { SubjectRevision(subject: $0.subject, revision: revisions[$0.subject] ?? 0) }
    }

    func unsettledAlertSubjects() -> [SubjectRecord] {
        subjects.values.filter { $0.incident != nil }.sorted {
            let (left, right) = ($0.incident?.openedAt ?? 0, $1.incident?.openedAt ?? 0)
            return left == right ? $0.subject < $1.subject : left < right
        }
    }

    func unsettledAlertSubjects(ofAsset asset: String) -> [SubjectRecord] {
        unsettledAlertSubjects().filter { $0.subject.asset == asset }
    }

    func incidents(withPrefix prefix: String) -> [IncidentRecord] {
        incidents.values.filter { $0.id.hasPrefix(prefix) }.sorted { $0.id < $1.id }
    }

    func closing(ofIncident id: String) -> Int64? { incidents[id]?.closedAt }

    func isDeclared(_ thing: Declaration, at now: Int64) -> Bool {
        declarations[thing].map { $0 >= now - Declaration.lifetime } ?? false
    }

    func assets(mutedBy incident: String) -> [String] {
        subjects.values.filter { $0.alerts.values.contains { $0.mutedBy == incident && $0.phase == .firing } }
            .map(\.subject.asset).sorted()
    }
}
