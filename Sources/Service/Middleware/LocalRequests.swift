import HTTPTypes
import Hummingbird

/// Where no token is wanted, keeps away what a browser on this machine sends for a page of somebody else.
///
/// Such a page can post texts to a server that listens on this machine alone, or have a name of its own resolved to it; it can't keep the
/// browser from saying so. A link that a person follows, from a message or another site's page, is no such thing: the browser shows the
/// answer to the person, in a window of its own, and to nobody else.
struct LocalRequests: RouterMiddleware {
    typealias Context = ServerContext

    func handle(
        _ request: Request, context: ServerContext, next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        guard Self.isLocal(request.head.authority), request.headers[.origin].map(Self.isLocalOrigin) ?? true,
            ["same-origin", "none", nil].contains(request.headers[.secFetchSite]) || Self.isFollowedLink(request)
        else {
            throw Refusal(
                status: .forbidden, code: "foreign-origin", message: "the request comes from a page of another site",
                hint: "give the service a token, and send it along", closesConnection: true)
        }
        return try await next(request, context)
    }

    private static func isFollowedLink(_ request: Request) -> Bool {
        request.method == .get && request.headers[.secFetchMode] == "navigate"
            && request.headers[.secFetchDestination] == "document"
    }

    /// Whether a host, with or without a port, is this machine; a request without one is no browser's.
    static func isLocal(_ authority: String?) -> Bool {
        guard let authority, !authority.isEmpty else { return true }
        let host: Substring
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            host = authority[authority.index(after: authority.startIndex)..<end]
        } else {
            host = authority.prefix { $0 != ":" }
        }
        return BindAddress(host: host.lowercased(), port: 0).isLoopback
    }

    private static func isLocalOrigin(_ origin: String) -> Bool {
        guard let slashes = origin.firstRange(of: "://") else { return false }
        return isLocal(String(origin[slashes.upperBound...]))
    }
}

extension HTTPField.Name {
    static let referrerPolicy = Self.literal("Referrer-Policy")
    static let crossOriginResourcePolicy = Self.literal("Cross-Origin-Resource-Policy")
    static let secFetchSite = Self.literal("Sec-Fetch-Site")
    static let secFetchMode = Self.literal("Sec-Fetch-Mode")
    static let secFetchDestination = Self.literal("Sec-Fetch-Dest")
    static let forwardedFor = Self.literal("X-Forwarded-For")
    static let idempotencyKey = Self.literal("Idempotency-Key")
    static let pubSubMessageId = Self.literal("X-Goog-Pubsub-Message-Id")
    static let pubSubSubscription = Self.literal("X-Goog-Pubsub-Subscription-Name")

    private static func literal(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is a field's name") }
        return name
    }
}
