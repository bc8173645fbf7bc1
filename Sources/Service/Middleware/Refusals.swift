import HTTPTypes
import Hummingbird
import Logging

/// Makes answers of refusals, and of errors that nobody expected.
struct Refusals: RouterMiddleware {
    typealias Context = ServerContext

    let routes: RouteTable
    let tokens: AccessTokens
    let watch: AccessWatch
    /// Hears of who wasn't let in.
    let tell: @Sendable (AccessEvent) -> Void

    func handle(
        _ request: Request, context: ServerContext, next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let refusal = refusal(for: error, request, context)
            if [.unauthorized, .forbidden].contains(refusal.status), !refusal.asksForPassword {
                tell(of: refusal, request, context)
            }
            return refusal.response(to: request)
        }
    }

    private func tell(of refusal: Refusal, _ request: Request, _ context: ServerContext) {
        guard let unlogged = watch.admit(AccessEvent.peer(context)) else { return }
        let secret = PresentedSecret.bearerOrPassword(request.headers).utf8
        tell(
            AccessEvent(
                .refused(code: refusal.code, need: refusal.need?.role.rawValue, unlogged: unlogged),
                status: refusal.status.code, token: tokens.name(of: secret), request, context))
    }

    private func refusal(for error: any Error, _ request: Request, _ context: ServerContext) -> Refusal {
        switch error {
        case let refusal as Refusal: return refusal
        case let error as HTTPError where error.status == .notFound: return notFound(request)
        case let error as HTTPError:
            return Refusal(
                status: error.status, code: "bad-request", message: "the request can't be understood",
                closesConnection: true)
        case is CancellationError:
            return Refusal(
                status: .serviceUnavailable, code: "stopping", message: "the service is being stopped",
                closesConnection: true)
        default:
            context.logger.error("request failed", metadata: ["error": "\(error)"])
            return Refusal(
                status: .internalServerError, code: "internal", message: "the service failed; its log says why",
                closesConnection: true)
        }
    }

    /// Also for a path that is there, but not with this method.
    private func notFound(_ request: Request) -> Refusal {
        let methods = routes.methods(of: request.uri.path)
        guard methods.isEmpty else {
            return Refusal(
                status: .methodNotAllowed, code: "method-not-allowed",
                message: "this path takes \(methods.joined(separator: ", "))", closesConnection: true,
                headers: [.allow: methods.joined(separator: ", ")])
        }
        return Refusal(
            status: .notFound, code: "not-found", message: "there is nothing at this path",
            hint: "records are posted to /ingest/<pipeline>; GET /api/v1/openapi.json describes the interface",
            closesConnection: true)
    }
}
