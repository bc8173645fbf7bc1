import Tables

/// Texts to find others among: a hash table over their bytes.
struct TextSet: Sendable {
    private let bytes: [UInt8]
    // Where each text begins, and, last, where all end.
    private let starts: [Int]
    // A text's number plus one; 0 is an empty slot. A power of two of them, at least half of them empty.
    private let slots: [Int]

    init(_ texts: [[UInt8]]) {
        var bytes: [UInt8] = []
        var starts = [0]
        var capacity = 4
        while capacity < texts.count * 2 { capacity *= 2 }
        var slots = [Int](repeating: 0, count: capacity)
        for text in Set(texts) {
            var slot = text.withUnsafeBytes { Self.firstSlot($0, capacity) }
            while slots[slot] != 0 { slot = (slot + 1) & (capacity - 1) }
            slots[slot] = starts.count
            bytes += text
            starts.append(bytes.count)
        }
        (self.bytes, self.starts, self.slots) = (bytes, starts, slots)
    }

    private static func firstSlot(_ text: UnsafeRawBufferPointer, _ capacity: Int) -> Int {
        Int(truncatingIfNeeded: Hash128(text).low) & (capacity - 1)
    }

    func contains(_ text: UnsafeRawBufferPointer) -> Bool {
        var slot = Self.firstSlot(text, slots.count)
        while slots[slot] != 0 {
            let entry = slots[slot]
            let start = starts[entry - 1]
            let length = starts[entry] - start
            let isEqual =
                length == text.count
                && bytes.withUnsafeBytes { all in
                    Bytes.areEqual(UnsafeRawBufferPointer(rebasing: all[start..<start + length]), text)
                }
            if isEqual { return true }
            slot = (slot + 1) & (slots.count - 1)
        }
        return false
    }
}

/// Texts compared by their bytes, eight at a time.
enum Bytes {
    @inline(__always)
    static func areEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        left.count == right.count && firstDifference(left, right) == nil
    }

    @inline(__always)
    static func isLess(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        guard let place = firstDifference(left, right) else { return left.count < right.count }
        return left[place] < right[place]
    }

    /// The first place where both have a byte and the bytes differ.
    @inline(__always)
    private static func firstDifference(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int? {
        let count = min(left.count, right.count)
        var index = 0
        while index &+ 8 <= count {
            let first = left.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            let second = right.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            if first != second {
                return index &+ (first.littleEndian ^ second.littleEndian).trailingZeroBitCount / 8
            }
            index &+= 8
        }
        while index < count {
            if left[index] != right[index] { return index }
            index &+= 1
        }
        return nil
    }
}
