#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// From a key and the object around it to the node of an outline: a hash table of all keys.
struct JSONKeyTable {
    private let parents: [Int]
    private let starts: [Int]
    private let lengths: [Int]
    private let bytes: [UInt8]
    /// Nodes, or -1 where there is none, half of the places at most being taken.
    private var slots: [Int32]
    private let mask: Int

    init(_ outline: JSONOutline) {
        var starts: [Int] = []
        var bytes: [UInt8] = []
        for node in outline.nodes {
            starts.append(bytes.count)
            bytes += node.key
        }
        self.starts = starts
        self.bytes = bytes
        parents = outline.nodes.map(\.parent)
        lengths = outline.nodes.map(\.key.count)
        var size = 16
        while size < outline.nodes.count * 2 { size *= 2 }
        slots = [Int32](repeating: -1, count: size)
        mask = size - 1
        for node in outline.nodes.indices.dropFirst() {
            var slot = outline.nodes[node].key.withUnsafeBytes { Self.hash(parents[node], $0) } & mask
            while slots[slot] >= 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(node)
        }
    }

    /// The node, or -1 for a key that nobody knows.
    ///
    /// `hash` is that of the key and the object around it.
    func find(_ key: UnsafeRawBufferPointer, in parent: Int, hash: inout Int) -> Int {
        hash = Self.hash(parent, key)
        var slot = hash & mask
        while slots[slot] >= 0 {
            let node = Int(slots[slot])
            if parents[node] == parent, lengths[node] == key.count, matches(node, key) { return node }
            slot = (slot &+ 1) & mask
        }
        return -1
    }

    private func matches(_ node: Int, _ key: UnsafeRawBufferPointer) -> Bool {
        guard let base = key.baseAddress, key.count > 0 else { return true }
        return bytes.withUnsafeBytes { bytes in
            bytes.baseAddress.map { memcmp($0 + starts[node], base, key.count) == 0 } ?? false
        }
    }

    /// Seeded for each process, so that no file can be made to collide.
    private static func hash(_ parent: Int, _ key: UnsafeRawBufferPointer) -> Int {
        var hasher = Hasher()
        hasher.combine(parent)
        hasher.combine(bytes: key)
        return hasher.finalize()
    }
}
