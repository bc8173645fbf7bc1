import Alerts
import Ledger
import Logging
import Pipeline
import Service
import Suites
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
    private let follower: PipelineFollower
    private let timekeeper: Timekeeper
    private let deliverer: Deliverer
    private let housekeeping: Housekeeping
    /// `nil` where nobody asks for events.
    private let lineage: LineageSender?
    /// The same.
    private let batches: PipelineLineage?
    /// Ends when it has nothing more to begin: it was left, or its schedules have ended.
    private let work = AsyncStream<Never>.makeStream()

    /// Microseconds beyond the project's grace that pipelines are waited for.
    static let patience: Int64 = 10_000_000

    /// The environment lacks nothing for the project: its entrance has asked for all of it.
    init(_ project: Project, of house: ServiceHouse.Parts) {
        let courier: Courier
        let events: ServiceDefinition.Lineage?
        do {
            courier = try Courier(project)
            events = try project.service.lineage
        } catch { preconditionFailure("a service's project is one that lacks nothing") }
        self.project = project
        self.house = house
        alerts = AlertDesk(project)
        scheduler = ScheduledJudging(project, alerts, events, of: house).scheduler
        let log = ServiceLog(house.log, metrics: house.metrics)
        deliverer = Deliverer(
            ledger: house.ledger, routes: project.alertRoutes, courier: courier, holder: house.holder
        ) { event in log.tell(event) }
        housekeeping = Housekeeping(
            ledger: house.ledger, pass: PruningPass(retention: project.service.retention, reports: project.reports),
            now: house.clock
        ) { event in log.tell(event) }
        lineage = events.map { lineage in
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
        let served = house.options.runsPipelines ? ServedStreams.served(project).map(\.name) : []
        let troubles = PipelineAlerts(
            project.pipelines, others: Set(project.pipelines.map(\.name)).subtracting(served), backlog: backlog)
        timekeeper = Timekeeper(project, alerts, backlog, troubles, tellsLineage: events != nil, of: house)
        follower = PipelineFollower(project, scheduler) { pipeline, error in
            log.storeFailed("the runs that follow on \(pipeline) were not noted yet", error)
        }
        batches = events.map { lineage in
            PipelineLineage(
                project, BatchLineage(namespace: lineage.namespace, version: Version.current), in: house.ledger,
                clock: house.clock
            ) { pipeline, error in log.storeFailed("the batches of \(pipeline) were not told yet", error) }
        }
        streams = ServedStreams(project, threads: house.options.threads) { [follower, house, batches] news, pipeline in
            log.tell(news, of: pipeline)
            troubles.hear(news, of: pipeline, at: house.clock())
            if case .event(let event) = news { batches?.hear(event, of: pipeline) }
            if case .event(.committed) = news { Task { await follower.committed(pipeline) } }
        } offer: { [house] ingest, pipeline in
            if let ingest { house.ingest.offer(ingest, pipeline) } else { house.ingest.withdraw(pipeline) }
        }
    }

    /// Does all but keep the schedules, until these have ended or it is left; once.
    ///
    /// Pipelines that don't end then are left behind: each holds its folder's lock as long as it is at work.
    func run() async {
        house.ingest.keepOnly(Set(project.pipelines.filter(\.source.isPosted).map(\.name)))
        await withTaskGroup(of: Void.self) { helpers in
            helpers.addTask { await self.deliverer.run(clock: self.house.clock) }
            helpers.addTask { await self.housekeeping.run() }
            helpers.addTask { await self.timekeeper.run() }
            if let lineage { helpers.addTask { await lineage.run() } }
            helpers.addTask { await self.follower.run() }
            if let batches { helpers.addTask { await batches.run() } }
            let pipelines = LooseWork {
                // To whom a pipeline's first batch is news must be known before that is there.
                await self.follower.look()
                await self.batches?.look()
                if self.house.options.runsPipelines { await self.streams.run() }
            }
            for await _ in work.stream {}
            let deadline = house.clock().addingClamped(project.service.grace).addingClamped(Self.patience)
            if await !pipelines.ends(by: deadline, SchedulerClock(now: house.clock)) {
                house.log.error("pipelines don't end, and are left behind")
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

    /// Begins nothing more, so that the next one may: `run` returns when pipelines have ended, and `keepSchedules` when the runs in hand have,
    /// however long they take.
    func leave() async {
        streams.stop()
        await scheduler.leave()
        work.continuation.finish()
    }

    /// Runs validations until it is stopped or left, and those in hand have ended; once.
    ///
    /// The scheduler ends by itself only where the ledger can't be written.
    func keepSchedules() async {
        defer { work.continuation.finish() }
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
}
