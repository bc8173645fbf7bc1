import Tables

/// Keys and the time buckets that they were seen in; a key may be there once a bucket.
///
/// Memory: 27 to 31 bytes a key once there are some ten thousands. The keys lie in 256 shards, so that growing moves a 256th of them at a
/// time. Within a shard they stand in the order of their hashes, each at or behind its home place: a search ends at the first greater
/// one, and making room, shrinking and sweeping are passes from the left to the right.
struct KeyTable: Sendable {
    private var shards = [Shard](repeating: Shard(), count: Self.shardCount)
    static let shardCount = 256
    /// Nothing but what keeps the compiler from leaving out reads ahead of time.
    private var fetched: UInt64 = 0

    /// 20 bytes: a key in two words would be moved to 24.
    struct Entry: Sendable {
        private let words: (UInt32, UInt32, UInt32, UInt32)
        let bucket: Int32

        @inline(__always)
        init(_ key: Hash128, bucket: Int32) {
            words = (
                UInt32(truncatingIfNeeded: key.low), UInt32(truncatingIfNeeded: key.low &>> 32),
                UInt32(truncatingIfNeeded: key.high), UInt32(truncatingIfNeeded: key.high &>> 32)
            )
            self.bucket = bucket
        }

        fileprivate static let empty = Entry(Hash128(high: 0, low: 0), bucket: KeyBuckets.none)

        @inline(__always) var low: UInt64 { UInt64(words.0) | UInt64(words.1) &<< 32 }
        @inline(__always) var high: UInt64 { UInt64(words.2) | UInt64(words.3) &<< 32 }
        @inline(__always) var isEmpty: Bool { bucket == KeyBuckets.none }
        @inline(__always) var shard: Int { Int(truncatingIfNeeded: words.2 & 0xFF) }
    }

    var count: Int { shards.reduce(0) { $0 + $1.count } }
    var byteCount: Int {
        shards.reduce(MemoryLayout<Shard>.stride * Self.shardCount) {
            $0 + $1.slots.capacity * MemoryLayout<Entry>.stride
        }
    }

    /// Whether the key was seen in the bucket or one at most so many away.
    func contains(_ entry: Entry, reach: UInt32) -> Bool { shards[entry.shard].contains(entry, reach: reach) }

    /// Puts a key in, unless it was seen in the bucket or one at most so many away; whether it is in now for this bucket.
    @inline(__always)
    mutating func insert(_ entry: Entry, reach: UInt32) -> Bool { shards[entry.shard].insert(entry, reach: reach) }

    /// Puts many keys in, in their order, and tells of each whether it was put in.
    ///
    /// The slots of some are fetched at once: one after the other, each would wait for the memory.
    @inline(__always)
    mutating func insert(_ entries: [Entry], reach: UInt32, _ body: (Int, Bool) -> Void) {
        var first = 0
        while first < entries.count {
            let end = min(first &+ 32, entries.count)
            for index in first..<end { fetch(entries[index]) }
            for index in first..<end { body(index, insert(entries[index], reach: reach)) }
            first = end
        }
    }

    /// Reads a slot that will be looked at for a key, so that it is at hand then.
    @inline(__always)
    mutating func fetch(_ entry: Entry) { fetched &+= shards[entry.shard].peek(entry) }

    mutating func remove(_ entry: Entry) { shards[entry.shard].remove(entry) }

    /// Hands over all that is there, in an order that depends on nothing but what is there.
    func forEach(_ body: (Entry) throws -> Void) rethrows {
        for shard in shards { for entry in shard.slots where !entry.isEmpty { try body(entry) } }
    }

    /// Takes out everything before a bucket, and gives back its memory; the earliest bucket that is left, `nil` where nothing is.
    mutating func sweep(before bucket: Int32) -> Int32? {
        var earliest: Int32?
        for shard in shards.indices {
            guard let first = shards[shard].sweep(before: bucket) else { continue }
            earliest = min(earliest ?? first, first)
        }
        return earliest
    }

    /// Makes room for so many keys in all, if their hashes are as even as hashes are.
    mutating func reserve(_ count: Int) {
        guard count >= 1 << 14 else { return }
        for shard in shards.indices { shards[shard].reserve(count / Self.shardCount) }
    }
}

private struct Shard: Sendable {
    /// Sorted by `low`, with gaps; behind the places that are home to a key lie some more.
    var slots: [KeyTable.Entry] = []
    var count = 0
    /// How many places are home to a key.
    private var homes: UInt64 = 0

    @inline(__always)
    private func home(_ low: UInt64) -> Int { Int(truncatingIfNeeded: low.multipliedFullWidth(by: homes).high) }

    /// Whatever is at the entry's home.
    @inline(__always)
    func peek(_ entry: KeyTable.Entry) -> UInt64 { slots.isEmpty ? 0 : slots[home(entry.low)].low }

    func contains(_ entry: KeyTable.Entry, reach: UInt32) -> Bool {
        guard count > 0 else { return false }
        return slots.withUnsafeBufferPointer { slots in
            var place = home(entry.low)
            // The last slot is always empty.
            while !slots[place].isEmpty, slots[place].low <= entry.low {
                if slots[place].isNear(entry, reach: reach) { return true }
                place &+= 1
            }
            return false
        }
    }

    @inline(__always)
    mutating func insert(_ entry: KeyTable.Entry, reach: UInt32) -> Bool {
        // At most three of four homes are taken.
        if UInt64(count &+ 1) &* 4 > homes &* 3 { lay(out: max(8, homes &+ homes / 8)) }
        while true {
            let home = home(entry.low)
            let isNew = slots.withUnsafeMutableBufferPointer { slots -> Bool? in
                var place = home
                while !slots[place].isEmpty, slots[place].low <= entry.low {
                    if slots[place].isNear(entry, reach: reach) { return false }
                    place &+= 1
                }
                var gap = place
                while !slots[gap].isEmpty { gap &+= 1 }
                // The last slot stays empty: searches end there.
                guard gap &+ 1 < slots.count, let base = slots.baseAddress else { return nil }
                (base + place + 1).update(from: base + place, count: gap &- place)
                slots[place] = entry
                return true
            }
            if let isNew {
                if isNew { count &+= 1 }
                return isNew
            }
            lay(out: homes &+ homes / 8 &+ 1)
        }
    }

    mutating func remove(_ entry: KeyTable.Entry) {
        guard count > 0 else { return }
        var place = home(entry.low)
        while !slots[place].isEmpty, slots[place].low <= entry.low {
            guard slots[place].isNear(entry, reach: 0) else {
                place += 1
                continue
            }
            // What stands behind it moves up as far as it is not at home.
            while !slots[place + 1].isEmpty, home(slots[place + 1].low) <= place {
                slots[place] = slots[place + 1]
                place += 1
            }
            slots[place] = .empty
            count -= 1
            return
        }
    }

    mutating func reserve(_ expected: Int) {
        let homes = UInt64(expected) * 7 / 5 + 1
        if homes > self.homes { lay(out: homes) }
    }

    /// The earliest bucket that is left.
    mutating func sweep(before bucket: Int32) -> Int32? {
        var earliest: Int32?
        var left = 0
        for entry in slots where entry.bucket >= bucket {
            earliest = min(earliest ?? entry.bucket, entry.bucket)
            left += 1
        }
        guard left < count else { return earliest }
        let kept = slots.filter { $0.bucket >= bucket }
        slots = []
        (count, homes) = (0, 0)
        guard !kept.isEmpty else { return nil }
        lay(kept, out: max(8, UInt64(kept.count) * 7 / 5))
        return earliest
    }

    private mutating func lay(out homes: UInt64) {
        let entries = slots
        slots = []
        lay(entries, out: homes)
    }

    /// Puts sorted entries, perhaps with gaps between them, at their homes or behind them.
    private mutating func lay(_ entries: [KeyTable.Entry], out homes: UInt64) {
        self.homes = homes
        var size = Int(homes + min(48, 8 + homes / 64))
        while true {
            var laid = [KeyTable.Entry](repeating: .empty, count: size)
            if let count = fill(&laid, entries) {
                slots = laid
                self.count = count
                return
            }
            // Very many keys of one home, which only those who make hashes could bring about.
            size += size / 2
        }
    }

    /// `nil` where there is no room behind the last home.
    private func fill(_ laid: inout [KeyTable.Entry], _ entries: [KeyTable.Entry]) -> Int? {
        laid.withUnsafeMutableBufferPointer { laid in
            var next = 0
            var count = 0
            for entry in entries where !entry.isEmpty {
                let place = max(next, home(entry.low))
                guard place &+ 1 < laid.count else { return nil }
                laid[place] = entry
                next = place &+ 1
                count &+= 1
            }
            return count
        }
    }
}

extension KeyTable.Entry {
    /// Whether it is the same key, in a bucket at most so many away.
    @inline(__always)
    fileprivate func isNear(_ other: KeyTable.Entry, reach: UInt32) -> Bool {
        low == other.low && high == other.high
            && UInt32(bitPattern: bucket > other.bucket ? bucket &- other.bucket : other.bucket &- bucket) <= reach
    }
}
