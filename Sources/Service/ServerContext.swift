import Hummingbird
import NIOCore

/// What a route knows of a request besides the request.
struct ServerContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The connection.
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}

/// Pages or calls that belong together, for the server to add to its own.
protocol ServerRoutes: Sendable {
    func add(to router: Router<ServerContext>)
}
