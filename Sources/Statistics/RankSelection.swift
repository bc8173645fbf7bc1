import Foundation

/// Finds the keys that would stand at some ranks if a list were sorted, without sorting it.
///
/// Each pass over the list cuts the intervals that hold wanted ranks into 4,096 parts and counts the keys of each: two
/// passes for most columns, at most one for each 12 bits of a key. Many intervals are cut into fewer parts, as far as there is room
/// for their counts, which takes more passes. What is left of few keys is collected and sorted.
/// Memory: 8 bytes a part on each core, no more than the room unless two parts of each interval are; and 65,536 keys.
struct RankSelection<Key: FixedWidthInteger & UnsignedInteger & Sendable> {
    private static var mostBits: Int { 12 }
    private static var sortable: Int { 1 << 16 }

    /// All keys from `low` through `high`, and which ranks are wanted of them.
    private struct Interval: Sendable {
        let low: Key
        let high: Key
        /// Keys of the list that are smaller.
        let below: Int
        let count: Int
        var ranks: [Int]

        /// `(key − low) >> shift` is the part that a key is in, of as many as so many bits count.
        func shift(toBits bits: Int) -> Int { max(0, Key.bitWidth - (high - low).leadingZeroBitCount - bits) }
    }

    private let list: ValueList<Key>
    /// Counts that one core may keep.
    private let room: Int
    private var found: [Int: Key] = [:]

    private init(_ list: ValueList<Key>, roomBytes: Int) {
        self.list = list
        // Each core has counts of its own, and they are joined in one more.
        room = roomBytes / MemoryLayout<Int>.stride / (ProcessInfo.processInfo.activeProcessorCount + 1)
    }

    /// The keys at the ranks, which count from 0 and lie within the list.
    static func keys(
        at ranks: [Int], of list: ValueList<Key>, roomBytes: Int
    ) throws(SpillFile.Failure) -> [Key] {
        precondition(ranks.allSatisfy { (0..<list.count).contains($0) }, "ranks lie within the list")
        var selection = RankSelection(list, roomBytes: roomBytes)
        try selection.find(Set(ranks).sorted())
        return ranks.compactMap { selection.found[$0] }
    }

    private mutating func find(_ ranks: [Int]) throws(SpillFile.Failure) {
        guard !ranks.isEmpty else { return }
        var open = [Interval(low: list.lowest, high: list.highest, below: 0, count: list.count, ranks: ranks)]
        while true {
            for interval in open where interval.low == interval.high {
                for rank in interval.ranks { found[rank] = interval.low }
            }
            open.removeAll { $0.low == $0.high }
            guard !open.isEmpty else { return }
            if open.reduce(0, { $0 + $1.count }) <= Self.sortable { return try sort(open) }
            open = try narrowed(open)
        }
    }

    /// The logarithm of the number of parts that each of so many intervals is cut into, where there is room for so many counts.
    static func bits(forIntervals count: Int, room: Int) -> Int {
        let share = UInt(max(2, room / count))
        return min(mostBits, UInt.bitWidth - 1 - share.leadingZeroBitCount)
    }

    /// The parts of the intervals that hold wanted ranks.
    private func narrowed(_ intervals: [Interval]) throws(SpillFile.Failure) -> [Interval] {
        let bits = Self.bits(forIntervals: intervals.count, room: room)
        let parts = 1 << bits
        let empty = [Int](repeating: 0, count: intervals.count * parts)
        let counts = try list.reduce(empty) { keys, counts in
            counts.withUnsafeMutableBufferPointer { counts in
                Self.forEach(keys, in: intervals, bits) { key, index, interval in
                    counts[index &* parts &+ Int(truncatingIfNeeded: (key &- interval.low) &>> interval.shift)] &+= 1
                }
            }
        } join: { whole, part in
            for index in whole.indices { whole[index] += part[index] }
        }
        return intervals.enumerated().flatMap { index, interval in
            Self.cut(interval, bits, counts[index * parts..<(index + 1) * parts])
        }
    }

    private static func cut(_ interval: Interval, _ bits: Int, _ counts: ArraySlice<Int>) -> [Interval] {
        var parts: [Interval] = []
        var ranks = interval.ranks[...]
        var below = interval.below
        let shift = Key(interval.shift(toBits: bits))
        let width: Key = (1 << shift) - 1
        for (part, count) in counts.enumerated() {
            let wanted = ranks.prefix { $0 < below + count }
            if !wanted.isEmpty {
                let low = interval.low + Key(part) << shift
                let high = interval.high - low < width ? interval.high : low + width
                parts.append(Interval(low: low, high: high, below: below, count: count, ranks: Array(wanted)))
                ranks = ranks.dropFirst(wanted.count)
            }
            below += count
        }
        return parts
    }

    private mutating func sort(_ intervals: [Interval]) throws(SpillFile.Failure) {
        let empty = [[Key]](repeating: [], count: intervals.count)
        let collected = try list.reduce(empty) { keys, collected in
            Self.forEach(keys, in: intervals, Self.mostBits) { key, index, _ in collected[index].append(key) }
        } join: { whole, part in
            for index in whole.indices { whole[index] += part[index] }
        }
        for (interval, keys) in zip(intervals, collected) {
            let sorted = keys.sorted()
            for rank in interval.ranks { found[rank] = sorted[rank - interval.below] }
        }
    }

    /// Calls `body` for each key that lies in one of the intervals, which are ascending and disjoint.
    @inline(__always)
    private static func forEach(
        _ keys: UnsafeBufferPointer<Key>, in intervals: [Interval], _ bits: Int, _ body: (Key, Int, Target) -> Void
    ) {
        let targets = intervals.map { Target(low: $0.low, high: $0.high, shift: Key($0.shift(toBits: bits))) }
        targets.withUnsafeBufferPointer { targets in
            for key in keys {
                var index = 0
                var last = targets.count &- 1
                while index < last {
                    let middle = (index &+ last) &>> 1
                    if key > targets[middle].high { index = middle &+ 1 } else { last = middle }
                }
                let target = targets[index]
                if key >= target.low, key <= target.high { body(key, index, target) }
            }
        }
    }

    private struct Target {
        let low: Key
        let high: Key
        let shift: Key
    }
}
