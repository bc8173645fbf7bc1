import Synchronization
public import Tables

/// Counts how often each value occurs, exactly, or not at all where there are too many different ones: sketches of what is frequent
/// say something else wherever the rows are cut otherwise.
///
/// Memory: one entry of some 150 bytes a distinct value, `limit` at most, and `byteLimit` bytes of text.
public struct ValueCounts: Sendable {
    public struct Entry: Sendable, Equatable {
        public let values: [ShownValue]
        public fileprivate(set) var count: Int
        /// Number of the first row with the value.
        public fileprivate(set) var position: Int
    }

    /// Different values that are counted.
    public static let limit = 10_000
    /// Bytes of the texts among them, together.
    public static let byteLimit = 1 << 20

    private var entries: [Hash128: Entry] = [:]
    private var textBytes = 0
    /// True once there were too many different values, or too long ones: then nothing is said, so that what is said doesn't
    /// depend on where the rows were cut.
    public private(set) var isOverflowing = false
    /// Shared by all copies: what is too much for a part is too much for the whole, and the other parts needn't count.
    private let overflow = Overflow()

    /// Gives up where another part has: more values would be counted in vain.
    mutating func heedOthers() {
        if !isOverflowing, overflow.isKnown.load(ordering: .relaxed) { giveUp() }
    }

    private final class Overflow: Sendable {
        let isKnown = Atomic(false)
    }

    public init() {}

    /// Counts so many rows with a value, the first of them at `position`.
    mutating func add(_ hash: Hash128, count: Int = 1, position: Int, values: () -> [ShownValue]) {
        guard !isOverflowing else { return }
        if let known = entries[hash] {
            entries[hash]?.count += count
            if position < known.position { entries[hash]?.position = position }
            return
        }
        insert(hash, Entry(values: values(), count: count, position: position))
    }

    /// Whether to count values whose hashes begin with these: not where there are too many different ones among them.
    ///
    /// Finding that out first costs less than keeping values until there are too many.
    mutating func hasRoom(for hashes: some Sequence<Hash128>) -> Bool {
        var new: Set<Hash128> = []
        for hash in hashes where entries[hash] == nil {
            new.insert(hash)
            guard entries.count + new.count <= Self.limit else {
                giveUp()
                return false
            }
        }
        return !isOverflowing
    }

    mutating func merge(_ other: ValueCounts, shiftedBy distance: Int) {
        if other.isOverflowing { giveUp() }
        for (hash, entry) in other.entries {
            guard !isOverflowing else { return }
            if (entries[hash]?.count += entry.count) != nil { continue }
            var moved = entry
            moved.position += distance
            insert(hash, moved)
        }
    }

    private mutating func insert(_ hash: Hash128, _ entry: Entry) {
        entries[hash] = entry
        textBytes += entry.textBytes
        if entries.count > Self.limit || textBytes > Self.byteLimit || overflow.isKnown.load(ordering: .relaxed) {
            giveUp()
        }
    }

    private mutating func giveUp() {
        isOverflowing = true
        entries = [:]
        overflow.isKnown.store(true, ordering: .relaxed)
    }

    /// The most frequent values, the earlier first among equally frequent ones; `nil` where there were too many.
    public func top(_ count: Int) -> [Entry]? {
        guard !isOverflowing else { return nil }
        let sorted = entries.values.sorted { ($1.count, $0.position) < ($0.count, $1.position) }
        return Array(sorted.prefix(count))
    }
}

extension ValueCounts: Equatable {
    public static func == (left: ValueCounts, right: ValueCounts) -> Bool {
        left.isOverflowing == right.isOverflowing && left.entries == right.entries
    }
}

extension ValueCounts.Entry {
    fileprivate var textBytes: Int {
        values.reduce(0) { $0 + $1.byteCount }
    }
}
