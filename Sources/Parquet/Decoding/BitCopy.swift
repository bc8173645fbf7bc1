/// Moves bits into words, the first in the lowest.
enum BitCopy {
    /// Sets bits.
    static func set(_ words: UnsafeMutableBufferPointer<UInt64>, at first: Int, count: Int) {
        var bit = first
        let end = first + count
        while bit < end {
            let inWord = bit & 63
            let part = min(64 - inWord, end - bit)
            words[bit >> 6] |= (~0 >> UInt64(64 - part)) << UInt64(inWord)
            bit += part
        }
    }

    /// Copies bits from bytes, behind whose last eight more may be read; how many of them are set.
    static func copy(
        _ source: UnsafeRawPointer, bit start: Int, to words: UnsafeMutableBufferPointer<UInt64>, at first: Int,
        count: Int
    ) -> Int {
        var done = 0
        var set = 0
        while done < count {
            let from = start &+ done
            let to = first &+ done
            // 56 bits are in one load wherever in a byte they begin.
            let part = min(56, count &- done, 64 &- (to & 63))
            let word = UInt64(littleEndian: source.loadUnaligned(fromByteOffset: from &>> 3, as: UInt64.self))
            let bits = (word &>> UInt64(from & 7)) & (~0 &>> UInt64(64 &- part))
            words[to &>> 6] |= bits &<< UInt64(to & 63)
            set &+= bits.nonzeroBitCount
            done &+= part
        }
        return set
    }

    /// How many of the bits are set.
    static func population(_ words: UnsafeMutableBufferPointer<UInt64>, at first: Int, count: Int) -> Int {
        var bit = first
        let end = first + count
        var set = 0
        while bit < end {
            let inWord = bit & 63
            let part = min(64 - inWord, end - bit)
            set += (words[bit >> 6] >> UInt64(inWord) & (~0 >> UInt64(64 - part))).nonzeroBitCount
            bit += part
        }
        return set
    }

    /// Puts dense values where bits are set, from a bit on; elsewhere nothing is touched.
    @inline(__always)
    static func forEachSet(
        _ words: UnsafeMutableBufferPointer<UInt64>, at first: Int, count: Int,
        _ body: (_ row: Int, _ index: Int) -> Void
    ) {
        var index = 0
        var bit = first
        let end = first &+ count
        while bit < end {
            let inWord = bit & 63
            let part = min(64 &- inWord, end &- bit)
            var bits = words[bit &>> 6] &>> UInt64(inWord) & (~0 &>> UInt64(64 &- part))
            if bits == ~0 {
                for row in bit..<(bit &+ 64) {
                    body(row, index)
                    index &+= 1
                }
            } else {
                while bits != 0 {
                    body(bit &+ bits.trailingZeroBitCount, index)
                    index &+= 1
                    bits &= bits &- 1
                }
            }
            bit &+= part
        }
    }
}
