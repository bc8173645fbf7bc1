import Dispatch
import Synchronization

/// Values as unsigned numbers of the same order, in no order of their own: in memory, and beyond a budget in private files.
struct ValueList<Key: FixedWidthInteger & UnsignedInteger & Sendable>: Sendable {
    private struct SpilledKeys: Sendable {
        var file: SpillFile
        var count: Int
    }

    private var blocks: [[Key]] = []
    private var spilled: [SpilledKeys] = []
    /// Keys in `blocks`.
    private var held = 0
    private(set) var count = 0
    /// Of no meaning without keys.
    private(set) var lowest = Key.max
    private(set) var highest = Key.min

    var heldBytes: Int { held * MemoryLayout<Key>.stride }

    mutating func append(_ keys: [Key]) {
        guard !keys.isEmpty else { return }
        for key in keys {
            lowest = min(lowest, key)
            highest = max(highest, key)
        }
        blocks.append(keys)
        held += keys.count
        count += keys.count
    }

    mutating func append(_ other: ValueList) {
        blocks += other.blocks
        spilled += other.spilled
        held += other.held
        count += other.count
        lowest = min(lowest, other.lowest)
        highest = max(highest, other.highest)
    }

    /// Writes what is in memory to disk.
    mutating func spill(to directory: String) throws(SpillFile.Failure) {
        guard held > 0 else { return }
        // A file that a copy of this list reads may not grow.
        if spilled.isEmpty || !isKnownUniquelyReferenced(&spilled[spilled.count - 1].file) {
            spilled.append(SpilledKeys(file: try SpillFile(in: directory), count: 0))
        }
        let last = spilled.count - 1
        for block in blocks {
            let offset = spilled[last].count * MemoryLayout<Key>.stride
            let written = block.withUnsafeBytes { bytes in
                Result { () throws(SpillFile.Failure) in try spilled[last].file.write(bytes, at: offset) }
            }
            try written.get()
            spilled[last].count += block.count
        }
        blocks = []
        held = 0
    }
}

extension ValueList {
    private static var pieceSize: Int { 1 << 17 }

    /// Keys that are looked at together: some blocks, or a part of a file.
    private enum Piece: Sendable {
        case blocks(Range<Int>)
        case file(Int, first: Int, count: Int)
    }

    private var pieces: [Piece] {
        var pieces: [Piece] = []
        var (first, size) = (0, 0)
        for index in blocks.indices {
            size += blocks[index].count
            if size >= Self.pieceSize || index == blocks.count - 1 {
                pieces.append(.blocks(first..<index + 1))
                (first, size) = (index + 1, 0)
            }
        }
        for file in spilled.indices {
            for first in stride(from: 0, to: spilled[file].count, by: Self.pieceSize) {
                pieces.append(.file(file, first: first, count: min(Self.pieceSize, spilled[file].count - first)))
            }
        }
        return pieces
    }

    /// Looks at all keys once, on all cores: each piece of them is added to an empty part, the parts are joined in any order.
    func reduce<Part: Sendable>(
        _ empty: Part, add: @Sendable (UnsafeBufferPointer<Key>, inout Part) -> Void,
        join: @Sendable (inout Part, Part) -> Void
    ) throws(SpillFile.Failure) -> Part {
        let pieces = pieces
        let whole = Mutex(empty)
        let failure = Mutex<SpillFile.Failure?>(nil)
        DispatchQueue.concurrentPerform(iterations: pieces.count) { index in
            var part = empty
            do throws(SpillFile.Failure) {
                switch pieces[index] {
                case .blocks(let range):
                    for block in blocks[range] { block.withUnsafeBufferPointer { add($0, &part) } }
                case .file(let file, let first, let count):
                    let keys = try keys(ofFile: file, first: first, count: count)
                    keys.withUnsafeBufferPointer { add($0, &part) }
                }
            } catch { failure.withLock { $0 = $0 ?? error } }
            whole.withLock { [part] in join(&$0, part) }
        }
        if let failure = failure.withLock({ $0 }) { throw failure }
        return whole.withLock { $0 }
    }

    private func keys(ofFile file: Int, first: Int, count: Int) throws(SpillFile.Failure) -> [Key] {
        var failure: SpillFile.Failure?
        let keys = [Key](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(SpillFile.Failure) {
                // The buffer has room for `count` keys, and any bytes are keys.
                let target = UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
                try spilled[file].file.read(into: target, at: first * MemoryLayout<Key>.stride)
                filled = count
            } catch { failure = error }
        }
        if let failure { throw failure }
        return keys
    }
}
