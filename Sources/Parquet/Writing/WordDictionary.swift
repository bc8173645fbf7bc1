/// The different values of a chunk of numbers, in the order of their first appearance.
///
/// Values are told apart by their bits: the two zeros are two entries, and so are two NaNs of different bits.
struct WordDictionary<Word: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>: ~Copyable {
    /// The entries in PLAIN form: the dictionary page.
    private(set) var entries = GrowingBytes()
    private(set) var count = 0
    /// One more than the entry's number, 0 where the slot is free; a power of two of them, at most half of them taken.
    private var slots = [UInt32](repeating: 0, count: 1_024)

    /// The number of each value's entry, for so many values in PLAIN form; false where it gave up.
    ///
    /// It gives up on values that were made to collide.
    mutating func encode(
        _ words: UnsafeRawBufferPointer, count total: Int, into codes: UnsafeMutablePointer<UInt32>
    ) -> Bool {
        var index = 0
        while index < total {
            // As many as may be new without the table getting too full.
            let room = slots.count / 2 - count
            if room == 0 {
                enlarge()
                continue
            }
            let end = min(total, index + room)
            guard encode(words, index..<end, into: codes) else { return false }
            index = end
        }
        return true
    }

    private mutating func encode(
        _ words: UnsafeRawBufferPointer, _ range: Range<Int>, into codes: UnsafeMutablePointer<UInt32>
    ) -> Bool {
        let size = MemoryLayout<Word>.size
        entries.reserve(range.count * size)
        let base = entries.base
        let shift = UInt64(64 - slots.count.trailingZeroBitCount)
        let mask = slots.count - 1
        var known = count
        let isDone = slots.withUnsafeMutableBufferPointer { slots in
            for index in range {
                let word = words.loadUnaligned(fromByteOffset: index &* size, as: Word.self)
                var slot = Self.slot(of: word, shift)
                var probes = 0
                while true {
                    let entry = slots[slot]
                    if entry == 0 {
                        base.storeBytes(of: word, toByteOffset: known &* size, as: Word.self)
                        known &+= 1
                        slots[slot] = UInt32(truncatingIfNeeded: known)
                        codes[index] = UInt32(truncatingIfNeeded: known &- 1)
                        break
                    }
                    let code = entry &- 1
                    if base.loadUnaligned(fromByteOffset: Int(code) &* size, as: Word.self) == word {
                        codes[index] = code
                        break
                    }
                    probes &+= 1
                    if probes > Probing.limit { return false }
                    slot = (slot &+ 1) & mask
                }
            }
            return true
        }
        entries.advance((known - count) * size)
        count = known
        return isDone
    }

    private mutating func enlarge() {
        let larger = slots.count * 2
        let shift = UInt64(64 - larger.trailingZeroBitCount)
        slots = [UInt32](repeating: 0, count: larger)
        for code in 0..<count {
            let word = entries.base.loadUnaligned(fromByteOffset: code * MemoryLayout<Word>.size, as: Word.self)
            var slot = Self.slot(of: word, shift)
            while slots[slot] != 0 { slot = (slot + 1) & (larger - 1) }
            slots[slot] = UInt32(code + 1)
        }
    }

    /// The highest bits of a product, which all bits of the value have a part in.
    @inline(__always)
    private static func slot(of word: Word, _ shift: UInt64) -> Int {
        Int(truncatingIfNeeded: (UInt64(truncatingIfNeeded: word) &* 0x9E37_79B9_7F4A_7C15) &>> shift)
    }
}

/// How long a search in a dictionary's table may be.
enum Probing {
    /// Far beyond what happens by chance in a table that is half full.
    static let limit = 256
}
