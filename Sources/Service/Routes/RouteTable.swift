/// Which methods a path has: for answers to requests with another one.
struct RouteTable: Sendable {
    private struct Route: Sendable {
        /// `nil` for a part that may be anything.
        let parts: [String?]
        var methods: [String]
    }

    private var routes: [Route] = []

    /// A path with names in braces.
    mutating func add(_ path: String, _ methods: [String]) {
        let parts = Self.parts(path).map { $0.hasPrefix("{") ? nil : String($0) }
        if let place = routes.firstIndex(where: { $0.parts == parts }) {
            routes[place].methods += methods
        } else {
            routes.append(Route(parts: parts, methods: methods))
        }
    }

    /// The methods of the path of a request; empty where there is no such path.
    func methods(of path: String) -> [String] {
        let parts = Self.parts(path)
        let route = routes.first { route in
            route.parts.count == parts.count && zip(route.parts, parts).allSatisfy { $0 == nil || $0 ?? "" == $1 }
        }
        return route?.methods ?? []
    }

    private static func parts(_ path: String) -> [Substring] { path.split(separator: "/") }
}
