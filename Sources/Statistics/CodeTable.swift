/// Numbers, texts and keys by their place in the order of first occurrence: a hash table with open addressing that is never more
/// than half full.
struct CodeTable {
    private var slots: [UInt32]
    private let shift: UInt64

    init(limit: Int) {
        var bits: UInt64 = 3
        while 1 << bits < limit * 2 + 2 { bits += 1 }
        shift = 64 - bits
        slots = [UInt32](repeating: .max, count: 1 << Int(bits))
    }

    /// The code of what hashes so, and whether it is new; `next` is the code of what is.
    @inline(__always)
    mutating func code(_ hash: UInt64, next: Int, isEqual: (Int) -> Bool) -> (code: Int, isNew: Bool) {
        var place = Int(truncatingIfNeeded: (hash &* 0x9E37_79B9_7F4A_7C15) &>> shift)
        while slots[place] != .max {
            let code = Int(slots[place])
            if isEqual(code) { return (code, false) }
            place = (place &+ 1) & (slots.count &- 1)
        }
        slots[place] = UInt32(truncatingIfNeeded: next)
        return (next, true)
    }
}
