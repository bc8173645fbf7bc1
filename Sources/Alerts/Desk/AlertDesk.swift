public import Expectations
public import Ledger
public import Suites
import Tables

/// Where runs are reported to and people say that they are on it: it decides what becomes of alerts, and who is told what.
///
/// All of it happens in a transaction of the ledger that the caller holds: alerts' new states and the messages that follow are stored together, with
/// the run that caused them, or not at all. It remembers nothing by itself; any number of processes may share one ledger.
public struct AlertDesk: Sendable {
    let setting: AlertSetting
    let lineage: Lineage

    /// `maintenance` says why nothing is told of an asset at a time (microseconds since 1970-01-01T00:00:00Z); `nil` where there is no reason.
    public init(
        routes: [AlertRoute], lineage: Lineage = Lineage(), flapping: FlapRule = FlapRule(),
        maintenance: @escaping @Sendable (_ asset: String, _ time: Int64) -> String? = { _, _ in nil }
    ) {
        setting = AlertSetting(routes: routes, flapping: flapping, maintenance: maintenance)
        self.lineage = lineage
    }

    /// Takes what a run says of its suite's expectations, and puts the messages that follow into the outbox.
    ///
    /// Runs count in the order in which they are taken. A run that began before one that was taken earlier changes nothing, unless the clock
    /// has been set back since; neither does a run that was taken already. `report` is its file's name in the reports' folder.
    @discardableResult
    public func take(
        _ run: RunResult, report: String? = nil, policy: AlertPolicy, at now: Int64, in transaction: LedgerTransaction
    ) throws -> [AlertMessage] {
        try take(
            AlertSignal.signals(of: run), of: AlertSubject(asset: run.asset, suite: run.suite),
            occasion: AlertOccasion(
                id: run.id, startedAt: run.startedAt, report: report, isComplete: run.failure == nil),
            policy: policy, at: now, in: transaction)
    }

    /// The same of signals that are not of a run, as a pipeline's are.
    @discardableResult
    public func take(
        _ signals: [AlertSignal], of subject: AlertSubject, occasion: AlertOccasion, policy: AlertPolicy,
        at now: Int64, in transaction: LedgerTransaction
    ) throws -> [AlertMessage] {
        try take(signals, of: subject, occasion: occasion, policy: policy, at: now, store: transaction)
    }

    /// Does what time alone makes due: reminders, what was silent until now, quiet after much back and forth.
    ///
    /// Reads two rows of each open incident, and more of those only that the agenda has for this time, or that were written to since
    /// they were looked at. The agenda is only true if the transaction is committed.
    @discardableResult
    public func tick(
        at now: Int64, agenda: inout AlertAgenda, in transaction: LedgerTransaction
    ) throws -> [AlertMessage] {
        try tick(at: now, agenda: &agenda, store: transaction)
    }

    /// Ends the incidents of what no project over the store has any more: who was told of them is told that nobody asks any more.
    ///
    /// To be called after the subjects that this project judges, pipelines among them, were declared.
    @discardableResult
    public func retire(at now: Int64, in transaction: LedgerTransaction) throws -> [AlertMessage] {
        try retire(at: now, store: transaction)
    }

    /// Has open incidents go by whom validations tell now, rather than from their next runs on: what fails is told to routes that came.
    ///
    /// To be called when the project was read, after what it has was declared.
    @discardableResult
    public func adopt(
        _ policies: [AlertSubject: AlertPolicy], at now: Int64, in transaction: LedgerTransaction
    ) throws -> [AlertMessage] {
        try adopt(policies, at: now, store: transaction)
    }

    /// Names of routes that no project over the store has, and how many open incidents they know of: nobody tells them the end.
    ///
    /// To be asked after routes that were renamed have been followed, by a look at all incidents.
    public func lostRoutes(at now: Int64, in transaction: LedgerTransaction) throws -> [String: Int] {
        try lostRoutes(at: now, store: transaction)
    }

    func take(
        _ signals: [AlertSignal], of subject: AlertSubject, occasion: AlertOccasion, policy: AlertPolicy,
        at now: Int64, store: some AlertStore
    ) throws -> [AlertMessage] {
        let old = try store.alertSubject(subject)
        if old != nil, try store.alertsHaveTaken(occasion.id, of: subject) { return [] }
        var record = old ?? SubjectRecord(subject: subject)
        record.ordinal += 1
        let isOutdated = old.map { occasion.startedAt < $0.latestStart && now >= $0.latestTaking } ?? false
        guard !isOutdated else {
            try store.saveAlerts(record, replacing: old, run: occasion.id)
            try store.append(AlertEvent(.passedOver, at: now, subject: subject, run: occasion.id))
            return []
        }
        record.latestStart = occasion.startedAt
        record.latestTaking = now
        var step = step(record, at: now, store, occasion: occasion)
        step.hear(signals, policy: policy, isComplete: occasion.isComplete)
        return try conclude(&step, replacing: old, in: store)
    }

    func retire(at now: Int64, store: some AlertStore) throws -> [AlertMessage] {
        try store.unsettledAlertRevisions().flatMap { open -> [AlertMessage] in
            guard try !store.isDeclared(.subject(open.subject), at: now),
                let old = try store.alertSubject(open.subject)
            else { return [] }
            var step = step(old, at: now, store)
            step.hearNothingMore()
            return try conclude(&step, replacing: old, in: store)
        }
    }

    func adopt(
        _ policies: [AlertSubject: AlertPolicy], at now: Int64, store: some AlertStore
    ) throws -> [AlertMessage] {
        try store.unsettledAlertRevisions().flatMap { open -> [AlertMessage] in
            guard let policy = policies[open.subject], let old = try store.alertSubject(open.subject),
                old.routes != policy.routes
            else { return [] }
            var step = step(old, at: now, store)
            step.record.routes = policy.routes
            return try conclude(&step, replacing: old, in: store)
        }
    }

    func lostRoutes(at now: Int64, store: some AlertStore) throws -> [String: Int] {
        let names = Set(setting.routes.map(\.name))
        var lost: [String: Int] = [:]
        for open in try store.unsettledAlertRevisions() {
            guard let record = try store.alertSubject(open.subject), let incident = record.incident else { continue }
            for route in Set(record.alerts.values.flatMap(\.tellings.keys)).subtracting(names) {
                let keys = try store.receivers(of: route, incident: incident.id)
                let isElsewhere = try keys.contains { try store.isDeclared(.receiver(route: route, key: $0), at: now) }
                if !isElsewhere { lost[route, default: 0] += 1 }
            }
        }
        return lost
    }

    func tick(at now: Int64, agenda: inout AlertAgenda, store: some AlertStore) throws -> [AlertMessage] {
        var messages: [AlertMessage] = []
        for open in agenda.due(among: try store.unsettledAlertRevisions(), at: now) {
            guard let old = try store.alertSubject(open.subject) else { continue }
            var step = step(old, at: now, store)
            messages += try conclude(&step, replacing: old, in: store)
            // Where the step has changed something, the subject has another revision now, and is looked at once more.
            agenda.note(open, at: now, next: step.nextLook)
        }
        return messages
    }

    func step(
        _ record: SubjectRecord, at now: Int64, _ store: some AlertStore, occasion: AlertOccasion? = nil
    ) -> AlertStep {
        AlertStep(
            record, setting: setting,
            surroundings: StoredSurroundings(store: store, lineage: lineage, setting: setting), at: now,
            occasion: occasion)
    }

    /// Ends a step: what it came to is stored, and its messages put into the outbox, one entry for each receiver.
    func conclude(
        _ step: inout AlertStep, replacing old: SubjectRecord?, in store: some AlertStore
    ) throws -> [AlertMessage] {
        try step.conclude()
        try store.saveAlerts(step.record, replacing: old, run: step.occasion?.id)
        for event in step.events { try store.append(event) }
        for renaming in step.renamings {
            try store.rename(route: renaming.old, to: renaming.new, incident: renaming.incident)
        }
        for message in step.messages {
            guard let route = setting.routes.first(where: { $0.name == message.route }) else { continue }
            let text = message.json.text()
            for receiver in try route.receivers {
                try store.enqueue(
                    OutboxEntry(
                        id: "\(message.id)/\(receiver.key)", route: route.name, channel: receiver.key,
                        channelName: receiver.channel.name, incident: message.incident, sequence: message.sequence,
                        message: text, createdAt: message.at))
            }
        }
        return step.messages
    }
}
