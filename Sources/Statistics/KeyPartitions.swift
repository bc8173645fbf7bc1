import Dispatch
import Synchronization
import Tables

/// A key and the number of its row.
struct KeyEntry {
    let key: Hash128
    let position: Int
}

/// Memory for entries, filled once and then read.
final class EntryBuffer: @unchecked Sendable {
    // @unchecked: one thread fills it before any other knows of it, and from then on it is only read.
    private let memory: UnsafeMutableBufferPointer<KeyEntry>
    /// Where each part begins, and where the last one ends.
    let bounds: [Int]

    /// Copies the keys of the blocks, ordered by part and within a part by row.
    init(_ blocks: [KeyBlock], bits: Int) {
        let count = blocks.reduce(0) { $0 + $1.keys.count }
        memory = .allocate(capacity: count)
        bounds = KeyPartitions.scatter(blocks, bits, memory)
    }

    deinit { memory.deallocate() }

    subscript(part part: Int) -> UnsafeBufferPointer<KeyEntry> {
        UnsafeBufferPointer(rebasing: memory[bounds[part]..<bounds[part + 1]])
    }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(memory) }
}

/// Groups keys part by part: all keys with the same highest bits are in one part, small enough for the processor's cache, and
/// parts are independent, so that all cores work on them.
enum KeyPartitions {
    /// How many keys a part should hold.
    private static let wanted = 16_384
    private static let maximumBits = 10

    /// Rows are counted from 0 over all blocks; the spilled keys come first.
    ///
    /// `surplus` are rows beyond those that are listed, by their keys.
    static func summary(
        _ blocks: [KeyBlock], _ spilled: SpilledKeys?, _ surplus: [Hash128: Int], count: Int, sampleLimit: Int
    ) throws(SpillFile.Failure) -> GroupSummary {
        if let spilled { return try summary(blocks, spilled, surplus, sampleLimit: sampleLimit) }
        let bits = (0..<maximumBits).first { count >> $0 <= wanted } ?? maximumBits
        let entries = EntryBuffer(blocks, bits: bits)
        return summed(1 << bits, sampleLimit) { part, summary in summary.add(entries[part: part], surplus) }
    }

    /// Where part of the keys is on disk, a few neighbouring parts are read at a time.
    private static func summary(
        _ blocks: [KeyBlock], _ spilled: SpilledKeys, _ surplus: [Hash128: Int], sampleLimit: Int
    ) throws(SpillFile.Failure) -> GroupSummary {
        let entries = EntryBuffer(blocks, bits: SpilledKeys.bits)
        let failure = Mutex<SpillFile.Failure?>(nil)
        let neighbours = spilled.neighbours
        let whole = summed(neighbours.count, sampleLimit) { index, summary in
            let parts = neighbours[index]
            do throws(SpillFile.Failure) {
                var keys = [KeyRun](repeating: KeyRun(), count: parts.count)
                try spilled.forEachSegment(of: parts) { part, segment in
                    summary.read(segment, into: &keys[part - parts.lowerBound])
                }
                for part in parts {
                    var run = KeyRun()
                    swap(&run, &keys[part - parts.lowerBound])
                    summary.read(entries[part: part], into: &run)
                    run.entries.withUnsafeBufferPointer { summary.add($0, surplus, run.surplus) }
                }
            } catch { failure.withLock { $0 = $0 ?? error } }
        }
        if let failure = failure.withLock({ $0 }) { throw failure }
        return whole
    }

    /// Calls `body` for each part, on all cores, and joins what comes of it.
    private static func summed(
        _ parts: Int, _ sampleLimit: Int, _ body: @Sendable (Int, inout GroupSummary) -> Void
    ) -> GroupSummary {
        let whole = Mutex(GroupSummary(sampleLimit: sampleLimit))
        DispatchQueue.concurrentPerform(iterations: parts) { part in
            var summary = GroupSummary(sampleLimit: sampleLimit)
            body(part, &summary)
            whole.withLock { $0.merge(summary) }
        }
        return whole.withLock { $0 }
    }

    /// Copies the keys to `entries`, ordered by part and within a part by row; gives where each part begins.
    static func scatter(
        _ blocks: [KeyBlock], _ bits: Int, _ entries: UnsafeMutableBufferPointer<KeyEntry>
    ) -> [Int] {
        var bounds = [Int](repeating: 0, count: (1 << bits) + 1)
        for block in blocks {
            for key in block.keys { bounds[part(key, bits) &+ 1] &+= 1 }
        }
        for part in 1..<bounds.count { bounds[part] += bounds[part - 1] }
        var next = bounds
        next.withUnsafeMutableBufferPointer { next in
            for block in blocks {
                block.keys.withUnsafeBufferPointer { keys in
                    for index in keys.indices {
                        let key = keys[index]
                        let part = part(key, bits)
                        entries.initializeElement(
                            at: next[part], to: KeyEntry(key: key, position: block.position(index)))
                        next[part] &+= 1
                    }
                }
            }
        }
        return bounds
    }

    @inline(__always)
    static func part(_ key: Hash128, _ bits: Int) -> Int {
        bits == 0 ? 0 : Int(truncatingIfNeeded: key.high &>> UInt64(64 &- bits))
    }
}

/// What is known of groups of keys.
struct GroupSummary: Sendable {
    private(set) var distinct = 0
    private(set) var repeated = 0
    private(set) var lowest: LowestPositions
    private var largest: [(position: Int, count: Int)] = []

    init(sampleLimit: Int) { lowest = LowestPositions(limit: sampleLimit) }

    /// Groups the keys of a part, which come in the order of their rows.
    ///
    /// A key with rows in the `surplus`, or among those that were `dropped`, has two and more among the entries.
    mutating func add(
        _ entries: UnsafeBufferPointer<KeyEntry>, _ surplus: [Hash128: Int], _ dropped: [Hash128: Int] = [:]
    ) {
        guard !entries.isEmpty else { return }
        var slotBits: UInt64 = 4
        while 1 << slotBits < entries.count * 2 { slotBits += 1 }
        let mask = (1 << Int(slotBits)) - 1
        // A group's first entry plus one; 0 is an empty slot.
        var slots = [UInt32](repeating: 0, count: mask + 1)
        var counts = [UInt32](repeating: 0, count: entries.count)
        slots.withUnsafeMutableBufferPointer { slots in
            counts.withUnsafeMutableBufferPointer { counts in
                for index in entries.indices {
                    let key = entries[index].key
                    var slot = Int(truncatingIfNeeded: key.low) & mask
                    while true {
                        let first = Int(slots[slot])
                        if first == 0 {
                            slots[slot] = UInt32(truncatingIfNeeded: index &+ 1)
                            counts[index] = 1
                            distinct &+= 1
                            break
                        }
                        if entries[first &- 1].key == key {
                            counts[first &- 1] &+= 1
                            lowest.offer(entries[index].position)
                            break
                        }
                        slot = (slot &+ 1) & mask
                    }
                }
                for index in entries.indices where counts[index] > 1 {
                    let key = entries[index].key
                    let more = (surplus.isEmpty ? 0 : surplus[key] ?? 0) &+ (dropped.isEmpty ? 0 : dropped[key] ?? 0)
                    let count = Int(counts[index]) &+ more
                    repeated &+= count
                    lowest.offer(entries[index].position)
                    largest.append((entries[index].position, count))
                }
            }
        }
        trim()
    }

    /// Appends keys to a run, and shortens it where it has grown a lot.
    mutating func read(_ keys: UnsafeBufferPointer<KeyEntry>, into run: inout KeyRun) {
        run.entries += keys
        if run.entries.count > run.limit { run.shorten { lowest.offer($0) } }
    }

    mutating func merge(_ other: GroupSummary) {
        distinct += other.distinct
        repeated += other.repeated
        for position in other.lowest.positions { lowest.offer(position) }
        largest += other.largest
        trim()
    }

    /// The largest groups, the earlier first among equally large ones.
    func top(_ count: Int) -> [(position: Int, count: Int)] {
        Array(largest.sorted { ($1.count, $0.position) < ($0.count, $1.position) }.prefix(count))
    }

    private mutating func trim() {
        if largest.count > 1_024 { largest = top(20) }
    }
}

/// The keys of a part while it is read, in the order of their rows: of those with many rows the first two, and a count of the others.
///
/// Memory: 48 bytes a different key, and as much again while it is shortened.
struct KeyRun {
    var entries: [KeyEntry] = []
    /// So many rows of a key aren't among the entries.
    var surplus: [Hash128: Int] = [:]
    /// With more entries than that it is to be shortened.
    var limit = 65_536

    /// Keeps two rows of each key; `forget` is told of the others.
    mutating func shorten(_ forget: (Int) -> Void) {
        var table = CodeTable(limit: entries.count)
        var keys: [Hash128] = []
        var counts: [Int] = []
        var kept = 0
        for entry in entries {
            let (code, isNew) = table.code(entry.key.low, next: keys.count) { keys[$0] == entry.key }
            if isNew {
                keys.append(entry.key)
                counts.append(0)
            }
            counts[code] += 1
            guard counts[code] <= 2 else {
                forget(entry.position)
                continue
            }
            entries[kept] = entry
            kept += 1
        }
        entries.removeLast(entries.count - kept)
        for (key, count) in zip(keys, counts) where count > 2 { surplus[key, default: 0] += count - 2 }
        limit = max(limit, 2 * kept)
    }
}
