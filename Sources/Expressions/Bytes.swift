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

    /// How many bytes the scalar takes that begins here; 1 where none does.
    ///
    /// Never reaches past the end.
    @inline(__always)
    static func scalarLength(_ text: UnsafeRawBufferPointer, _ place: Int) -> Int {
        let first = text[place]
        if first < 0xC2 { return 1 }
        let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 1
        guard place &+ length <= text.count else { return 1 }
        for index in 1..<max(length, 1) where text[place &+ index] & 0xC0 != 0x80 { return 1 }
        return length
    }
}
