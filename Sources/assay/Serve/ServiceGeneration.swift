import Alerts
import Expectations
import Foundation
import Ledger
import Logging
import Pipeline
import Reports
import Schedules
import Service
import Suites
import Synchronization
import Tables
import Transport

/// The service as one reading of the project has it: its schedules, pipelines, routes.
///
/// The next reading makes another.
///
/// It remembers nothing that is not in the ledger.
final class ServiceGeneration: Sendable {
    let project: Project
    let alerts: AlertDesk
    let scheduler: Scheduler
    private let house: ServiceHouse.Parts
    private let streams: ServedStreams
    /// What pipelines told and the ledger could not take.
    private let backlog: SignalBacklog
    private let deliverer: Deliverer
    private let housekeeping: Housekeeping
    /// `nil` where nobody asks for events.
    private let lineage: LineageSender?
    /// The latest run that the index of reports has.
    private let indexed = LatestRun()

    private final class LatestRun: Sendable {
        private let id = Mutex<String?>(nil)

        /// Whether it was another one before.
        func change(to new: String) -> Bool {
            id.withLock { id in
                defer { id = new }
                return id != new
            }
        }
    }

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

    init(_ project: Project, of house: ServiceHouse.Parts) {
        self.project = project
        self.house = house
        alerts = AlertDesk(project)
        scheduler = Self.scheduler(project, alerts, house)
        let log = ServiceLog(house.log, metrics: house.metrics)
        deliverer = Deliverer(
            ledger: house.ledger, routes: project.alertRoutes, courier: Courier(project), holder: house.holder
        ) { event in log.tell(event) }
        housekeeping = Housekeeping(
            ledger: house.ledger, pass: PruningPass(retention: project.service.retention, reports: project.reports),
            now: house.clock
        ) { event in log.tell(event) }
        lineage = project.service.lineage.map { lineage in
            LineageSender(
                ledger: house.ledger, target: LineageTarget(lineage.target, over: HTTPSender(version: Version.current)),
                holder: house.holder, now: house.clock
            ) { event in log.tell(event) }
        }
        let backlog = SignalBacklog { [alerts, house] signals, subject, occasion in
            let policy = AlertPolicy(routes: project.alertRoutes.map(\.name))
            try house.ledger.transaction { transaction in
                _ = try alerts.take(
                    signals, of: subject, occasion: occasion, policy: policy, at: house.clock(), in: transaction)
            }
        } onFailure: { subject, error in
            log.storeFailed("what is wrong with \(subject.asset) was not noted yet", error)
        }
        self.backlog = backlog
        let troubles = PipelineAlerts(project.pipelines, backlog: backlog)
        streams = ServedStreams(project, threads: house.options.threads) { [scheduler, house] news, pipeline in
            log.tell(news, of: pipeline)
            troubles.hear(news, of: pipeline, at: house.clock())
            guard case .event(.committed) = news else { return }
            Task {
                do { try await scheduler.pipelineCommitted(pipeline) } catch {
                    log.storeFailed("the runs that follow on \(pipeline) were not noted", error)
                }
            }
        } offer: { [house] ingest, pipeline in
            house.ingest.set(pipeline, ingest)
        }
    }

    /// Works until it is stopped; once.
    func run() async {
        house.ingest.keepOnly(Set(project.pipelines.map(\.name)))
        await withTaskGroup(of: Void.self) { helpers in
            helpers.addTask { await self.deliverer.run(clock: self.house.clock) }
            helpers.addTask { await self.housekeeping.run() }
            helpers.addTask { await self.keepTime() }
            if let lineage { helpers.addTask { await lineage.run() } }
            await withTaskGroup(of: Void.self) { work in
                work.addTask { await self.keepSchedules() }
                if house.options.runsPipelines { work.addTask { await self.streams.run() } }
                await work.waitForAll()
            }
            // What is in the outbox stays there for the next one.
            helpers.cancelAll()
        }
    }

    /// Begins nothing more; what is under way has the project's grace to end.
    func stop() async {
        streams.stop()
        await scheduler.stop()
    }

    /// The scheduler ends by itself only where the ledger can't be written.
    private func keepSchedules() async {
        while true {
            do {
                try await scheduler.run()
                return
            } catch {
                ServiceLog(house.log, metrics: house.metrics).storeFailed("schedules can't be kept", error)
                do { try await Task.sleep(for: .seconds(5)) } catch { return }
                if house.isStopping() { return }
            }
        }
    }

    private func keepTime() async {
        store(Self.undeclared) { transaction in
            // What the project had before it was read anew, nobody has any more.
            try transaction.withdrawDeclarations(of: project.instance)
            try declare(in: transaction)
        }
        var ticks = 0
        while !Task.isCancelled {
            store("reminders were not looked at") { transaction in
                _ = try alerts.tick(at: house.clock(), in: transaction)
            }
            backlog.retry()
            if ticks % Self.ticksAnHour == 0 { forget() }
            if ticks % Self.ticksAnIndex == 0 { writeIndex() }
            ticks += 1
            do { try await Task.sleep(for: Self.tick) } catch { break }
            if ticks % Self.ticksADeclaration == 0 { store(Self.undeclared) { try declare(in: $0) } }
        }
        // Pipelines have ended by now.
        backlog.retry()
    }

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

    /// The reports' folder has an index for whoever reads it without the service.
    private func writeIndex() {
        guard let latest = try? house.ledger.runs(limit: 1).first, indexed.change(to: latest.id) else { return }
        do { try ReportDirectory(project.reports).writeIndex(of: house.ledger) } catch {
            let reason = (error as? ReportError)?.summary ?? (error as? LedgerError)?.summary ?? "\(error)"
            house.log.warning("the index of reports is not up to date", metadata: ["error": "\(reason)"])
        }
    }

    /// Tells other instances what this project has, and ends the incidents of what no project has any more.
    private func declare(in transaction: LedgerTransaction) throws {
        try transaction.declare(project.declarations, by: project.instance, at: house.clock())
        _ = try alerts.retire(at: house.clock(), in: transaction)
    }

    private static let undeclared: Logger.Message = "incidents of what is no longer judged were not ended"

    private func store(_ consequence: Logger.Message, _ body: (LedgerTransaction) throws -> Void) {
        do { try house.ledger.transaction(body) } catch {
            ServiceLog(house.log, metrics: house.metrics).storeFailed(consequence, error)
        }
    }

    // MARK: Validations

    private static func scheduler(
        _ project: Project, _ alerts: AlertDesk, _ house: ServiceHouse.Parts
    ) -> Scheduler {
        var settings = SchedulerSettings(holder: house.holder)
        settings.validationsAtOnce = project.service.validationsAtOnce
        settings.grace = project.service.grace
        let rules = Dictionary(
            project.validations.map { (Validation(suite: $0.suite, asset: $0.asset), $0) }
        ) { first, _ in first }
        let desk = ValidationDesk(
            project: project, ledger: house.ledger,
            threads: max(1, house.options.threads / project.service.validationsAtOnce),
            memory: house.options.memory.share(of: project.service.validationsAtOnce))
        let log = ServiceLog(house.log, metrics: house.metrics)
        let events = project.service.lineage.map {
            LineageEvents(
                namespace: $0.namespace, version: Version.current, showsValues: project.reportedValues == .shown)
        }
        @Sendable func outcome(_ judged: ValidationDesk.Judged, _ policy: AlertPolicy) -> ScheduledOutcome {
            if let complaint = judged.complaint { log.noReport(of: judged.run, complaint) }
            return ScheduledOutcome(run: judged.run.id, isUndecided: judged.run.failure != nil) { transaction in
                try transaction.record(judged.run, report: judged.report)
                _ = try alerts.take(
                    judged.run, report: judged.report, policy: policy, at: house.clock(), in: transaction)
                guard let events, let asset = project.asset(named: judged.run.asset) else { return }
                try transaction.enqueueLineage(
                    events.events(of: judged.run, inputs: asset.datasets),
                    job: LineageEvents.job(suite: judged.run.suite, asset: judged.run.asset), at: house.clock())
            }
        }
        let work = SchedulerWork(
            judge: { scheduled, occasion in
                guard let validation = rules[scheduled.id] else { throw CancellationError() }
                let judged = await desk.judge(
                    validation, id: RunID.make(), at: house.clock(), isLast: occasion.isLastAttempt)
                log.tell(judged.run)
                return outcome(judged, validation.rules.alerts)
            },
            undecided: { scheduled, _, reason in
                guard let validation = rules[scheduled.id] else {
                    preconditionFailure("a scheduler has the validations of its project")
                }
                let judged = desk.undecided(
                    validation, id: RunID.make(), at: house.clock(),
                    RunFailure(code: "undecided", message: "\(reason)"))
                log.tell(judged.run)
                return outcome(judged, validation.rules.alerts)
            },
            fingerprint: { name in project.asset(named: name).flatMap { DataFingerprint.text(of: $0) } },
            report: { event in log.tell(event) })
        return Scheduler(
            project.validations.map { ScheduledValidation($0) }, edges: project.edges, ledger: house.ledger,
            settings: settings, clock: SchedulerClock(now: house.clock), work: work)
    }
}

extension ScheduledValidation {
    init(_ validation: Project.Validation) {
        let rules = validation.rules
        self.init(
            suite: validation.suite, asset: validation.asset, schedule: rules.schedule, catchUp: rules.catchUp,
            timeout: rules.timeout, retries: RetryPolicy(retries: rules.retries), after: rules.after,
            watch: rules.watch)
    }
}

extension Project {
    /// What comes before what, where both are due at once.
    var edges: [AssetEdge] {
        lineage.sorted { $0.key < $1.key }.flatMap { asset, upstream in
            upstream.map { AssetEdge(upstream: $0, downstream: asset) }
        }
    }
}

extension Asset {
    /// As catalogues know it.
    fileprivate var datasets: [LineageDataset] {
        patterns.map { LineageDataset(path: $0, workingFolder: FileManager.default.currentDirectoryPath) }
    }
}

/// A report's file, for mails that bring it along.
struct ReportFile {
    let bytes: [UInt8]

    /// Mails of more bytes are refused by many servers.
    private static let largest = 10 << 20

    /// `nil` where there is none of that name, or it is too large.
    init?(named name: String, in folder: String) {
        guard !name.contains("/"), name != "..", name != "." else { return nil }
        let path = URL(fileURLWithPath: folder).appendingPathComponent(name).path
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
            let size = attributes[.size] as? Int, size <= Self.largest,
            let data = FileManager.default.contents(atPath: path)
        else { return nil }
        bytes = Array(data)
    }
}
