public import Tables

/// Which rows are considered where a key has several columns.
public enum IgnoreRowIf: String, Sendable, Hashable, CaseIterable {
    case allValuesAreMissing = "all_values_are_missing"
    case anyValueIsMissing = "any_value_is_missing"
    case never
}

/// Groups rows by a key, exactly: how many different keys there are, and which rows share one.
///
/// Keys are told apart by 128-bit hashes; two different ones collide with a probability of n² / 2^129, less than 10^-20
/// for a thousand million rows. Memory: 32 bytes a distinct key, at a load of at most three quarters.
public struct KeyGroups: Accumulator {
    public struct Result: Sendable {
        /// Rows that were selected.
        public let elements: Int
        /// Rows that were grouped.
        public let considered: Int
        public let distinct: Int
        /// Rows whose key another row has as well.
        public let repeated: Int
        /// Numbers of the first rows in groups of two or more, ascending, from 0.
        public let firstRepeated: [Int]
        /// The largest groups of two or more: number of their first row, and their size.
        public let largest: [(position: Int, count: Int)]
    }

    private let columns: [Int]
    private let ignoring: IgnoreRowIf
    private let sampleLimit: Int

    private var rows = 0
    private var elements = 0
    private var considered = 0
    private var table = GroupTable()
    /// Keys that are not in the table yet, in input order.
    private var tail: [(key: Hash128, position: Int)] = []
    /// Rows that are not the first of their group.
    private var later: LowestPositions

    /// Groups by the columns of these schema indices. `sampleLimit` repeated rows are remembered.
    public init(columns: [Int], ignoring: IgnoreRowIf, sampleLimit: Int) {
        self.columns = columns
        self.ignoring = ignoring
        self.sampleLimit = sampleLimit
        later = LowestPositions(limit: sampleLimit)
    }

    public mutating func update(_ batch: Batch, rows selected: Bitmap?) {
        let keys = columns.map { batch.column($0) }
        var wanted = ignoring.considered(keys, rowCount: batch.rowCount)
        if let selected { wanted.formIntersection(selected) }
        elements += selected?.population ?? batch.rowCount
        considered += wanted.population
        let hashes = RowHasher(keys).hashes(rowCount: batch.rowCount)
        if table.isEmpty {
            tail.reserveCapacity(tail.count + wanted.count)
            wanted.forEach { tail.append((hashes[$0], rows + $0)) }
        } else {
            wanted.forEach { insert(hashes[$0], count: 1, first: rows + $0) }
        }
        rows += batch.rowCount
    }

    public mutating func merge(_ other: KeyGroups) {
        drainTail()
        var moved = other.later
        moved.shift(by: rows)
        for position in moved.positions { later.offer(position) }
        other.table.forEach { insert($0.key, count: $0.count, first: $0.first + rows) }
        for entry in other.tail { insert(entry.key, count: 1, first: entry.position + rows) }
        rows += other.rows
        elements += other.elements
        considered += other.considered
    }

    private mutating func drainTail() {
        for entry in tail { insert(entry.key, count: 1, first: entry.position) }
        tail = []
    }

    @inline(__always)
    private mutating func insert(_ key: Hash128, count: Int, first: Int) {
        // Rows come in order, so a key that is there already came first.
        if table.insert(key, count: count, first: first) { later.offer(first) }
    }

    public func finish() -> Result {
        var whole = self
        if !tail.isEmpty { whole.drainTail() }
        var repeated = 0
        var lowest = whole.later
        var largest: [(position: Int, count: Int)] = []
        whole.table.forEach { group in
            guard group.count > 1 else { return }
            repeated += group.count
            lowest.offer(group.first)
            largest.append((group.first, group.count))
            if largest.count > 4_096 { largest = Self.top(largest) }
        }
        return Result(
            elements: elements, considered: considered, distinct: whole.table.count, repeated: repeated,
            firstRepeated: lowest.positions, largest: Self.top(largest))
    }

    private static func top(_ groups: [(position: Int, count: Int)]) -> [(position: Int, count: Int)] {
        Array(groups.sorted { ($1.count, $0.position) < ($0.count, $1.position) }.prefix(20))
    }
}

extension IgnoreRowIf {
    /// The rows that count, given the columns of the key.
    public func considered(_ keys: [Column], rowCount: Int) -> Bitmap {
        guard let first = keys.first, self != .never else { return Bitmap(repeating: true, count: rowCount) }
        return keys.dropFirst().reduce(first.present) {
            self == .anyValueIsMissing ? $0.intersection($1.present) : $0.union($1.present)
        }
    }
}

/// A hash table with open addressing from keys to the size of their group and its first row.
struct GroupTable: Sendable {
    struct Group: Sendable {
        var key: Hash128
        var count: Int
        var first: Int
    }

    private var slots: [Group] = []
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    /// Adds rows to a group; tells whether the group was there.
    @inline(__always)
    mutating func insert(_ key: Hash128, count added: Int, first: Int) -> Bool {
        if count &* 4 >= slots.count &* 3 { grow() }
        let mask = slots.count &- 1
        let isKnown = slots.withUnsafeMutableBufferPointer { slots in
            var index = Int(truncatingIfNeeded: key.low) & mask
            while slots[index].count != 0 {
                if slots[index].key == key {
                    slots[index].count &+= added
                    return true
                }
                index = (index &+ 1) & mask
            }
            slots[index] = Group(key: key, count: added, first: first)
            return false
        }
        if !isKnown { count &+= 1 }
        return isKnown
    }

    private mutating func grow() {
        let empty = Group(key: Hash128(high: 0, low: 0), count: 0, first: 0)
        let old = slots
        slots = [Group](repeating: empty, count: max(64, old.count * 2))
        count = 0
        for group in old where group.count != 0 { _ = insert(group.key, count: group.count, first: group.first) }
    }

    func forEach(_ body: (Group) -> Void) {
        for group in slots where group.count != 0 { body(group) }
    }
}
