import Tables

/// Keys on disk, in parts by their highest bits.
///
/// What is written at once lies in the order of its parts, so that neighbouring parts are read with one call, where single ones of
/// many small spills would take a call for a few kilobytes each.
struct SpilledKeys: Sendable {
    static let bits = 8
    private static let parts = 1 << bits

    /// Keys that were written at once, ordered by part and within a part by row.
    private struct Spill: Sendable {
        let offset: Int
        /// Which key is the first of each part, and last, how many there are.
        let bounds: [Int]

        func count(of parts: Range<Int>) -> Int { bounds[parts.upperBound] - bounds[parts.lowerBound] }
    }

    private let file: SpillFile
    private var spills: [Spill] = []
    private var size = 0

    init(in directory: String) throws(SpillFile.Failure) { file = try SpillFile(in: directory) }

    /// Writes the keys of blocks whose rows follow those that are there.
    mutating func append(_ blocks: [KeyBlock]) throws(SpillFile.Failure) {
        let entries = EntryBuffer(blocks, bits: Self.bits)
        try file.write(entries.bytes, at: size)
        spills.append(Spill(offset: size, bounds: entries.bounds))
        size += entries.bytes.count
    }

    /// Writes the keys that others have on disk, whose rows follow those that are there; their rows are counted from `firstRow`.
    mutating func append(_ other: SpilledKeys, firstRow: Int) throws(SpillFile.Failure) {
        for spill in other.spills {
            let offset = size
            try other.forEachBlock(of: spill, keys: 0..<spill.count(of: 0..<Self.parts)) {
                keys throws(SpillFile.Failure) in
                for index in keys.indices {
                    keys[index] = KeyEntry(key: keys[index].key, position: keys[index].position + firstRow)
                }
                try file.write(UnsafeRawBufferPointer(keys), at: size)
                size += keys.count * MemoryLayout<KeyEntry>.stride
            }
            spills.append(Spill(offset: offset, bounds: spill.bounds))
        }
    }

    /// All parts, in ranges that are to be read together: of at most a thirty-second of the keys and 4 MB, or one part.
    var neighbours: [Range<Int>] {
        let most = min(4 << 20, size / 32) / MemoryLayout<KeyEntry>.stride
        var ranges: [Range<Int>] = []
        var count = 0
        for part in 0..<Self.parts {
            let more = spills.reduce(0) { $0 + $1.count(of: part..<part + 1) }
            if let last = ranges.last, count + more <= most {
                ranges[ranges.count - 1] = last.lowerBound..<part + 1
                count += more
            } else {
                ranges.append(part..<part + 1)
                count = more
            }
        }
        return ranges
    }

    /// Calls `body` with the keys of neighbouring parts, those of each part in the order of their rows, some at a time.
    func forEachSegment(
        of parts: Range<Int>, _ body: (_ part: Int, UnsafeBufferPointer<KeyEntry>) -> Void
    ) throws(SpillFile.Failure) {
        for spill in spills {
            var part = parts.lowerBound
            var next = spill.bounds[part]
            try forEachBlock(of: spill, keys: next..<spill.bounds[parts.upperBound]) { block in
                let end = next + block.count
                while next < end {
                    while spill.bounds[part + 1] <= next { part += 1 }
                    let last = min(end, spill.bounds[part + 1])
                    let start = next + block.count - end
                    body(part, UnsafeBufferPointer(rebasing: block[start..<start + last - next]))
                    next = last
                }
            }
        }
    }

    /// Reads keys of a spill, a megabyte at a time at most.
    private func forEachBlock(
        of spill: Spill, keys: Range<Int>,
        _ body: (UnsafeMutableBufferPointer<KeyEntry>) throws(SpillFile.Failure) -> Void
    ) throws(SpillFile.Failure) {
        let stride = MemoryLayout<KeyEntry>.stride
        let most = min(keys.count, (1 << 20) / stride)
        let buffer = UnsafeMutableBufferPointer<KeyEntry>.allocate(capacity: most)
        defer { buffer.deallocate() }
        var next = keys.lowerBound
        while next < keys.upperBound {
            let block = UnsafeMutableBufferPointer(rebasing: buffer[..<min(most, keys.upperBound - next)])
            try file.read(into: UnsafeMutableRawBufferPointer(block), at: spill.offset + next * stride)
            try body(block)
            next += block.count
        }
    }
}
