public import Tables

/// A row that was picked from a scan, with the values that are shown of it.
public struct SampledRow: Sendable, Equatable {
    /// Number of the row in the table, from 0.
    public var position: Int
    public let partition: Int
    public let byteOffset: Int64?
    /// Of the columns that were judged, in their order.
    public let values: [Value]
    /// Of the columns that name the row.
    public let index: [Value]
}

/// What to keep of failing rows.
public struct SampleSpecification: Sendable, Hashable {
    /// The first so many, by position.
    public let limit: Int
    /// Columns that name a row, by the schema's index.
    public let indexColumns: [Int]
    /// Whether values are kept, or places only.
    public let keepsValues: Bool

    public init(limit: Int, indexColumns: [Int] = [], keepsValues: Bool = true) {
        self.limit = limit
        self.indexColumns = indexColumns
        self.keepsValues = keepsValues
    }

    public var projection: Projection {
        Projection(Dictionary(uniqueKeysWithValues: Set(indexColumns).map { ($0, [.values, .text]) }))
    }
}

/// The smallest so many positions that were offered, ascending.
struct LowestPositions: Sendable, Equatable {
    let limit: Int
    private(set) var positions: [Int] = []

    init(limit: Int) { self.limit = limit }

    mutating func offer(_ position: Int) {
        guard limit > 0 else { return }
        if positions.count == limit {
            guard let last = positions.last, position < last else { return }
            positions.removeLast()
        }
        var low = 0
        var high = positions.count
        while low < high {
            let middle = (low + high) / 2
            if positions[middle] < position { low = middle + 1 } else { high = middle }
        }
        positions.insert(position, at: low)
    }

    mutating func shift(by distance: Int) {
        for index in positions.indices { positions[index] += distance }
    }
}

/// Counts how often each value occurs, exactly, or not at all where there are too many different ones.
///
/// Memory: one entry a distinct value, `limit` at most.
public struct ValueCounts: Sendable, Equatable {
    public struct Entry: Sendable, Equatable {
        public let values: [Value]
        public fileprivate(set) var count: Int
        /// Number of the first row with the value.
        public fileprivate(set) var position: Int
    }

    public static let limit = 1_000

    private var entries: [Hash128: Entry] = [:]
    /// True once there were more than `limit` different values: then nothing is said, so that what is said doesn't
    /// depend on where the rows were cut.
    public private(set) var isOverflowing = false

    public init() {}

    /// Counts so many rows with a value, the first of them at `position`.
    mutating func add(_ hash: Hash128, count: Int = 1, position: Int, values: () -> [Value]) {
        guard !isOverflowing else { return }
        if let known = entries[hash] {
            entries[hash]?.count += count
            if position < known.position { entries[hash]?.position = position }
            return
        }
        entries[hash] = Entry(values: values(), count: count, position: position)
        checkLimit()
    }

    mutating func merge(_ other: ValueCounts, shiftedBy distance: Int) {
        isOverflowing = isOverflowing || other.isOverflowing
        if !isOverflowing {
            for (hash, entry) in other.entries {
                if (entries[hash]?.count += entry.count) != nil { continue }
                var moved = entry
                moved.position += distance
                entries[hash] = moved
            }
        }
        checkLimit()
    }

    private mutating func checkLimit() {
        if entries.count > Self.limit { isOverflowing = true }
        if isOverflowing { entries = [:] }
    }

    /// The most frequent values, the earlier first among equally frequent ones; `nil` where there were too many.
    public func top(_ count: Int) -> [Entry]? {
        guard !isOverflowing else { return nil }
        let sorted = entries.values.sorted { ($1.count, $0.position) < ($0.count, $1.position) }
        return Array(sorted.prefix(count))
    }
}
