/// That what one asset holds follows from another.
public struct AssetEdge: Sendable, Hashable {
    public let upstream: String
    public let downstream: String

    public init(upstream: String, downstream: String) {
        self.upstream = upstream
        self.downstream = downstream
    }
}

/// Assets in an order in which each comes after those it follows from; assets that follow from each other share a place.
struct AssetOrder: Sendable {
    /// The place of each asset that was named.
    let places: [String: Int]
    /// For each place, the places that it follows from at once, all of them lower.
    let upstream: [[Int]]
    /// For each place, how many steps it is from the farthest one that it follows from.
    let levels: [Int]

    init(edges: [AssetEdge], assets: [String]) {
        var numbers: [String: Int] = [:]
        for asset in assets + edges.flatMap({ [$0.upstream, $0.downstream] }) where numbers[asset] == nil {
            numbers[asset] = numbers.count
        }
        var ahead = [[Int]](repeating: [], count: numbers.count)
        var back = ahead
        for edge in Set(edges) {
            guard let from = numbers[edge.upstream], let to = numbers[edge.downstream], from != to else { continue }
            ahead[from].append(to)
            back[to].append(from)
        }
        // Kosaraju's algorithm: assets that reach each other are found from behind, in the order in which going ahead left them.
        var place = [Int](repeating: -1, count: numbers.count)
        var count = 0
        for start in Self.leaving(ahead).reversed() where place[start] < 0 {
            var open = [start]
            place[start] = count
            while let node = open.popLast() {
                for next in back[node] where place[next] < 0 {
                    place[next] = count
                    open.append(next)
                }
            }
            count += 1
        }
        places = numbers.mapValues { place[$0] }
        var upstream = [Set<Int>](repeating: [], count: count)
        for (node, sources) in back.enumerated() {
            for source in sources where place[source] != place[node] { upstream[place[node]].insert(place[source]) }
        }
        self.upstream = upstream.map { $0.sorted() }
        var levels: [Int] = []
        for sources in upstream { levels.append(sources.reduce(0) { max($0, levels[$1] + 1) }) }
        self.levels = levels
    }

    /// The nodes in the order in which a walk in depth leaves them for good.
    private static func leaving(_ edges: [[Int]]) -> [Int] {
        var order: [Int] = []
        var isSeen = [Bool](repeating: false, count: edges.count)
        for start in edges.indices where !isSeen[start] {
            isSeen[start] = true
            var path = [(node: start, next: 0)]
            while let (node, next) = path.last {
                guard next < edges[node].count else {
                    order.append(node)
                    path.removeLast()
                    continue
                }
                path[path.count - 1].next += 1
                let target = edges[node][next]
                if !isSeen[target] {
                    isSeen[target] = true
                    path.append((target, 0))
                }
            }
        }
        return order
    }
}
