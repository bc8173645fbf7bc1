/// Texts to find others among, compared by their bytes.
///
/// A hash table with open addressing, keyed by the first 16 bytes and the length: what is not longer is decided by two
/// comparisons of words, and only longer texts are compared byte by byte.
public struct TextSet: Sendable {
    private struct Slot {
        var first: UInt64
        var second: UInt64
        /// `UInt32.max` where the slot is empty.
        var length: UInt32
        /// Where the text lies in `bytes`.
        var start: UInt32
    }

    private let slots: [Slot]
    private let bytes: [UInt8]
    /// How far a hash is shifted to make the number of a slot.
    private let shift: UInt64

    /// The texts, together less than 4 GiB; repetitions count once.
    public init(_ texts: [[UInt8]]) {
        let members = Set(texts)
        var bits: UInt64 = 2
        while 1 << bits < members.count * 3 { bits += 1 }
        shift = 64 - bits
        var slots = [Slot](
            repeating: Slot(first: 0, second: 0, length: .max, start: 0), count: 1 << Int(bits))
        var bytes: [UInt8] = []
        for text in members {
            let (first, second) = text.withUnsafeBytes { Self.head($0, 0, text.count) }
            var place = Self.place(first, second, text.count, shift)
            while slots[place].length != .max { place = (place + 1) & (slots.count - 1) }
            slots[place] = Slot(
                first: first, second: second, length: UInt32(text.count), start: UInt32(bytes.count))
            bytes += text
        }
        self.slots = slots
        self.bytes = bytes
    }

    /// A bit for each cell that is in the set.
    public func members(of cells: TextCells) -> Bitmap {
        cells.withCells { bytes, starts, lengths in
            slots.withUnsafeBufferPointer { slots in
                Bitmap(count: starts.count) { row in
                    contains(bytes, Int(starts[row]), Int(lengths[row]), slots)
                }
            }
        }
    }

    public func contains(_ text: UnsafeRawBufferPointer) -> Bool {
        slots.withUnsafeBufferPointer { contains(text, 0, text.count, $0) }
    }

    @inline(__always)
    private func contains(
        _ bytes: UnsafeRawBufferPointer, _ start: Int, _ count: Int, _ slots: UnsafeBufferPointer<Slot>
    ) -> Bool {
        let (first, second) = Self.head(bytes, start, count)
        var place = Self.place(first, second, count, shift)
        while slots[place].length != .max {
            let slot = slots[place]
            if slot.first == first, slot.second == second, Int(slot.length) == count,
                count <= 16 || isRestEqual(bytes, start, count, Int(slot.start))
            {
                return true
            }
            place = (place &+ 1) & (slots.count &- 1)
        }
        return false
    }

    private func isRestEqual(_ other: UnsafeRawBufferPointer, _ start: Int, _ count: Int, _ ownStart: Int) -> Bool {
        bytes.withUnsafeBytes { own in
            TextOrder.compare(
                UnsafeRawBufferPointer(rebasing: own[ownStart + 16..<ownStart + count]),
                UnsafeRawBufferPointer(rebasing: other[start + 16..<start + count])) == 0
        }
    }

    @inline(__always)
    private static func place(_ first: UInt64, _ second: UInt64, _ count: Int, _ shift: UInt64) -> Int {
        let mixed = first ^ (second &* 0x9E37_79B9_7F4A_7C15) ^ UInt64(truncatingIfNeeded: count)
        return Int(truncatingIfNeeded: (mixed &* 0xD6E8_FEB8_6659_FD93) &>> shift)
    }

    /// The first 16 bytes as two words, zeros where there are fewer.
    ///
    /// Whole words are read only where the buffer has them.
    @inline(__always)
    private static func head(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ count: Int) -> (UInt64, UInt64) {
        guard start &+ 16 <= bytes.count else { return slowHead(bytes, start, count) }
        let first = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self))
        if count <= 8 { return (first & mask(count), 0) }
        let second = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: start &+ 8, as: UInt64.self))
        return (first, second & mask(count &- 8))
    }

    @inline(__always)
    private static func mask(_ count: Int) -> UInt64 {
        count >= 8 ? ~0 : (1 &<< UInt64(truncatingIfNeeded: count &* 8)) &- 1
    }

    private static func slowHead(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ count: Int) -> (UInt64, UInt64) {
        var words: (UInt64, UInt64) = (0, 0)
        for index in 0..<min(count, 16) {
            let byte = UInt64(bytes[start + index])
            if index < 8 { words.0 |= byte << UInt64(8 * index) } else { words.1 |= byte << UInt64(8 * (index - 8)) }
        }
        return words
    }
}
