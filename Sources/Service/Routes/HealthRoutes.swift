import HTTPTypes
import Hummingbird
import Tables

/// For whoever watches over the process: `GET /healthz` (it lives) and `GET /readyz` (it takes requests).
struct HealthRoutes: ServerRoutes {
    /// What keeps the server from taking requests, in words; empty where nothing does.
    let obstacles: @Sendable () -> [String]

    func add(to router: Router<ServerContext>) {
        router.get("/healthz") { _, _ in Answer.json(.object([JSON.Member("status", .string("ok"))]), status: .ok) }
        router.get("/readyz") { [obstacles] _, _ in
            let obstacles = obstacles()
            guard !obstacles.isEmpty else {
                return Answer.json(.object([JSON.Member("status", .string("ok"))]), status: .ok)
            }
            let document = JSON.object([
                JSON.Member("status", .string("unavailable")),
                JSON.Member("because", .array(obstacles.map { .string($0) })),
            ])
            return Answer.json(document, status: .serviceUnavailable)
        }
    }
}
