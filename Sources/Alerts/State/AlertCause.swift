import Expectations
import Ledger

/// An open incident upstream, for which others need not be told as long as it speaks.
///
/// An alert speaks to a route while it fails now, the route was told of it or somebody is on it, it is not snoozed, and its asset is in no
/// maintenance window. A message counts as told until all that the route was sent of the incident is given up. What goes back and forth and is a success
/// just now says nothing. An alert that begins to fail while its cause is silent is told by itself; what was muted before its cause was snoozed, or came
/// into a window, has been explained, and follows from it as long as it fails.
struct AlertCause: Sendable, Hashable {
    /// What routes know of some alerts: the worst of it.
    private struct Voice: Hashable {
        private(set) var worst: Severity?
        private(set) var told: [String: Severity] = [:]

        init(_ alerts: [AlertRecord], unheard: Set<String>) {
            for alert in alerts {
                worst = max(worst ?? alert.severity, alert.severity)
                for route in alert.tellings.keys where !unheard.contains(route) {
                    told[route] = max(told[route] ?? alert.severity, alert.severity)
                }
            }
        }
    }

    let incident: String
    let asset: String
    /// Since when nothing of it fails though it is open; `nil` where something does.
    let quietSince: Int64?
    private let isAcknowledged: Bool
    private let failing: Voice
    private let speaking: Voice

    /// `nil` where nothing is open.
    ///
    /// `unheard` are routes to which no message of the incident could be delivered.
    init?(_ record: SubjectRecord, unheard: Set<String>, isInMaintenance: Bool, at now: Int64) {
        guard let incident = record.incident, incident.isOpen else { return nil }
        let firing = record.alerts.values.filter { $0.phase == .firing }
        self.incident = incident.id
        asset = record.subject.asset
        isAcknowledged = incident.acknowledgement?.holds(at: now) ?? false
        quietSince = firing.isEmpty ? record.alerts.values.compactMap(\.changes.last?.at).max() : nil
        failing = Voice(firing, unheard: unheard)
        let isSilent = isInMaintenance || incident.snooze?.holds(at: now) ?? false
        speaking = Voice(isSilent ? [] : firing.filter { $0.speaks(at: now) }, unheard: unheard)
    }

    /// Whether a route need not be told of an alert: the cause is no less loud, and the route knows of it or somebody is on it.
    ///
    /// So never are both silent.
    func mutes(_ alert: AlertRecord, for route: String) -> Bool {
        let voice = alert.mutedBy == incident ? failing : speaking
        guard let loudness = isAcknowledged ? voice.worst : voice.told[route] else { return false }
        return loudness >= alert.severity
    }
}

extension AlertRecord {
    /// Whether it fails now and nobody has snoozed it: as a cause it explains what follows from it, and who knows of it is told what does.
    func speaks(at now: Int64) -> Bool { phase == .firing && !(snooze?.holds(at: now) ?? false) }

    /// Whether who knows of it is to be reminded: it speaks, not back and forth, and nobody is on it.
    func nags(at now: Int64) -> Bool { speaks(at: now) && !isFlapping && acknowledgement == nil }
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
    /// Keys of those whom a route was sent messages of an incident; none where another project over the store has the route.
    func receivers(of route: String, incident: String, at now: Int64) throws -> Set<String>
}
