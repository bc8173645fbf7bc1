/// Sixteen bytes at a time.
enum ByteBlock {
    /// Sixteen times the same byte.
    ///
    /// `SIMD16(repeating:)` fills a vector byte by byte with our compiler: searching with it took ten times as long.
    @inline(__always)
    static func all(_ byte: UInt8) -> SIMD16<UInt8> {
        let word = UInt64(byte) &* 0x0101_0101_0101_0101
        return unsafeBitCast(SIMD2<UInt64>(word, word), to: SIMD16<UInt8>.self)
    }

    /// Which byte is the first that is marked; `nil` where none is.
    @inline(__always)
    static func first(_ marks: SIMDMask<SIMD16<Int8>>) -> Int? {
        let words = unsafeBitCast(marks, to: SIMD2<UInt64>.self)
        if words[0] != 0 { return UInt64(littleEndian: words[0]).trailingZeroBitCount &>> 3 }
        if words[1] != 0 { return 8 &+ UInt64(littleEndian: words[1]).trailingZeroBitCount &>> 3 }
        return nil
    }
}
