import HTTPTypes
import Hummingbird

/// Counts requests by their route's pattern, and how long they took.
struct RequestMetrics: RouterMiddleware {
    typealias Context = ServerContext

    let metrics: ServiceMetrics

    func handle(
        _ request: Request, context: ServerContext, next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        metrics.noteRequest(
            route: context.endpointPath ?? "none", method: Self.name(request.method), status: response.status.code,
            seconds: (ContinuousClock.now - start) / .seconds(1))
        return response
    }

    /// Clients may call their methods as they like.
    private static func name(_ method: HTTPRequest.Method) -> String {
        [.get, .head, .post, .put, .patch, .delete, .options].contains(method) ? method.rawValue : "other"
    }
}
