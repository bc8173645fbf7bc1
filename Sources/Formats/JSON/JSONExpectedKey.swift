/// A path that is known, and what to expect around it.
///
/// What stood last time before the value of its key is likely to stand there again: with the key's quotes, the colon, the comma before
/// and the space between, it is one comparison of up to 32 bytes.
struct JSONExpectedKey {
    /// What stood between the value or brace before and the value of this key, and which bits of that count.
    private var gap: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    private var mask: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    /// 0 where it isn't known.
    private var gapLength = 0
    /// Whether the key was the first of its object, so that the gap has no comma.
    private var isGapFirst = false
    var hasChildren = false
    /// Whether no row is known to have the key.
    var isAwaited = false
    /// Place among the cells, or one of the two below.
    var cell = Self.unwanted
    /// The known sibling that stood behind this one; -1 for none.
    var next = -1
    /// The child that stood first; -1 for none.
    var first = -1
    /// The object around it that had the key last.
    var seenIn = -1
    /// The object that is its last value; -1 where that is no object.
    var object = -1

    static let unwanted = -1
    /// The path is no column: only an object is expected there.
    static let objectOnly = -2

    /// Behind what is expected before the value; -1 where something else stands there.
    @inline(__always)
    func behindGap(_ bytes: UnsafeRawBufferPointer, _ place: Int, isFirst: Bool) -> Int {
        // The padding behind the rows has room for 32 bytes that begin before their end.
        let first = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
        let second = bytes.loadUnaligned(fromByteOffset: place &+ 8, as: UInt64.self)
        var difference = (first ^ gap.0) & mask.0 | (second ^ gap.1) & mask.1
        if gapLength > 16 {
            let third = bytes.loadUnaligned(fromByteOffset: place &+ 16, as: UInt64.self)
            let fourth = bytes.loadUnaligned(fromByteOffset: place &+ 24, as: UInt64.self)
            difference |= (third ^ gap.2) & mask.2 | (fourth ^ gap.3) & mask.3
        }
        return difference == 0 && gapLength > 0 && isGapFirst == isFirst ? place &+ gapLength : -1
    }

    /// Remembers what stands before the value.
    mutating func learnGap(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int, isFirst: Bool) {
        let length = end - start
        guard length <= 32 else {
            forgetGap()
            return
        }
        func word(_ index: Int) -> (UInt64, UInt64) {
            let used = min(8, max(0, length - index * 8))
            let mask: UInt64 = used == 8 ? ~0 : (1 << UInt64(used * 8)) - 1
            return (bytes.loadUnaligned(fromByteOffset: start + index * 8, as: UInt64.self), UInt64(littleEndian: mask))
        }
        let words = (word(0), word(1), word(2), word(3))
        gap = (words.0.0, words.1.0, words.2.0, words.3.0)
        mask = (words.0.1, words.1.1, words.2.1, words.3.1)
        gapLength = length
        isGapFirst = isFirst
    }

    mutating func forgetGap() { gapLength = 0 }
}
