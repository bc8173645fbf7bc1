import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
public import Intake
import Ledger
public import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import Tables

/// The network's side of the service: pages, an interface for programs, metrics, and records for pipelines.
///
/// Without tokens it listens on this machine alone, and refuses what a browser sends for other sites' pages. Stopping it (`stop`, or the
/// graceful shutdown of a service group around it) lets requests in hand come to their end, for a time, and takes no others;
/// cancelling the task cuts them off. Spools and the ledger are neither opened nor closed here.
public final class Server: Sendable {
    /// What a server offers.
    public struct Offer: Sendable {
        /// Where records may be posted; by name.
        public var pipelines = IngestTable()
        /// Pages, the interface and all that they show; `nil` for a server that only takes records.
        public var desk: ServiceDesk?
        /// Who may do what; nobody is asked where there are none.
        public var tokens: [AccessToken] = []
        /// `nil` for plain HTTP.
        public var tls: ServerTLS?
        /// Where the server is found from outside, as `https://assay.example.com`; `nil` where that is its address.
        public var publicURL: String?
        /// Hears of what people change, and of who isn't let in.
        public var tellOfAccess: @Sendable (AccessEvent) -> Void = { _ in }

        public init() {}
    }

    private let address: BindAddress
    private let limits: ServerLimits
    private let logger: Logger
    private let life: Life
    private let ground: ServerFront.Ground
    private let front: CurrentFront

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

    /// Errors: `token-required`, `store-unavailable`.
    public init(
        address: BindAddress, offer: Offer, limits: ServerLimits = ServerLimits(), logger: Logger = Server.quietLogger
    ) throws(ServiceError) {
        let life = Life()
        self.address = address
        self.limits = limits
        self.logger = logger
        self.life = life
        ground = ServerFront.Ground(
            limits: limits, inFlight: InFlight(limits), lanes: ReadingLanes(), departures: Departures(),
            isStopping: { life.isStopping })
        front = CurrentFront(try Self.front(offer, at: address, on: ground))
    }

    /// From now on offers something else: requests that come are answered by it, and connections that come are made by its certificate.
    ///
    /// Requests in hand are answered by what was offered before. Errors: those of `init`; nothing has changed then.
    public func replace(_ offer: Offer) throws(ServiceError) {
        front.replace(try Self.front(offer, at: address, on: ground))
    }

    private static func front(
        _ offer: Offer, at address: BindAddress, on ground: ServerFront.Ground
    ) throws(ServiceError) -> ServerFront {
        let place = "\(address.host):\(address.port)"
        guard address.isLoopback || !offer.tokens.isEmpty else {
            throw ServiceError(
                code: "token-required", message: "others can reach this address, and no token is wanted of them",
                place: place, hint: "give the service a token, or listen on 127.0.0.1")
        }
        do throws(LedgerError) { return try ServerFront(offer, on: ground) } catch {
            throw ServiceError(
                code: "store-unavailable", message: "the results store can't be read", place: place, hint: error.hint,
                cause: error.summary)
        }
    }

    /// A server that only takes records.
    public convenience init(
        address: BindAddress, pipelines: [String: IngestPipeline], tokens: [AccessToken] = [],
        limits: ServerLimits = ServerLimits(), logger: Logger = Server.quietLogger
    ) throws(ServiceError) {
        var offer = Offer()
        offer.pipelines = IngestTable(pipelines)
        offer.tokens = tokens
        try self.init(address: address, offer: offer, limits: limits, logger: logger)
    }

    public convenience init(
        address: BindAddress, pipelines: [String: Spool], tokens: [AccessToken] = [],
        limits: ServerLimits = ServerLimits(), logger: Logger = Server.quietLogger
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
        ground.lanes.start()
        defer { ground.lanes.shutDown() }
        let open = OpenConnections(limit: limits.connections, share: limits.connectionsPerPeer)
        let admission = Admission(connections: open)
        let application = Application(
            responder: front, server: server(open),
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port), backlog: 1_024,
                availableConnectionsDelegate: admission),
            onServerRunning: { channel in
                await admission.govern(channel)
                whenListening(channel.localAddress?.port ?? 0)
            }, logger: logger)
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
                cause: String(cString: strerror(error.errnoCode)).lowercased())
        } catch  where life.isStopping {
            // Whoever had not finished when the time was over was cut off; that was asked for.
        }
    }

    /// Lets requests in hand come to their end, takes no others, and has `run` return.
    public func stop() async { await life.end()?.triggerGracefulShutdown() }

    private func server(_ open: OpenConnections) -> HTTPServerBuilder {
        let configuration = configuration(open)
        return HTTPServerBuilder { [front] responder in
            OfferedChannel(base: HTTP1Channel(responder: responder, configuration: configuration), front: front)
        }
    }

    private func configuration(_ open: OpenConnections) -> HTTP1Channel.Configuration {
        // A body that is too slow is to be answered before its connection counts as idle.
        let idleTime = TimeAmount(max(limits.idleTime, limits.bodyTime + .seconds(1)))
        let headTime = TimeAmount(limits.headTime)
        let departures = ground.departures
        return HTTP1Channel.Configuration(
            additionalChannelHandlers: [
                CloseAfterAnswer(), SilenceWatch(open, headTime: headTime), DepartureWatch(departures),
            ],
            idleTimeout: idleTime,
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
