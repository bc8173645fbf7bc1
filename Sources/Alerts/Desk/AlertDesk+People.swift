public import Ledger
import Tables

extension AlertDesk {
    /// What people speak of.
    public enum Target: Sendable, Hashable {
        /// An incident by its id, or as much of its beginning as no other shares.
        case incident(String)
        /// One alert of an incident, by its key, or as much of its beginning as no other shares.
        case alert(String, key: String)

        var incident: String {
            switch self {
            case .incident(let id), .alert(let id, _): id
            }
        }
    }

    /// Somebody is on it: no reminders are sent until it is over, or until a time; new failures are told.
    ///
    /// Routes that know of it are told so; saying the same again changes nothing, and is told nobody. Errors: `unknown-incident`,
    /// `ambiguous-incident`, `incident-over`, `unknown-alert`, `bad-time`.
    @discardableResult
    public func acknowledge(
        _ target: Target, by actor: String, until: Int64? = nil, note: String? = nil, at now: Int64,
        in transaction: LedgerTransaction
    ) throws -> [AlertMessage] {
        try acknowledge(target, by: actor, until: until, note: note, at: now, store: transaction)
    }

    /// Nothing is told of it until a time; what still fails then is told once more.
    ///
    /// When all of it is over it is told before.
    /// Errors: as for `acknowledge`.
    @discardableResult
    public func snooze(
        _ target: Target, by actor: String, until: Int64, note: String? = nil, at now: Int64,
        in transaction: LedgerTransaction
    ) throws -> [AlertMessage] {
        try snooze(target, by: actor, until: until, note: note, at: now, store: transaction)
    }

    /// Ends a snooze before its time; what came meanwhile is told.
    ///
    /// Errors: as for `acknowledge`, and `not-snoozed`.
    @discardableResult
    public func unsnooze(
        _ target: Target, by actor: String, note: String? = nil, at now: Int64, in transaction: LedgerTransaction
    ) throws -> [AlertMessage] {
        try unsnooze(target, by: actor, note: note, at: now, store: transaction)
    }

    func acknowledge(
        _ target: Target, by actor: String, until: Int64?, note: String?, at now: Int64, store: some AlertStore
    ) throws -> [AlertMessage] {
        if let until { try check(until, at: now) }
        let (old, keys) = try find(target, in: store)
        let mark = AlertMark(actor: actor, at: now, until: until, note: note)
        var step = step(old, at: now, store)
        let changed = keys.filter { mark.changes(old.alerts[$0]?.acknowledgement) }
        var isNews = !changed.isEmpty
        if case .incident = target { isNews = isNews || mark.changes(old.incident?.acknowledgement) }
        guard isNews else { return [] }
        for key in changed { step.record.alerts[key]?.acknowledgement = mark }
        switch target {
        case .incident:
            step.record.incident?.acknowledgement = mark
            step.note(.acknowledged, actor: actor, note: note)
        case .alert: for key in changed { step.note(.acknowledged, key: key, actor: actor, note: note) }
        }
        return try conclude(&step, replacing: old, in: store)
    }

    func snooze(
        _ target: Target, by actor: String, until: Int64, note: String?, at now: Int64, store: some AlertStore
    ) throws -> [AlertMessage] {
        try check(until, at: now)
        let (old, keys) = try find(target, in: store)
        let mark = AlertMark(actor: actor, at: now, until: until, note: note)
        var step = step(old, at: now, store)
        switch target {
        case .incident:
            step.record.incident?.snooze = mark
            step.note(.snoozed, actor: actor, note: note)
        case .alert:
            for key in keys {
                step.record.alerts[key]?.snooze = mark
                step.note(.snoozed, key: key, actor: actor, note: note)
            }
        }
        return try conclude(&step, replacing: old, in: store)
    }

    func unsnooze(
        _ target: Target, by actor: String, note: String?, at now: Int64, store: some AlertStore
    ) throws -> [AlertMessage] {
        let (old, keys) = try find(target, in: store)
        var step = step(old, at: now, store)
        var hasSnooze = false
        if case .incident = target {
            hasSnooze = old.incident?.snooze != nil
            step.record.incident?.snooze = nil
        }
        for key in keys where old.alerts[key]?.snooze != nil {
            hasSnooze = true
            step.record.alerts[key]?.snooze = nil
        }
        guard hasSnooze else { throw AlertError.notSnoozed }
        let key: String? = if case .alert = target { keys.first } else { nil }
        step.note(.unsnoozed, key: key, actor: actor, note: note)
        return try conclude(&step, replacing: old, in: store)
    }

    /// The incident that is meant by an id, or the beginning of one.
    ///
    /// Errors: `unknown-incident`, `ambiguous-incident`, and the ledger's.
    public static func incident(_ id: String, in ledger: Ledger) throws -> IncidentRecord {
        try only(try ledger.incidents(withPrefix: id), named: id)
    }

    private static func only(_ found: [IncidentRecord], named id: String) throws -> IncidentRecord {
        guard let incident = found.first else { throw AlertError.unknownIncident(id) }
        guard found.count == 1 else { throw AlertError.ambiguousIncident(id) }
        return incident
    }

    private func check(_ until: Int64, at now: Int64) throws {
        guard until > now else { throw AlertError.badTime(until, at: now) }
    }

    /// The subject with its open incident, and the keys of the alerts that are meant.
    private func find(_ target: Target, in store: some AlertStore) throws -> (SubjectRecord, Set<String>) {
        let incident = try Self.only(try store.incidents(withPrefix: target.incident), named: target.incident)
        guard incident.isOpen, let record = try store.alertSubject(incident.subject),
            record.incident?.id == incident.id
        else { throw AlertError.incidentOver(incident.id) }
        let failing = record.alerts.values.filter { $0.phase == .firing || $0.isFlapping }.map(\.key)
        switch target {
        case .incident: return (record, Set(failing))
        case .alert(_, let prefix):
            let keys = failing.contains(prefix) ? [prefix] : failing.filter { !prefix.isEmpty && $0.hasPrefix(prefix) }
            guard keys.count == 1 else { throw AlertError.unknownAlert(prefix, in: incident.id, count: keys.count) }
            return (record, Set(keys))
        }
    }
}

extension AlertMark {
    /// Whether it says anything that the one before didn't: another person, another end, other words.
    fileprivate func changes(_ old: AlertMark?) -> Bool {
        guard let old else { return true }
        return actor != old.actor || until != old.until || (note != nil && note != old.note)
    }
}
