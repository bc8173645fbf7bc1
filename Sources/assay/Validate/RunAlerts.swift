import Alerts
import Expectations
import Ledger
import Schedules
import Suites
import Tables

/// Tells the project's routes of runs that no service has made, as the service does of its own.
struct RunAlerts: Sendable {
    private let project: Project
    private let desk: AlertDesk
    private let courier: Courier
    private let clock: @Sendable () -> Int64

    /// Throws what the environment lacks for those who are told.
    init(_ project: Project, clock: @escaping @Sendable () -> Int64) throws(SuiteProblems) {
        for route in project.alertRoutes { _ = try route.receivers }
        courier = try Courier(project)
        self.project = project
        self.clock = clock
        desk = AlertDesk(project)
    }

    /// Runs of what others are made of come first, so that whether a cause goes on is known before what follows from it is told.
    func ordered(_ runs: [RunResult]) -> [RunResult] {
        let lineage = Lineage(project.causes)
        return runs.map { ($0, lineage.ancestors(of: $0.asset).count) }.sorted { $0.1 < $1.1 }.map(\.0)
    }

    func take(_ run: RunResult, report: String?, in transaction: LedgerTransaction) throws {
        guard let validation = project.validations.first(where: { $0.suite == run.suite && $0.asset == run.asset })
        else { return }
        let subject = AlertSubject(asset: run.asset, suite: run.suite)
        try transaction.declare([.subject(subject)], by: project.instance(), at: clock())
        _ = try desk.take(run, report: report, policy: validation.rules.alerts, at: clock(), in: transaction)
    }

    /// Sends what is due, once; what can't be delivered now waits in the store for the next time, or the service.
    ///
    /// False where something waits or was given up, which has been shown then.
    func deliver(from ledger: Ledger) async -> Bool {
        let failures = RaisedFlag()
        let deliverer = Deliverer(
            ledger: ledger, routes: project.alertRoutes, courier: courier, holder: "validate-\(RunID.make())"
        ) { event in
            guard event.kind != .delivered else { return }
            failures.raise()
            Console.standardError(
                Diagnostics.neutral(
                    "\(event.route), \(event.channel): message \(event.kind.rawValue): \(event.message)"))
        }
        await deliverer.deliverDue(at: clock())
        return !failures.isRaised
    }
}

extension AlertDesk {
    /// As a project has it.
    init(_ project: Project) {
        let windows = project.maintenance
        self.init(routes: project.alertRoutes, lineage: Lineage(project.causes)) { asset, time in
            windows.open(for: asset, at: time).map { $0.reason ?? "maintenance" }
        }
    }
}

extension Courier {
    /// Over the network, with a project's mail server and its reports; throws what the environment lacks for the server.
    init(_ project: Project) throws(SuiteProblems) {
        self.init(senders: .network(version: Version.current), mail: try project.mail) { name in
            MailedReport(named: name, in: project.reports)?.bytes
        }
    }
}
