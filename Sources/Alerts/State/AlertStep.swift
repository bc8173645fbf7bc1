import Expectations
import Ledger
import Suites
import Tables

/// One step of a subject's alerts: what is heard, what becomes of it, and whom it is told.
///
/// The record goes in as it was and is what it has become; messages and events come out. Nothing else is touched.
struct AlertStep {
    let setting: AlertSetting
    let surroundings: any AlertSurroundings
    let now: Int64
    let occasion: AlertOccasion?
    var record: SubjectRecord
    private(set) var events: [AlertEvent] = []
    var messages: [AlertMessage] = []
    /// Routes under whose new names messages that were written go on.
    var renamings: [Renaming] = []
    /// Alerts whose snooze has ended, to be told though nothing has changed.
    var awoken: Set<String> = []

    init(
        _ record: SubjectRecord, setting: AlertSetting, surroundings: any AlertSurroundings, at now: Int64,
        occasion: AlertOccasion? = nil
    ) {
        self.record = record
        self.setting = setting
        self.surroundings = surroundings
        self.now = now
        self.occasion = occasion
        forgetTheFuture()
    }

    /// Takes in what a run says of all alerts.
    mutating func hear(_ signals: [AlertSignal], policy: AlertPolicy, isComplete: Bool) {
        record.routes = policy.routes
        if isComplete { followEdits(in: signals) }
        for (position, signal) in signals.enumerated() where signal.news != .nothing {
            guard record.alerts[signal.key] != nil || signal.news == .failing else { continue }
            var alert =
                record.alerts[signal.key]
                ?? AlertRecord(
                    key: signal.key, type: signal.type, columns: signal.columns, position: position,
                    severity: signal.severity, sentence: signal.sentence, counts: signal.counts, since: now)
            let kinds =
                signal.news == .failing
                ? alert.fail(
                    signal, at: position, policy: policy, rule: setting.flapping, now: now, ordinal: record.ordinal)
                : alert.succeed(
                    signal, policy: policy, rule: setting.flapping, now: now, ordinal: record.ordinal)
            record.alerts[signal.key] = alert
            for kind in kinds { note(kind, key: signal.key, note: signal.sentence) }
        }
        guard isComplete else { return }
        removeOthers(than: Set(signals.map(\.key)))
        noteKin(in: signals)
    }

    /// The subject is no longer judged.
    mutating func hearNothingMore() { removeOthers(than: []) }

    /// Opens and closes the incident, tells everybody what they are to know, and forgets what nobody needs.
    mutating func conclude() throws {
        guard !record.alerts.isEmpty || record.incident != nil else { return }
        let isInMaintenance = setting.maintenance(record.subject.asset, now) != nil
        try followRenamings()
        endFlapping()
        endMarks(isInMaintenance: isInMaintenance)
        bringIncidentUpToDate()
        if !isInMaintenance { try tell() }
        settle()
    }

    mutating func note(
        _ kind: AlertEvent.Kind, key: String? = nil, route: String? = nil, actor: String? = nil, note: String? = nil
    ) {
        events.append(
            AlertEvent(
                kind, at: now, subject: record.subject, incident: record.incident?.id, key: key, route: route,
                actor: actor, note: note, run: occasion?.id))
    }

    private mutating func removeOthers(than keys: Set<String>) {
        for alert in record.orderedAlerts where !keys.contains(alert.key) && !alert.isRemoved {
            var removed = alert
            let kinds = removed.remove(rule: setting.flapping, now: now, ordinal: record.ordinal)
            record.alerts[alert.key] = removed
            for kind in kinds { note(kind, key: alert.key, note: alert.sentence) }
        }
    }

    /// A clock that was set back must not make anything wait until it has caught up.
    private mutating func forgetTheFuture() {
        let now = now
        for (key, alert) in record.alerts where alert.changes.contains(where: { $0.at > now }) {
            record.alerts[key]?.changes = alert.changes.map { .init(at: min($0.at, now), ordinal: $0.ordinal) }
        }
        for (route, thread) in record.incident?.threads ?? [:] where thread.toldAt > now {
            record.incident?.threads[route]?.toldAt = now
        }
    }

    private mutating func endFlapping() {
        for alert in record.orderedAlerts where alert.isFlapping {
            guard let last = alert.changes.last else { continue }
            guard setting.flapping.isQuiet(since: last, at: now, ordinal: record.ordinal) else { continue }
            record.alerts[alert.key]?.settleDown()
            note(.quiet, key: alert.key)
        }
    }

    /// In a maintenance window nobody could be told that a snooze has ended: it ends with the window.
    private mutating func endMarks(isInMaintenance: Bool) {
        for alert in record.orderedAlerts {
            if let mark = alert.acknowledgement, !mark.holds(at: now) {
                record.alerts[alert.key]?.acknowledgement = nil
                note(.acknowledgementEnded, key: alert.key)
            }
            guard let mark = alert.snooze, !mark.holds(at: now), !isInMaintenance else { continue }
            record.alerts[alert.key]?.snooze = nil
            awoken.insert(alert.key)
            note(.snoozeEnded, key: alert.key)
        }
        guard let mark = record.incident?.snooze, !mark.holds(at: now), !isInMaintenance else { return }
        record.incident?.snooze = nil
        awoken.formUnion(record.alerts.keys)
        note(.snoozeEnded)
    }

    private mutating func bringIncidentUpToDate() {
        let failing = record.alerts.values.filter { $0.phase == .firing || $0.isFlapping }
        guard let severity = failing.map(\.severity).max() else { return close() }
        open(severity)
        record.incident?.severity = severity
        if !failing.allSatisfy({ $0.acknowledgement != nil }) { record.incident?.acknowledgement = nil }
    }

    private mutating func open(_ severity: Severity) {
        if record.incident == nil {
            let subject = record.subject
            // The ordinal tells incidents apart that a clock puts at one instant.
            let name = [subject.asset, subject.suite, String(now), String(record.ordinal)].joined(separator: "\u{1F}")
            record.incident = IncidentRecord(
                id: Hash128(name).hexadecimal, subject: subject, openedAt: now, severity: severity)
            events = events.map { $0.belonging(to: record.incident?.id) }
            note(.opened)
        } else if record.incident?.isOpen == false {
            record.incident?.closedAt = nil
            note(.reopened)
        }
    }

    private mutating func close() {
        guard var incident = record.incident, incident.isOpen else { return }
        incident.closedAt = now
        incident.acknowledgement = nil
        incident.snooze = nil
        record.incident = incident
        note(.closed)
    }

    private mutating func settle() {
        for alert in record.orderedAlerts
        where alert.isForgettable(rule: setting.flapping, now: now, ordinal: record.ordinal) {
            record.alerts[alert.key] = nil
        }
        guard record.incident?.isOpen == false, record.alerts.values.allSatisfy(\.tellings.isEmpty) else { return }
        record.incident?.isSettled = true
    }
}

/// What all steps have in common: whom there is to tell, and what keeps them from being told.
struct AlertSetting: Sendable {
    let routes: [AlertRoute]
    let flapping: FlapRule
    /// Why nothing is told of an asset at a time; `nil` where there is no reason.
    let maintenance: @Sendable (String, Int64) -> String?
}

extension AlertEvent {
    fileprivate func belonging(to incident: String?) -> AlertEvent {
        AlertEvent(
            kind, at: at, subject: subject, incident: self.incident ?? incident, key: key, route: route, actor: actor,
            note: note, run: run)
    }
}
