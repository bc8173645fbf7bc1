#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The different values of a chunk of byte strings, in the order of their first appearance.
struct BytesDictionary: ~Copyable {
    /// The entries in PLAIN form: the dictionary page.
    private(set) var entries = GrowingBytes()
    /// Where each entry begins in the page, and behind them where the next one would.
    private(set) var starts: [UInt32] = [0]
    private let layout: PlainBytes
    /// Half a hash above, one more than the entry's number below; 0 where the slot is free.
    private var slots = [UInt64](repeating: 0, count: 1_024)

    init(layout: PlainBytes) { self.layout = layout }

    var count: Int { starts.count - 1 }

    /// The number of each value's entry, for so many values in PLAIN form; false where it gave up.
    ///
    /// It gives up on values that were made to collide, and beyond 2 GiB.
    mutating func encode(
        _ plain: UnsafeRawBufferPointer, count values: Int, into codes: UnsafeMutablePointer<UInt32>
    ) -> Bool {
        guard let base = plain.baseAddress else { return true }
        var offset = 0
        for index in 0..<values {
            let size = layout.size(at: base + offset)
            guard let code = code(base + offset, size) else { return false }
            codes[index] = code
            offset &+= size
        }
        return true
    }

    /// The least and greatest of the entries that occur.
    func extremes(of codes: UnsafeBufferPointer<UInt32>, isSigned: Bool) -> Extremes? {
        var found = ByteExtremes(layout: layout, isSigned: isSigned)
        starts.withUnsafeBufferPointer { found.add(codes: codes, entries: entries.base, starts: $0) }
        return found.extremes
    }

    /// The number of a value's entry; `nil` where it gave up.
    @inline(__always)
    private mutating func code(_ value: UnsafeRawPointer, _ size: Int) -> UInt32? {
        let hash = Self.hash(value, size)
        let mask = slots.count &- 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        for _ in 0...Probing.limit {
            let taken = slots[slot]
            if taken == 0 { return add(value, size, hash, slot) }
            if taken &>> 32 == hash &>> 32 {
                let code = Int(truncatingIfNeeded: taken & 0xFFFF_FFFF) &- 1
                let start = Int(starts[code])
                if Int(starts[code &+ 1]) &- start == size, memcmp(entries.base + start, value, size) == 0 {
                    return UInt32(truncatingIfNeeded: code)
                }
            }
            slot = (slot &+ 1) & mask
        }
        return nil
    }

    private mutating func add(_ value: UnsafeRawPointer, _ size: Int, _ hash: UInt64, _ slot: Int) -> UInt32? {
        guard entries.count + size <= Int(Int32.max) else { return nil }
        let code = UInt32(count)
        entries.append(UnsafeRawBufferPointer(start: value, count: size))
        starts.append(UInt32(entries.count))
        slots[slot] = hash & ~0xFFFF_FFFF | UInt64(code + 1)
        if count > slots.count / 2 { enlarge() }
        return code
    }

    private mutating func enlarge() {
        let larger = slots.count * 2
        slots = [UInt64](repeating: 0, count: larger)
        for code in 0..<count {
            let hash = Self.hash(entries.base + Int(starts[code]), Int(starts[code + 1] - starts[code]))
            var slot = Int(truncatingIfNeeded: hash) & (larger - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (larger - 1) }
            slots[slot] = hash & ~0xFFFF_FFFF | UInt64(code + 1)
        }
    }

    /// A hash of bytes: multiplied and folded eight at a time, the last eight overlapping those before them.
    @inline(__always)
    private static func hash(_ bytes: UnsafeRawPointer, _ count: Int) -> UInt64 {
        var hash = UInt64(truncatingIfNeeded: count) ^ 0xA076_1D64_78BD_642F
        @inline(__always)
        func mix(_ word: UInt64) {
            let product = (hash ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
            hash = product.high ^ product.low
        }
        if count >= 8 {
            var offset = 0
            while offset &+ 8 < count {
                mix(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                offset &+= 8
            }
            mix(bytes.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self))
        } else if count >= 4 {
            let first = bytes.loadUnaligned(as: UInt32.self)
            let last = bytes.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)
            mix(UInt64(first) | UInt64(last) &<< 32)
        } else {
            for offset in 0..<count { mix(UInt64(bytes.load(fromByteOffset: offset, as: UInt8.self))) }
        }
        // Once more, so that what differs last reaches all bits.
        mix(0)
        return hash
    }
}

/// How byte strings lie one behind another in PLAIN form.
enum PlainBytes: Sendable, Equatable {
    /// BYTE_ARRAY: a length of four bytes, then the bytes.
    case prefixed
    /// FIXED_LEN_BYTE_ARRAY: so many bytes.
    case fixed(Int)

    /// The length of a value's PLAIN form.
    @inline(__always)
    func size(at value: UnsafeRawPointer) -> Int {
        switch self {
        case .prefixed: 4 &+ Int(UInt32(littleEndian: value.loadUnaligned(as: UInt32.self)))
        case .fixed(let length): length
        }
    }

    /// Bytes before the value's own.
    @inline(__always)
    var prefix: Int { self == .prefixed ? 4 : 0 }
}
