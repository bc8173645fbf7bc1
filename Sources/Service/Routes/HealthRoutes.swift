import HTTPTypes
import Hummingbird
import Logging
import NIOPosix
import Tables

/// For whoever watches over the process: `GET /healthz` (it lives) and `GET /readyz` (it does its work), open to all.
///
/// What is in the way is for the log and nobody else.
struct HealthRoutes: ServerRoutes {
    /// What keeps the server from doing its work, in words; empty where nothing does.
    let obstacles: @Sendable () -> [String]
    /// Where looking may block.
    let threads: NIOThreadPool

    static let paths = ["/healthz", "/readyz"]

    func add(to router: Router<ServerContext>) {
        for method in [HTTPRequest.Method.get, .head] {
            router.on("/healthz", method: method) { _, _ in Self.answer(isWell: true) }
            router.on("/readyz", method: method) { [obstacles, threads] _, context in
                let obstacles = try await threads.runIfActive { obstacles() }
                if !obstacles.isEmpty {
                    context.logger.warning("not ready", metadata: ["because": "\(obstacles.joined(separator: "; "))"])
                }
                return Self.answer(isWell: obstacles.isEmpty)
            }
        }
    }

    private static func answer(isWell: Bool) -> Response {
        let document = JSON.object([JSON.Member("status", .string(isWell ? "ok" : "unavailable"))])
        return Answer.json(document, status: isWell ? .ok : .serviceUnavailable)
    }
}
