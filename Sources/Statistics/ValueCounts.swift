import Synchronization
public import Tables

/// Counts how often each value occurs, exactly, or not at all where there are too many different ones: sketches of what is frequent
/// say something else wherever the rows are cut otherwise.
///
/// Memory: some 60 bytes a distinct value, `limit` at most, and its text, `byteLimit` bytes of these. The budget is told of it as parts
/// are joined; where that is passed, nothing is counted any more.
public struct ValueCounts: Sendable {
    public struct Entry: Sendable, Equatable {
        public let values: [ShownValue]
        public let count: Int
        /// Number of the first row with the value.
        public let position: Int
    }

    private struct Count {
        var count: Int
        /// Number of the first row with the value.
        var position: Int
        /// Where the values are packed that are shown for it.
        let place: Range<UInt32>
        /// Of their texts.
        let textBytes: UInt32

        func precedes(_ other: Count) -> Bool { (other.count, position) < (count, other.position) }
    }

    /// Different values that are counted.
    public static let limit = 10_000
    /// Bytes of the texts among them, together.
    public static let byteLimit = 1 << 20
    /// Fewer bytes stay in memory, whatever the budget says.
    private static let leastGivenUp = 1 << 16

    private let budget: MemoryBudget
    private var entries: [Hash128: Count] = [:]
    /// The values that are shown, packed: how many, and each of them.
    private var packed = ByteWriter()
    private var textBytes = 0
    /// Bytes that the budget has been told of.
    private var counted = 0
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

    public init(budget: MemoryBudget = .unlimited) { self.budget = budget }

    /// Counts so many rows with a value, the first of them at `position`.
    mutating func add(_ hash: Hash128, count: Int = 1, position: Int, values: () -> [ShownValue]) {
        guard !isOverflowing, !add(hash, count, position) else { return }
        let values = values()
        let start = packed.bytes.count
        packed.appendShort(UInt(values.count))
        for value in values { packed.append(value) }
        insert(
            hash, count, position, from: start, textBytes: UInt32(values.reduce(0) { $0 + $1.byteCount }))
    }

    /// Counts rows with a value that is known; `false` where it isn't.
    private mutating func add(_ hash: Hash128, _ count: Int, _ position: Int) -> Bool {
        guard let index = entries.index(forKey: hash) else { return false }
        entries.values[index].count += count
        entries.values[index].position = min(entries.values[index].position, position)
        return true
    }

    /// Takes in a value whose packed form begins at `start` and is the last so far.
    private mutating func insert(_ hash: Hash128, _ count: Int, _ position: Int, from start: Int, textBytes: UInt32) {
        entries[hash] = Count(
            count: count, position: position, place: UInt32(start)..<UInt32(packed.bytes.count), textBytes: textBytes)
        self.textBytes += Int(textBytes)
        if entries.count > Self.limit || self.textBytes > Self.byteLimit || overflow.isKnown.load(ordering: .relaxed) {
            giveUp()
        }
    }

    /// Whether to count so many rows, whose values' hashes begin with these: not where there are too many different ones among them.
    ///
    /// Finding that out first costs less than keeping values until there are too many.
    mutating func hasRoom(for rowCount: Int, _ hashes: some Sequence<Hash128>) -> Bool {
        guard !isOverflowing, entries.count + rowCount > Self.limit else { return !isOverflowing }
        var new: Set<Hash128> = []
        for hash in hashes where entries[hash] == nil {
            new.insert(hash)
            guard entries.count + new.count <= Self.limit else {
                giveUp()
                return false
            }
        }
        return true
    }

    mutating func merge(_ other: ValueCounts, shiftedBy distance: Int) {
        if other.isOverflowing { giveUp() }
        other.packed.bytes.withUnsafeBytes { bytes in
            for (hash, entry) in other.entries {
                guard !isOverflowing else { return }
                if add(hash, entry.count, entry.position + distance) { continue }
                let start = packed.bytes.count
                packed.append(Self.packed(entry, in: bytes))
                insert(hash, entry.count, entry.position + distance, from: start, textBytes: entry.textBytes)
            }
        }
        settle()
    }

    private static func packed(_ entry: Count, in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[Int(entry.place.lowerBound)..<Int(entry.place.upperBound)])
    }

    private static func values(_ packed: UnsafeRawBufferPointer) -> [ShownValue] {
        var reader = ByteReader(packed)
        return (0..<(reader.short() ?? 0)).compactMap { _ in reader.shownValue() }
    }

    /// Tells the budget what is in memory, and gives up where that is too much.
    private mutating func settle() {
        let size = entries.count * (MemoryLayout<(Hash128, Count)>.stride * 4 / 3) + packed.bytes.count
        let isTooMuch = budget.add(size - counted)
        counted = size
        guard isTooMuch, size >= Self.leastGivenUp else { return }
        giveUp()
        _ = budget.add(-counted)
        counted = 0
    }

    private mutating func giveUp() {
        isOverflowing = true
        entries = [:]
        packed = ByteWriter()
        overflow.isKnown.store(true, ordering: .relaxed)
    }

    /// The most frequent values, the earlier first among equally frequent ones; `nil` where there were too many.
    public func top(_ count: Int) -> [Entry]? {
        guard !isOverflowing else { return nil }
        var best: [Count] = []
        for entry in entries.values where best.count < count || entry.precedes(best[count - 1]) {
            let place = best.firstIndex { entry.precedes($0) } ?? best.count
            best.insert(entry, at: place)
            if best.count > count { best.removeLast() }
        }
        return packed.bytes.withUnsafeBytes { bytes in
            best.map {
                Entry(values: Self.values(Self.packed($0, in: bytes)), count: $0.count, position: $0.position)
            }
        }
    }
}

extension ValueCounts: Equatable {
    /// Whether both tell the same.
    public static func == (left: ValueCounts, right: ValueCounts) -> Bool { left.top(limit) == right.top(limit) }
}
