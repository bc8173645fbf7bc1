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
        let isStopping: @Sendable () -> Bool
    }

    private struct State {
        var project: Project
        /// Whether the project is another one than that of the generation at work.
        var isReloaded = false
        var isStopping = false
        var generation: ServiceGeneration?
        var server: Server?
    }

    private let parts: Parts
    private let state: Mutex<State>
    /// Whether the process is being stopped; for those who can't know the house.
    private let stopping = RaisedFlag()
    private let load: @Sendable () throws -> Project
    private let systemd = SystemdNotifier(environment: ProcessInfo.processInfo.environment)

    /// `load` reads the project anew; it throws where there is a mistake, which has been shown then.
    init(
        _ project: Project, _ options: ServiceOptions, ledger: Ledger, log: Logger,
        load: @escaping @Sendable () throws -> Project
    ) {
        let stopping = stopping
        let clock: @Sendable () -> Int64 = { RunClock.system.microseconds }
        parts = Parts(
            options: options, ledger: ledger, metrics: ServiceMetrics(startedAt: clock()), log: log,
            holder: "\(ProcessInfo.processInfo.hostName):\(getpid()):\(RunID.make())", clock: clock,
            ingest: IngestTable(), isStopping: { stopping.isRaised })
        state = Mutex(State(project: project))
        self.load = load
    }

    /// Works until it is stopped, or the server can't be run.
    func run() async -> ExitStatus {
        let life = Task { [systemd, parts] in
            await systemd.keepAlive { (try? parts.ledger.runs(limit: 1)) != nil }
        }
        defer { life.cancel() }
        return await withTaskGroup(of: ExitStatus.self) { group in
            group.addTask { await self.work() }
            group.addTask { await self.serve() }
            var worst = ExitStatus.passed
            for await status in group {
                worst = max(worst, status)
                // Without its server, the service would look as if it were down while it goes on.
                if status != .passed { await stop() }
            }
            return worst
        }
    }

    /// Begins nothing more, and has `run` return when what is under way has ended, after the project's grace at the latest.
    func stop() async {
        systemd.stopping()
        stopping.raise()
        let (generation, server) = state.withLock { state in
            state.isStopping = true
            return (state.generation, state.server)
        }
        // Records that are being posted are answered first; they are in the spools then, for the next process at the latest.
        await server?.stop()
        await generation?.stop()
    }

    /// Reads the project again, and goes on by what it says now; one with mistakes is refused as a whole, and the old one stays.
    func reload() async {
        systemd.reloading()
        defer { systemd.ready() }
        let project: Project
        do { project = try load() } catch {
            parts.log.error("the project has mistakes, the old one stays", metadata: ["error": "see above"])
            return
        }
        let (generation, server) = state.withLock { state in
            let needsServer = state.project.service != project.service
            if needsServer, parts.options.listen == nil, state.project.service.listen != project.service.listen {
                parts.log.notice("the service listens elsewhere now", metadata: ["listen": "\(project.service.listen)"])
            }
            state.project = project
            state.isReloaded = true
            return (state.generation, needsServer ? state.server : nil)
        }
        parts.log.notice(
            "the project was read again",
            metadata: [
                "validations": "\(project.validations.count)", "pipelines": "\(project.pipelines.count)",
                "routes": "\(project.alertRoutes.count)",
            ])
        await server?.stop()
        await generation?.stop()
    }

    private var project: Project { state.withLock { $0.project } }

    // MARK: Work

    private func work() async -> ExitStatus {
        while true {
            let next: ServiceGeneration? = state.withLock { state in
                guard !state.isStopping else { return nil }
                let generation = ServiceGeneration(state.project, of: parts)
                state.isReloaded = false
                state.generation = generation
                return generation
            }
            guard let generation = next else { return .passed }
            await generation.run()
            let mayEnd = state.withLock { $0.isStopping || $0.isReloaded }
            // It can't have ended by itself; were it so, it must not spin.
            if !mayEnd { try? await Task.sleep(for: .seconds(1)) }
        }
    }

    // MARK: Server

    private func serve() async -> ExitStatus {
        while !parts.isStopping() {
            let project = project
            do {
                let server = try makeServer(project)
                let mayRun = state.withLock { state in
                    state.server = server
                    return !state.isStopping
                }
                guard mayRun else { return .passed }
                try await server.run { [parts, systemd] port in
                    systemd.ready()
                    parts.log.notice(
                        "listening",
                        metadata: ["port": "\(port)", "address": "\(self.address(of: project)?.host ?? "")"])
                }
            } catch let error as ServiceError {
                parts.log.error(
                    "the server can't be run", metadata: ["error": "\(error.summary)", "hint": "\(error.hint ?? "-")"])
                return error.fault == .suiteAuthor ? .mistake : .undecided
            } catch {
                parts.log.error("the server ended", metadata: ["error": "\(error)"])
                return .undecided
            }
        }
        return .passed
    }

    private func address(of project: Project) -> BindAddress? {
        parts.options.listen ?? BindAddress(project.service.listen)
    }

    private func makeServer(_ project: Project) throws -> Server {
        guard let address = address(of: project) else {
            throw ServiceError(
                code: "unusable-address", message: "this is no address", place: project.service.listen,
                hint: "write it as in 127.0.0.1:8080")
        }
        var offer = Server.Offer()
        offer.pipelines = parts.ingest
        offer.tokens = try Self.tokens(of: project)
        offer.publicURL = project.service.url
        offer.tls = project.service.certificate.map { ServerTLS(certificate: $0.chain, key: $0.key) }
        offer.desk = desk(project)
        // The framework's words of its own doing are no events of the service.
        var quiet = parts.log
        quiet.logLevel = max(.warning, quiet.logLevel)
        return try Server(address: address, offer: offer, logger: quiet)
    }

    private func desk(_ project: Project) -> ServiceDesk {
        var desk = ServiceDesk(ledger: parts.ledger, metrics: parts.metrics, clock: parts.clock)
        desk.reports = project.reports
        desk.values = ValueDisplay(rawValue: project.reportedValues.rawValue) ?? .masked
        desk.version = Version.current
        desk.alerts = AlertLedgerBook(ledger: parts.ledger, desk: { self.alerts })
        desk.outbox = OutboxLedgerBook(ledger: parts.ledger)
        desk.pipelines = StreamBook { self.project }
        desk.schedules = ScheduleBook(ledger: parts.ledger, clock: parts.clock) {
            self.project.validations.map { ScheduledValidation($0) }
        }
        desk.triggers = LedgerTriggerDesk(ledger: parts.ledger) { self.project }
        let readiness = Readiness(ledger: parts.ledger, metrics: parts.metrics)
        desk.obstacles = { [stopping] in
            (stopping.isRaised ? ["the service is being stopped"] : []) + readiness.obstacles()
        }
        return desk
    }

    private var alerts: AlertDesk {
        let generation = state.withLock { $0.generation }
        return generation?.alerts ?? AlertDesk(routes: project.alertRoutes)
    }

    /// The tokens of the service, and those of pipelines' sources.
    private static func tokens(of project: Project) throws(ServiceError) -> [AccessToken] {
        var tokens: [AccessToken] = []
        for token in project.service.tokens {
            guard let role = AccessRole(rawValue: token.role.rawValue),
                let made = AccessToken(token.secret, role: role, pipelines: token.pipelines.map { Set($0) })
            else { preconditionFailure("a project's tokens are long enough") }
            tokens.append(made)
        }
        for pipeline in project.pipelines {
            guard case .http(let source) = pipeline.source.kind, let secret = source.token else { continue }
            guard let token = AccessToken(secret, pipelines: [pipeline.name]) else {
                throw ServiceError(
                    code: "bad-token",
                    message: "the token of the pipeline \(pipeline.name) is too short", place: project.file,
                    hint: "\(AccessToken.minimumLength) visible ASCII characters at least")
            }
            tokens.append(token)
        }
        return tokens
    }
}
