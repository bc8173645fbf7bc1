import Hummingbird
import Ledger
import Synchronization

/// What requests meet: the routes of an offer, and the certificate that connections are made by.
struct ServerFront: Sendable {
    /// What stays the same whatever is offered.
    struct Ground: Sendable {
        let limits: ServerLimits
        let inFlight: InFlight
        let lanes: ReadingLanes
        let departures: Departures
        let isStopping: @Sendable () -> Bool
        let watch = AccessWatch()
    }

    let responder: RouterResponder<ServerContext>
    let tls: ServerTLS?

    /// Throws where the offer's ledger can't be read.
    init(_ offer: Server.Offer, on ground: Ground) throws(LedgerError) {
        tls = offer.tls
        let router = Router(context: ServerContext.self)
        let endpoints = offer.desk?.endpoints(isOpen: offer.tokens.isEmpty) ?? []
        var table = RouteTable()
        for endpoint in endpoints {
            table.add(endpoint.path, endpoint.method == .get ? ["GET", "HEAD"] : [endpoint.method.rawValue])
        }
        for path in HealthRoutes.paths { table.add(path, ["GET", "HEAD"]) }
        table.add(IngestRoutes.path, ["POST"])
        if let metrics = offer.desk?.metrics { router.add(middleware: RequestMetrics(metrics: metrics)) }
        router.add(middleware: SecurityHeaders(isEncrypted: offer.tls != nil))
        router.add(
            middleware: Refusals(
                routes: table, tokens: AccessTokens(tokens: offer.tokens), watch: ground.watch, tell: offer.tellOfAccess
            ))
        if offer.tokens.isEmpty { router.add(middleware: LocalRequests()) }
        for routes in try Self.routes(endpoints, of: offer, on: ground) { routes.add(to: router) }
        responder = router.buildResponder()
    }

    private static func routes(
        _ endpoints: [Endpoint], of offer: Server.Offer, on ground: Ground
    ) throws(LedgerError) -> [any ServerRoutes] {
        let tokens = AccessTokens(tokens: offer.tokens)
        var routes: [any ServerRoutes] = [
            IngestRoutes(
                pipelines: offer.pipelines, tokens: tokens, limits: ground.limits, inFlight: ground.inFlight,
                isStopping: ground.isStopping),
            HealthRoutes(
                obstacles: {
                    var obstacles = ground.isStopping() ? ["the service is being stopped"] : []
                    obstacles += offer.pipelines.pausing.map { "the spool of \($0) is closed" }
                    return obstacles + (offer.desk?.obstacles() ?? [])
                }, threads: ground.lanes.health),
        ]
        guard let desk = offer.desk else { return routes }
        routes.append(
            EndpointRoutes(
                endpoints: endpoints, tokens: tokens, sameOrigin: SameOrigin(publicURL: offer.publicURL),
                limits: ground.limits, inFlight: ground.inFlight, memory: try ContentMemory(desk.ledger),
                lanes: ground.lanes, departures: ground.departures, isStopping: ground.isStopping, clock: desk.clock,
                tell: offer.tellOfAccess))
        return routes
    }
}

/// Answers each request by what the server offers at that moment.
final class CurrentFront: HTTPResponder {
    private let front: Mutex<ServerFront>

    init(_ front: ServerFront) { self.front = Mutex(front) }

    var now: ServerFront { front.withLock { $0 } }

    func replace(_ new: ServerFront) { front.withLock { $0 = new } }

    func respond(to request: Request, context: ServerContext) async throws -> Response {
        try await now.responder.respond(to: request, context: context)
    }
}
