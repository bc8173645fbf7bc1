import Alerts
import Ledger
import Logging
import Reports
import Service
import Suites
import Tables

/// Does what time alone makes due: reminders and escalations, forgetting what is too old, the index of reports.
struct Timekeeper: Sendable {
    let project: Project
    let alerts: AlertDesk
    let house: ServiceHouse.Parts
    let index: ReportIndex
    /// What pipelines told and the ledger could not take.
    let backlog: SignalBacklog
    let pipelines: PipelineAlerts
    /// Whether catalogues hear of runs.
    let tellsLineage: Bool

    /// Between two looks at what time alone makes due for alerts.
    private static let tick = Duration.seconds(15)
    /// Looks between two at what of alerts is too old to be kept.
    private static let ticksAnHour = 240
    /// Looks between two at which it is said what this project has.
    private static let ticksADeclaration = 20
    /// Looks between two at whether the index of reports is up to date.
    private static let ticksAnIndex = 20
    /// Microseconds for which messages that were given up are kept.
    private static let deadLettersLast: Int64 = 90 * 86_400_000_000

    init(
        _ project: Project, _ alerts: AlertDesk, _ backlog: SignalBacklog, _ pipelines: PipelineAlerts,
        tellsLineage: Bool, of house: ServiceHouse.Parts
    ) {
        self.project = project
        self.alerts = alerts
        self.backlog = backlog
        self.pipelines = pipelines
        self.tellsLineage = tellsLineage
        self.house = house
        index = ReportIndex(project.reports, of: house.ledger, clock: house.clock)
    }

    /// Works until its task is cancelled.
    func run() async {
        var isDeclared = store(Self.undeclared) { try declare(in: $0) }
        store("who is told of open incidents was not looked at") { try adopt(in: $0) }
        var ticks = 0
        var agenda = AlertAgenda()
        var isRecalled = false
        while !Task.isCancelled {
            store("reminders were not looked at") { transaction in
                var next = agenda
                _ = try alerts.tick(at: house.clock(), agenda: &next, in: transaction)
                agenda = next
            }
            if tellsLineage {
                store("runs that were lost were not noted yet") { transaction in
                    try RunLineage.abortLost(at: house.clock(), in: transaction)
                }
            }
            backlog.retry()
            if !isRecalled { isRecalled = store("what pipelines still say was not noted yet") { try recall(in: $0) } }
            hearOfOthers()
            if ticks % Self.ticksAnHour == 0 { forget() }
            if ticks % Self.ticksAnIndex == 0, let complaint = index.update() {
                house.log.warning("the index of reports is not up to date", metadata: ["error": "\(complaint)"])
            }
            ticks += 1
            do { try await Task.sleep(for: Self.tick) } catch { break }
            if ticks % Self.ticksADeclaration == 0 { isDeclared = false }
            if !isDeclared { isDeclared = store(Self.undeclared) { try declare(in: $0) } }
        }
        // Pipelines have ended by now, or are not waited for any longer.
        backlog.retry()
        store("what this project has is not left to the next process") { try $0.leaveDeclarations(of: instance) }
    }

    private var instance: DeclaringInstance { project.instance(house.holder) }

    /// Incidents are kept as long as results are.
    private func forget() {
        let now = house.clock()
        if let age = project.service.retention.results {
            store("old incidents were not removed") { try $0.forgetAlerts(before: now.subtractingClamped(age)) }
        }
        do { _ = try house.ledger.forgetDeadLetters(before: now.subtractingClamped(Self.deadLettersLast)) } catch {
            ServiceLog(house.log, metrics: house.metrics).storeFailed("old dead letters were not removed", error)
        }
    }

    /// Tells other instances what this project has, and ends the incidents of what no project has any more.
    private func declare(in transaction: LedgerTransaction) throws {
        // What the project had before it was read anew, nobody has any more.
        try transaction.withdrawDeclarations(of: instance, at: house.clock())
        try transaction.declare(project.declarations(), by: instance, at: house.clock())
        try transaction.forgetUndeclaredSchedules()
        _ = try alerts.retire(at: house.clock(), in: transaction)
    }

    /// Open incidents go by the routes that the project has now.
    private func adopt(in transaction: LedgerTransaction) throws {
        let now = house.clock()
        let validations = project.validations.map {
            (AlertSubject(asset: $0.asset, suite: $0.suite), $0.rules.alerts)
        }
        let everybody = AlertPolicy(routes: project.alertRoutes.map(\.name))
        let pipelines = project.pipelines.map { (AlertSubject.pipeline($0.name), everybody) }
        let policies = Dictionary(validations + pipelines) { first, _ in first }
        _ = try alerts.adopt(policies, at: now, in: transaction)
        for (route, count) in try alerts.lostRoutes(at: now, in: transaction).sorted(by: { $0.key < $1.key }) {
            house.log.warning(
                "a route is gone that knows of open incidents: their end isn't told to it",
                metadata: ["route": "\(route)", "incidents": "\(count)"])
        }
    }

    /// What could not be stored before an earlier process ended is raised now.
    private func recall(in transaction: LedgerTransaction) throws {
        let now = house.clock()
        try pipelines.recall(at: now, in: transaction) { try take($0, of: $1, $2, at: now, in: transaction) }
    }

    /// What pipelines that other processes run have to tell.
    private func hearOfOthers() {
        let now = house.clock()
        let findings = pipelines.findings(at: now)
        guard !findings.isEmpty else { return }
        store("what pipelines of other processes say was not noted yet") { transaction in
            try pipelines.take(findings, at: now, in: transaction) {
                try take($0, of: $1, $2, at: now, in: transaction)
            }
        }
    }

    private func take(
        _ signals: [AlertSignal], of subject: AlertSubject, _ occasion: AlertOccasion, at now: Int64,
        in transaction: LedgerTransaction
    ) throws {
        let policy = AlertPolicy(routes: project.alertRoutes.map(\.name))
        _ = try alerts.take(signals, of: subject, occasion: occasion, policy: policy, at: now, in: transaction)
    }

    private static let undeclared: Logger.Message = "incidents of what is no longer judged were not ended"

    /// Whether it could be stored.
    @discardableResult
    private func store(_ consequence: Logger.Message, _ body: (LedgerTransaction) throws -> Void) -> Bool {
        do {
            try house.ledger.transaction(body)
            return true
        } catch {
            ServiceLog(house.log, metrics: house.metrics).storeFailed(consequence, error)
            return false
        }
    }
}
