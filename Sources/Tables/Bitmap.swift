/// One bit a row, packed into 64-bit words, the first row in the lowest bit.
///
/// Bits past the end are zero.
public struct Bitmap: Sendable, Equatable {
    public internal(set) var words: [UInt64]
    public let count: Int

    /// All bits alike.
    public init(repeating bit: Bool, count: Int) {
        self.count = count
        words = [UInt64](repeating: bit ? ~0 : 0, count: (count + 63) / 64)
        if bit { clearTail() }
    }

    /// Fills the words in place: `body` gets `(count + 63) / 64` zeroed words and may set bits past the end, which are
    /// cleared afterwards.
    public init(count: Int, body: (UnsafeMutableBufferPointer<UInt64>) -> Void) {
        self.count = count
        words = [UInt64](repeating: 0, count: (count + 63) / 64)
        words.withUnsafeMutableBufferPointer { body($0) }
        clearTail()
    }

    /// One bit a row, from a test of its number.
    @inlinable
    public init(count: Int, where test: (Int) -> Bool) {
        self.init(count: count) { words in
            for word in words.indices {
                let first = word &* 64
                let rows = min(64, count &- first)
                var bits: UInt64 = 0
                for bit in 0..<rows { bits |= (test(first &+ bit) ? 1 : 0) &<< UInt64(bit) }
                words[word] = bits
            }
        }
    }

    /// The bits of some rows.
    public init(count: Int, setting rows: [Int]) {
        self.init(repeating: false, count: count)
        for row in rows { self[row] = true }
    }

    @inlinable
    public subscript(row: Int) -> Bool {
        get { words[row >> 6] >> UInt64(row & 63) & 1 == 1 }
        set {
            if newValue { _set(row) } else { _clear(row) }
        }
    }

    @usableFromInline mutating func _set(_ row: Int) { words[row >> 6] |= 1 << UInt64(row & 63) }
    @usableFromInline mutating func _clear(_ row: Int) { words[row >> 6] &= ~(1 << UInt64(row & 63)) }

    /// How many bits are set.
    public var population: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    public var isEmpty: Bool { !words.contains { $0 != 0 } }
    public var isFull: Bool { population == count }

    public mutating func formIntersection(_ other: Bitmap) { combine(other, &) }
    public mutating func formUnion(_ other: Bitmap) { combine(other, |) }
    public mutating func subtract(_ other: Bitmap) { combine(other) { $0 & ~$1 } }
    public func intersection(_ other: Bitmap) -> Bitmap { var copy = self; copy.formIntersection(other); return copy }
    public func union(_ other: Bitmap) -> Bitmap { var copy = self; copy.formUnion(other); return copy }
    public func subtracting(_ other: Bitmap) -> Bitmap { var copy = self; copy.subtract(other); return copy }

    public var inverted: Bitmap {
        var copy = self
        for index in copy.words.indices { copy.words[index] = ~copy.words[index] }
        copy.clearTail()
        return copy
    }

    /// Calls `body` with the number of each set bit, ascending.
    @inlinable
    public func forEach(_ body: (Int) -> Void) {
        for index in words.indices {
            var word = words[index]
            while word != 0 {
                body(index &* 64 &+ word.trailingZeroBitCount)
                word &= word &- 1
            }
        }
    }

    /// The first `limit` set bits, ascending.
    public func first(_ limit: Int) -> [Int] {
        var rows: [Int] = []
        guard limit > 0 else { return rows }
        for index in words.indices {
            var word = words[index]
            while word != 0 {
                rows.append(index * 64 + word.trailingZeroBitCount)
                if rows.count == limit { return rows }
                word &= word - 1
            }
        }
        return rows
    }

    private mutating func combine(_ other: Bitmap, _ operation: (UInt64, UInt64) -> UInt64) {
        precondition(other.count == count, "bitmaps of one batch have one length")
        for index in words.indices { words[index] = operation(words[index], other.words[index]) }
    }

    private mutating func clearTail() {
        let rest = count & 63
        if rest != 0, let last = words.indices.last { words[last] &= (1 << UInt64(rest)) - 1 }
    }
}
