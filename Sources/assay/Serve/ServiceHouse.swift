import Alerts
import Expectations
import Foundation
import Intake
import Ledger
import Logging
import Reports
import Service
import Suites
import Synchronization
import Tables

/// All that `assay serve` runs, from its beginning to its end: the server, and one generation of the project's work after another.
final class ServiceHouse: Sendable {
    /// What stays the same whatever the project says.
    struct Parts: Sendable {
        let options: ServiceOptions
        let ledger: Ledger
        let metrics: ServiceMetrics
        let log: Logger
        /// Tells this process from others over the same store.
        let holder: String
        let clock: @Sendable () -> Int64
        let ingest: IngestTable
        let hanging: HangingReads
        let attendance: Attendance
        let places: RunPlaces
        let isStopping: @Sendable () -> Bool

        /// What keeps the service from doing its work, in words.
        var obstacles: [String] {
            if isStopping() { return ["the service is being stopped"] }
            return hanging.excess > 0 ? ["\(hanging.count) runs wait for data that doesn't come"] : []
        }
    }

    private struct State {
        var project: Project
        /// Whether the project is another one than that of the generation at work.
        var isReloaded = false
        var isStopping = false
        var generation: ServiceGeneration?
        /// Those whose runs in hand may not have ended.
        var generations: [ServiceGeneration] = []
    }

    private let parts: Parts
    private let state: Mutex<State>
    /// Whether the process is being stopped; for those who can't know the house.
    private let stopping = RaisedFlag()
    private let entrance: ServiceEntrance
    private let load: @Sendable () throws -> Project
    private let refusals: RefusedProject
    private let reception: Reception
    private let note: AddressNote
    /// Wishes that the project be read again; those that come while it is read are one.
    private let reloads = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    private let systemd = SystemdNotifier(environment: ProcessInfo.processInfo.environment)

    /// `load` reads the project anew; `refusals` are told of where that can't be gone on with.
    init(
        _ project: Project, at entrance: ServiceEntrance, _ options: ServiceOptions, ledger: Ledger, log: Logger,
        refusals: RefusedProject, load: @escaping @Sendable () throws -> Project
    ) {
        let stopping = stopping
        let clock: @Sendable () -> Int64 = { RunClock.system.microseconds }
        parts = Parts(
            options: options, ledger: ledger, metrics: ServiceMetrics(startedAt: clock()), log: log,
            holder: "\(ProcessInfo.processInfo.hostName):\(getpid()):\(RunID.make())", clock: clock,
            ingest: IngestTable(), hanging: HangingReads(), attendance: Attendance(), places: RunPlaces(),
            isStopping: { stopping.isRaised })
        state = Mutex(State(project: project))
        let note = AddressNote(besideStore: project.store, ofProject: project.file)
        self.note = note
        reception = Reception(log: log) { [systemd] address in
            do { try note.write(address) } catch {
                log.warning("where the service listens could not be noted", metadata: ["error": "\(error)"])
            }
            systemd.ready()
        }
        self.entrance = entrance
        self.refusals = refusals
        self.load = load
    }

    /// Works until it is stopped, or the server can't be run.
    func run() async -> ExitStatus {
        let life = Task { [systemd, parts] in
            await systemd.keepAlive { (try? parts.ledger.runs(limit: 1)) != nil }
        }
        defer {
            life.cancel()
            // Else the note is that of another process, which has the address.
            if reception.hasListened { note.remove() }
        }
        let first = post(project, at: entrance)
        return await withTaskGroup(of: ExitStatus.self) { group in
            group.addTask { await self.work() }
            group.addTask { await self.reception.run(first) }
            group.addTask {
                await self.reception.begun()
                for await _ in self.reloads.stream { await self.change() }
                return .passed
            }
            var worst = ExitStatus.passed
            for await status in group {
                worst = max(worst, status)
                // Without its server, the service would look as if it were down while it goes on.
                if status != .passed { await stop() }
            }
            parts.log.notice("stopped")
            return worst
        }
    }

    /// Begins nothing more, and has `run` return when what is under way has ended, after the project's grace at the latest.
    func stop() async {
        systemd.stopping()
        stopping.raise()
        reloads.continuation.finish()
        let (generations, isFirst) = state.withLock { state in
            defer { state.isStopping = true }
            return (state.generations, !state.isStopping)
        }
        if isFirst { parts.log.notice("stopping") }
        // Records that are being posted are answered first; they are in the spools then, for the next process at the latest.
        await reception.stop()
        for generation in generations { await generation.stop() }
    }

    /// Microseconds after which whatever `run` still waits for won't come.
    var longestStop: Int64 {
        let projects = state.withLock { state in [state.project] + state.generations.map(\.project) }
        return (projects.map(\.service.grace).max() ?? 0).addingClamped(2 * ServiceGeneration.patience)
    }

    /// Has the project read again, soon: the service goes on by what it says then, or, where that can't be, by what it said before.
    func reload() { reloads.continuation.yield() }

    /// Reads the project again and goes on by it; one that can't be gone on with is refused as a whole, and the old one stays.
    private func change() async {
        systemd.reloading()
        defer { systemd.ready() }
        let new: Project
        do {
            new = try load()
            guard new.store == project.store else {
                return refusals.tellOfAnotherStore(new.store, inPlaceOf: project.store)
            }
            if let obstacle = FolderLook.obstacle(toUsing: new.reports) {
                return refusals.tellOfReports(in: new.reports, obstacle)
            }
            let entrance = try ServiceEntrance(of: new, listen: parts.options.listen)
            try await reception.change(to: post(new, at: entrance))
        } catch {
            if !parts.isStopping() { refusals.tell(error) }
            return
        }
        let generation = state.withLock { state in
            state.project = new
            state.isReloaded = true
            return state.generation
        }
        parts.log.notice(
            "the project was read again",
            metadata: [
                "validations": "\(new.validations.count)", "pipelines": "\(new.pipelines.count)",
                "routes": "\(new.alertRoutes.count)",
            ])
        await generation?.leave()
    }

    private var project: Project { state.withLock { $0.project } }

    // MARK: Work

    private func work() async -> ExitStatus {
        await withDiscardingTaskGroup { schedules in
            while let generation = next() {
                schedules.addTask {
                    await generation.keepSchedules()
                    self.state.withLock { state in state.generations.removeAll { $0 === generation } }
                }
                await generation.run()
                let mayEnd = state.withLock { $0.isStopping || $0.isReloaded }
                // It can't have ended by itself; were it so, it must not spin.
                if !mayEnd { try? await Task.sleep(for: .seconds(1)) }
            }
        }
        return .passed
    }

    /// The one that goes on by the project as it is now; `nil` where the service is being stopped.
    private func next() -> ServiceGeneration? {
        state.withLock { state in
            guard !state.isStopping else { return nil }
            let generation = ServiceGeneration(state.project, of: parts)
            state.isReloaded = false
            state.generation = generation
            state.generations.append(generation)
            return generation
        }
    }

    // MARK: Server

    private func post(_ project: Project, at entrance: ServiceEntrance) -> Reception.Post {
        var offer = Server.Offer()
        offer.pipelines = parts.ingest
        offer.tokens = entrance.tokens
        offer.publicURL = project.service.url
        offer.tls = entrance.tls
        offer.desk = desk(project)
        offer.tellOfAccess = { [parts] event in ServiceLog(parts.log, metrics: parts.metrics).tell(event) }
        return Reception.Post(address: entrance.address, offer: offer)
    }

    private func desk(_ project: Project) -> ServiceDesk {
        var desk = ServiceDesk(ledger: parts.ledger, metrics: parts.metrics, clock: parts.clock)
        desk.reports = project.reports
        desk.values = ValueRules(project)
        desk.version = Version.current
        desk.alerts = AlertLedgerBook(
            ledger: parts.ledger, desk: { self.alerts }, maintenance: { self.project.maintenance }, clock: parts.clock)
        desk.outbox = OutboxLedgerBook(ledger: parts.ledger)
        desk.pipelines = StreamBook { self.project }
        desk.schedules = ScheduleBook(ledger: parts.ledger, clock: parts.clock) {
            self.project.validations.map { ScheduledValidation($0) }
        }
        desk.triggers = LedgerTriggerDesk(ledger: parts.ledger) { self.project }
        let readiness = Readiness(ledger: parts.ledger, metrics: parts.metrics)
        desk.obstacles = { [parts] in parts.obstacles + readiness.obstacles() }
        return desk
    }

    private var alerts: AlertDesk {
        let generation = state.withLock { $0.generation }
        return generation?.alerts ?? AlertDesk(routes: project.alertRoutes)
    }
}
