import Hummingbird
import HummingbirdCore
public import Intake
public import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// The network's side of pipelines: takes records by HTTP and answers when they are durable.
///
/// Without tokens it listens on this machine alone, and refuses what a browser sends for other sites' pages. Stopping it (`stop`, or the
/// graceful shutdown of a service group around it) lets requests in hand come to their end, for a time, and takes no others;
/// cancelling the task cuts them off. The spools are neither opened nor closed here.
public final class IngestServer: Sendable {
    private let address: BindAddress
    private let routes: [any ServerRoutes]
    private let limits: ServerLimits
    private let isOpenToAll: Bool
    private let logger: Logger
    private let life: Life

    /// Whether the server is being stopped, and by whom.
    private final class Life: Sendable {
        private let state = Mutex<(isStopping: Bool, group: ServiceGroup?)>((false, nil))

        var isStopping: Bool { state.withLock { $0.isStopping } }

        func begin(_ group: ServiceGroup) { state.withLock { $0.group = group } }

        func end() -> ServiceGroup? {
            state.withLock { state in
                state.isStopping = true
                return state.group
            }
        }
    }

    public init(
        address: BindAddress, pipelines: [String: IngestPipeline], tokens: [AccessToken] = [],
        limits: ServerLimits = ServerLimits(), logger: Logger = IngestServer.quietLogger
    ) throws(ServiceError) {
        guard address.isLoopback || !tokens.isEmpty else {
            throw ServiceError(
                code: "token-required", message: "others can reach this address, and no token is wanted of them",
                place: "\(address.host):\(address.port)", hint: "give the service a token, or listen on 127.0.0.1")
        }
        self.address = address
        self.limits = limits
        self.logger = logger
        isOpenToAll = tokens.isEmpty
        let life = Life()
        self.life = life
        routes = [
            IngestRoutes(
                pipelines: pipelines, tokens: AccessTokens(tokens: tokens), limits: limits, inFlight: InFlight(limits),
                isStopping: { life.isStopping }),
            HealthRoutes {
                var obstacles = life.isStopping ? ["the service is being stopped"] : []
                for (name, pipeline) in pipelines.sorted(by: { $0.key < $1.key }) where !pipeline.spool.isOpen {
                    obstacles.append("the spool of \(name) is closed")
                }
                return obstacles
            },
        ]
    }

    public convenience init(
        address: BindAddress, pipelines: [String: Spool], tokens: [AccessToken] = [],
        limits: ServerLimits = ServerLimits(), logger: Logger = IngestServer.quietLogger
    ) throws(ServiceError) {
        try self.init(
            address: address, pipelines: pipelines.mapValues { IngestPipeline($0) }, tokens: tokens, limits: limits,
            logger: logger)
    }

    /// Tells of warnings and errors, on standard error.
    public static var quietLogger: Logger {
        var logger = Logger(label: "assay.service") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .warning
        return logger
    }

    /// Serves until it is stopped; once.
    ///
    /// `whenListening` is told the port. Throws a `ServiceError` where the address can't be listened on.
    public func run(whenListening: @escaping @Sendable (_ port: Int) -> Void = { _ in }) async throws {
        let application = Application(
            router: router(), server: .http1(configuration: connections),
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port), backlog: 1_024,
                availableConnectionsDelegate: MaximumAvailableConnections(limits.connections, logger: logger)),
            onServerRunning: { channel in whenListening(channel.localAddress?.port ?? 0) }, logger: logger)
        let life = life
        var configuration = ServiceGroupConfiguration(
            services: [Stoppable(service: application) { _ = life.end() }], logger: logger)
        configuration.maximumGracefulShutdownDuration = limits.graceTime
        let group = ServiceGroup(configuration: configuration)
        life.begin(group)
        guard !life.isStopping else { return }
        do {
            try await group.run()
        } catch let error as IOError {
            throw ServiceError(
                code: "unusable-address", message: "the address can't be listened on",
                place: "\(address.host):\(address.port)", hint: "name another, or stop who has it",
                cause: String(describing: error))
        } catch  where life.isStopping {
            // Whoever had not finished when the time was over was cut off; that was asked for.
        }
    }

    /// Lets requests in hand come to their end, takes no others, and has `run` return.
    public func stop() async { await life.end()?.triggerGracefulShutdown() }

    private func router() -> Router<ServerContext> {
        let router = Router(context: ServerContext.self)
        router.add(middleware: SecurityHeaders())
        router.add(middleware: Refusals())
        if isOpenToAll { router.add(middleware: LocalRequests()) }
        for routes in routes { routes.add(to: router) }
        return router
    }

    private var connections: HTTP1Channel.Configuration {
        // A body that is too slow is to be answered before its connection counts as idle.
        let idleTime = max(limits.idleTime, limits.bodyTime + .seconds(1))
        return HTTP1Channel.Configuration(
            additionalChannelHandlers: [CloseAfterAnswer()],
            idleTimeout: .nanoseconds(Int64(idleTime / .nanoseconds(1))),
            httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
                maxHeaderFieldSize: limits.headBytes, maxHeaderListSize: limits.headBytes, maxHeaderFieldCount: 100))
    }
}

/// A service that says when it begins to stop.
private struct Stoppable<Wrapped: Service>: Service {
    let service: Wrapped
    let whenStopping: @Sendable () -> Void

    func run() async throws {
        try await withGracefulShutdownHandler {
            try await service.run()
        } onGracefulShutdown: {
            whenStopping()
        }
    }
}
