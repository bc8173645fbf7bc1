import HTTPTypes
import Hummingbird
import Ledger
import Logging
import Reports
import Tables

/// Answers requests to endpoints: who may, what with, from memory or on a thread that may block.
struct EndpointRoutes: ServerRoutes {
    let endpoints: [Endpoint]
    let tokens: AccessTokens
    let sameOrigin: SameOrigin
    let limits: ServerLimits
    let inFlight: InFlight
    let memory: ContentMemory?
    let lanes: ReadingLanes
    let departures: Departures
    let isStopping: @Sendable () -> Bool
    let clock: @Sendable () -> Int64
    /// Hears of what is changed.
    let tell: @Sendable (AccessEvent) -> Void

    /// Bytes of a body that changes something.
    private static let mostBodyBytes = 64 << 10

    func add(to router: Router<ServerContext>) {
        for endpoint in endpoints {
            router.on(RouterPath(endpoint.routerPath), method: endpoint.method) { request, context in
                try await answer(endpoint, request, context)
            }
            guard endpoint.method == .get else { continue }
            router.on(RouterPath(endpoint.routerPath), method: .head) { request, context in
                try await answer(endpoint, request, context).createHeadResponse()
            }
        }
    }

    private func answer(_ endpoint: Endpoint, _ request: Request, _ context: ServerContext) async throws -> Response {
        try checkAccess(endpoint, request)
        let body = endpoint.hasBody ? try await body(of: request, as: endpoint.body, context) : nil
        let secret = PresentedSecret.bearerOrPassword(request.headers).utf8
        let actor = tokens.verdict(on: secret, for: .operate) == .allowed ? PresentedSecret.user(request.headers) : nil
        var call = try Call(
            endpoint, request: request, path: context.parameters, body: body, actor: actor,
            token: tokens.name(of: secret), now: clock())
        call.isUnwanted = { [isStopping, departures, channel = context.channel] in
            isStopping() || !channel.isActive || departures.contains(channel)
        }
        let content = try await content(endpoint, call, request, context)
        if endpoint.hasBody { tellChange(endpoint, call, request, context) }
        return content.response(to: request)
    }

    /// Who had what done.
    private func tellChange(_ endpoint: Endpoint, _ call: Call, _ request: Request, _ context: ServerContext) {
        let action = endpoint.name.isEmpty ? call.text("do") ?? endpoint.summary : endpoint.name
        tell(
            AccessEvent(
                .changed(action: action, by: call.person, reason: call.text("reason") ?? call.text("note")),
                status: endpoint.status.code, token: call.token, request, context))
    }

    private func checkAccess(_ endpoint: Endpoint, _ request: Request) throws {
        if let need = endpoint.need {
            let verdict = tokens.verdict(on: PresentedSecret.bearerOrPassword(request.headers).utf8, for: need)
            if let refusal = Refusal(verdict, on: need, isPage: endpoint.isPage) { throw refusal }
        }
        if endpoint.hasBody { try sameOrigin.check(request, isForm: endpoint.body == .form) }
    }

    private func content(
        _ endpoint: Endpoint, _ call: Call, _ request: Request, _ context: ServerContext
    ) async throws -> Content {
        guard endpoint.memory == .ledger, let memory else { return try await make(endpoint, call, context) }
        let address = request.uri.string
        let recalled = try memory.recall(address)
        if let content = recalled.content { return content }
        let content = try await make(endpoint, call, context)
        memory.remember(content, of: address, at: recalled.version)
        return content
    }

    private func make(_ endpoint: Endpoint, _ call: Call, _ context: ServerContext) async throws -> Content {
        do {
            let channel = context.channel
            return try await lanes.run(endpoint.lane, limits: limits) { [isStopping] in
                // It may have waited for its turn.
                guard !isStopping(), channel.isActive else { throw CancellationError() }
                return try Ledger.reading(unless: call.isUnwanted) { try endpoint.handle(call) }
            }
        } catch let error as LedgerError where error.code == "interrupted" {
            throw CancellationError()
        } catch let refusal as DeskRefusal {
            throw Refusal(refusal)
        } catch let error as LedgerError {
            context.logger.error("the results store can't be read", metadata: ["error": "\(error.summary)"])
            throw Refusal(
                status: .serviceUnavailable, code: "store-unavailable",
                message: "the results store can't be read now; the service's log says why",
                retryAfter: max(1, limits.retryAfter.components.seconds))
        }
    }

    /// The body as an object of JSON; an empty one is an object without members.
    ///
    /// Only what calls itself what it should be is taken: where JSON is wanted, a form of another site's page can't.
    private func body(of request: Request, as kind: Endpoint.BodyKind, _ context: ServerContext) async throws -> JSON {
        let type = request.headers[.contentType]?.prefix { $0 != ";" }.lowercased().trimmingSpaces
        guard type == kind.mediaType else {
            throw Refusal(
                status: .unsupportedMediaType, code: "unsupported-type", message: kind.rule,
                hint: kind == .json ? "send Content-Type: application/json, and {} where there is nothing to say" : nil,
                closesConnection: true)
        }
        guard let place = inFlight.enter() else { throw BodyReader.noRoom(limits) }
        let bytes = try await BodyReader(limits: limits, maximumBytes: Self.mostBodyBytes).read(request, context, place)
        if bytes.isEmpty { return .object([]) }
        let document = try kind.document(bytes)
        let members = document.members ?? []
        var names: Set<String> = []
        for member in members where !names.insert(member.name).inserted {
            throw Refusal(
                status: .badRequest, code: "repeated-parameter",
                message: "\"\(member.name.prefix(100))\" is said twice")
        }
        return document
    }
}

extension Endpoint.BodyKind {
    fileprivate var mediaType: String {
        switch self {
        case .json: "application/json"
        case .form: "application/x-www-form-urlencoded"
        }
    }

    fileprivate var rule: String {
        switch self {
        case .json: "the body is to be JSON"
        case .form: "the body is to be a form"
        }
    }

    /// What a body says, as an object of JSON.
    fileprivate func document(_ bytes: [UInt8]) throws -> JSON {
        switch self {
        case .json:
            guard let document = bytes.withUnsafeBytes({ JSON(bytes: $0) }), document.members != nil else {
                throw Refusal(status: .badRequest, code: "bad-json", message: "the body is no object of JSON")
            }
            return document
        case .form:
            guard let text = String(validating: bytes, as: UTF8.self), let items = QueryText.items(text) else {
                throw Refusal(status: .badRequest, code: "bad-form", message: "the body is no form in UTF-8")
            }
            return .object(items.map { JSON.Member($0.name, .string($0.value)) })
        }
    }
}

extension Refusal {
    /// What a desk doesn't do.
    init(_ refusal: DeskRefusal) {
        let status: HTTPResponse.Status =
            switch refusal.kind {
            case .notFound: .notFound
            case .conflict: .conflict
            case .invalid: .badRequest
            case .unavailable: .serviceUnavailable
            }
        self.init(status: status, code: refusal.code, message: refusal.message, hint: refusal.hint)
    }
}

extension StringProtocol {
    /// Without blanks and tabs at its ends.
    var trimmingSpaces: String {
        String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
