import HTTPTypes
import Hummingbird

/// Says to browsers that answers are what they say they are, and nobody's to embed or keep.
struct SecurityHeaders: RouterMiddleware {
    typealias Context = ServerContext

    /// Whether this server speaks TLS itself: its browsers are told to ask for nothing else.
    let isEncrypted: Bool

    /// Styles that stand in the page, and nothing else: no scripts, no forms, nothing fetched.
    static let pagePolicy = policy(forms: "'none'")

    /// The same for a page whose forms are sent to this server.
    ///
    /// Its browser must tell this server, and nobody else, where a form comes from: it would say `Origin: null` otherwise.
    static let formPage: HTTPFields = [.contentSecurityPolicy: policy(forms: "'self'"), .referrerPolicy: "same-origin"]

    /// Of this name alone: what its neighbours speak is not known here.
    private static let encryptedForAYear = "max-age=31536000"

    private static func policy(forms: String) -> String {
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action \(forms); frame-ancestors 'none'"
    }

    func handle(
        _ request: Request, context: ServerContext, next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        response.headers[.xContentTypeOptions] = "nosniff"
        if isEncrypted { response.headers[.strictTransportSecurity] = Self.encryptedForAYear }
        response.headers[.referrerPolicy] = response.headers[.referrerPolicy] ?? "no-referrer"
        response.headers[.crossOriginResourcePolicy] = "same-origin"
        response.headers[.cacheControl] = response.headers[.cacheControl] ?? "no-store"
        response.headers[.contentSecurityPolicy] =
            response.headers[.contentSecurityPolicy] ?? "default-src 'none'; frame-ancestors 'none'"
        return response
    }
}
