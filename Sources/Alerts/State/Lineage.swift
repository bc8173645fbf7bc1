/// Which assets are made of which.
public struct Lineage: Sendable, Hashable {
    private let upstream: [String: [String]]

    /// `upstream` names for an asset those that it is made of directly; cycles are no harm.
    public init(_ upstream: [String: [String]] = [:]) { self.upstream = upstream }

    /// Whether anything is made of an asset directly.
    public func hasFollowers(_ asset: String) -> Bool { upstream.values.contains { $0.contains(asset) } }

    /// All that an asset follows from, nearest first, itself left out.
    public func ancestors(of asset: String) -> [String] {
        var seen: Set<String> = [asset]
        var found: [String] = []
        var layer = [asset]
        while !layer.isEmpty {
            layer = layer.flatMap { (upstream[$0] ?? []).filter { seen.insert($0).inserted } }
            found += layer
        }
        return found
    }
}
