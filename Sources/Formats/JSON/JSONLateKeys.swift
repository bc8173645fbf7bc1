import Tables

/// Keys that first appear behind the beginning of the files, and where their values lie.
///
/// One that nobody knew of is noted in every row of the first chunk that has it, so that its values there tell its type; one that was
/// awaited is noted once. One worker's own.
struct JSONLateKeys {
    struct Key {
        let row: Int
        /// The known object around it and, between their quotes, the keys from there; of an awaited one, itself and none.
        let node: Int
        var path: [Range<Int>] = []
        /// Where its value begins.
        var place = 0
        /// Of the path; seeded for each process, so that no file can be made to collide.
        var hash = 0

        var isAwaited: Bool { path.isEmpty }
    }

    /// So many are noted and no more: files may have keys that are no names, but numbers or times.
    static let limit = 10_000

    /// Of the chunk at hand, in order.
    private(set) var keys: [Key] = []
    /// Hashes of those of the chunks before.
    private var known: Set<Int> = []

    func isNew(_ hash: Int) -> Bool { known.count < Self.limit && !known.contains(hash) }

    mutating func note(_ key: Key) { keys.append(key) }

    /// Forgets the keys of a row that turned out to be none; gives them.
    mutating func forget(row: Int) -> [Key] {
        var forgotten: [Key] = []
        while let last = keys.last, last.row == row { forgotten.append(keys.removeLast()) }
        return forgotten
    }

    /// Begins another chunk.
    mutating func beginChunk() {
        for key in keys where !key.isAwaited { known.insert(key.hash) }
        keys.removeAll(keepingCapacity: true)
    }

    /// The columns that the chunk's keys are, in order of first appearance.
    func columns(
        _ outline: JSONOutline, _ scanner: inout JSONScanner, _ options: JSONOptions, batch: Int
    ) -> [LateColumn] {
        var late = JSONOutline()
        for key in keys {
            guard !key.isAwaited else {
                late.declare(outline.name(key.node))
                continue
            }
            var path = outline.path(key.node)
            for range in key.path {
                var text: [UInt8] = []
                JSONText.append(UnsafeRawBufferPointer(rebasing: scanner.bytes[range]), to: &text)
                path.append(text)
            }
            guard path.allSatisfy({ $0.withUnsafeBytes { TextCheck.firstInvalid($0, from: 0) == nil } }) else {
                continue
            }
            late.take(path, valueAt: key.place, &scanner, options)
        }
        let columns = late.nodes.indices.filter { late.nodes[$0].isColumn }.prefix(Self.limit)
        return columns.enumerated().map { number, node in
            let inference = late.nodes[node].inference
            return LateColumn(
                name: late.name(node), type: inference.isEmpty ? nil : inference.result,
                place: LateColumn.Place(batch: batch, number: number))
        }
    }
}
