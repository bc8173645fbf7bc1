public import Tables

/// A set of keys that only grows: which ones were seen before.
///
/// Memory: 19 through 32 bytes a key once there are some thousands. Keys are told apart by 128-bit hashes. They lie in 256 tables with open
/// addressing, so that growing moves a 256th of them at a time.
public struct SeenKeys: Sendable {
    private var shards = [Shard](repeating: Shard(), count: 256)

    public init() {}

    public var count: Int { shards.reduce(0) { $0 + $1.count } }

    /// Bytes that the tables take.
    public var byteCount: Int { shards.reduce(0) { $0 + $1.slots.count * MemoryLayout<Hash128>.stride } }

    public func contains(_ key: Hash128) -> Bool { shards[Self.shard(key)].contains(key) }

    /// Puts a key in; whether it was new.
    public mutating func insert(_ key: Hash128) -> Bool { shards[Self.shard(key)].insert(key) }

    @inline(__always)
    private static func shard(_ key: Hash128) -> Int { Int(truncatingIfNeeded: key.high & 0xFF) }

    private struct Shard: Sendable {
        /// An empty slot holds zeros; the key of zeros is held apart.
        var slots: [Hash128] = []
        var count = 0
        private var hasZero = false

        private static let empty = Hash128(high: 0, low: 0)

        func contains(_ key: Hash128) -> Bool {
            if key == Self.empty { return hasZero }
            return !slots.isEmpty && slots[place(of: key)] == key
        }

        mutating func insert(_ key: Hash128) -> Bool {
            if key == Self.empty {
                defer { hasZero = true }
                if !hasZero { count += 1 }
                return !hasZero
            }
            // At most 85 in 100 slots are taken.
            if (count + 1) * 20 > slots.count * 17 { grow() }
            let place = place(of: key)
            guard slots[place] != key else { return false }
            slots[place] = key
            count += 1
            return true
        }

        /// The slot that holds the key, or the empty one where it belongs.
        @inline(__always)
        private func place(of key: Hash128) -> Int {
            // The hash's high half as a fraction of the table, so that its size may be any.
            var place = Int(truncatingIfNeeded: (key.low).multipliedFullWidth(by: UInt64(slots.count)).high)
            while slots[place] != Self.empty, slots[place] != key {
                place += 1
                if place == slots.count { place = 0 }
            }
            return place
        }

        private mutating func grow() {
            let old = slots
            slots = [Hash128](repeating: Self.empty, count: max(16, old.count + old.count * 3 / 5))
            for key in old where key != Self.empty { slots[place(of: key)] = key }
        }
    }
}
