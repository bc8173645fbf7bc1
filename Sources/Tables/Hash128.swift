/// A 128-bit hash of bytes or numbers, for telling values apart and for fingerprints.
///
/// Two 64-bit lanes of multiply-and-fold mixing over 16 bytes at a time, the construction of wyhash and of XXH3's long
/// form. Not for secrets. The same input gives the same hash on every machine and in every version: stored fingerprints
/// rely on it.
public struct Hash128: Sendable, Hashable {
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    private static let secrets: (UInt64, UInt64, UInt64, UInt64) = (
        0xA076_1D64_78BD_642F, 0xE703_7ED1_A0B4_28DB, 0x8EBC_6AF0_9C88_C6E3, 0x5899_65CC_7537_4CC3
    )

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    @inline(__always)
    private static func load(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// The last 1 through 8 bytes from `offset` on, as a number.
    @inline(__always)
    private static func loadTail(_ bytes: UnsafeRawBufferPointer, _ offset: Int, _ count: Int) -> UInt64 {
        var word: UInt64 = 0
        for index in 0..<count { word |= UInt64(bytes[offset &+ index]) &<< UInt64(index &* 8) }
        return word
    }

    /// The hash of bytes.
    ///
    /// `domain` keeps kinds of values apart: the number 1 and the text "1" differ.
    public init(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0, domain: UInt64 = 0) {
        let length = bytes.count
        var high = Self.fold(seed ^ Self.secrets.0, domain ^ Self.secrets.1)
        var low = Self.fold(seed ^ Self.secrets.2, domain ^ Self.secrets.3)
        var offset = 0
        while length &- offset > 16 {
            let first = Self.load(bytes, offset)
            let second = Self.load(bytes, offset &+ 8)
            high = Self.fold(first ^ Self.secrets.1 ^ high, second ^ Self.secrets.0 &+ high)
            low = Self.fold(first ^ Self.secrets.3 &+ low, second ^ Self.secrets.2 ^ low)
            offset &+= 16
        }
        let rest = length &- offset
        var first: UInt64 = 0
        var second: UInt64 = 0
        if rest >= 8 {
            first = Self.load(bytes, offset)
            second = rest == 8 ? 0 : Self.loadTail(bytes, offset &+ 8, rest &- 8)
        } else if rest > 0 {
            first = Self.loadTail(bytes, offset, rest)
        }
        self = Self.finish(
            high: high, low: low, first: first, second: second, length: UInt64(truncatingIfNeeded: length))
    }

    /// The hash of a number of up to 128 bits.
    public init(_ number: Int128, seed: UInt64 = 0, domain: UInt64 = 0) {
        let bits = UInt128(truncatingIfNeeded: number)
        self = Self.finish(
            high: Self.fold(seed ^ Self.secrets.0, domain ^ Self.secrets.1),
            low: Self.fold(seed ^ Self.secrets.2, domain ^ Self.secrets.3),
            first: UInt64(truncatingIfNeeded: bits), second: UInt64(truncatingIfNeeded: bits &>> 64), length: 16)
    }

    @inline(__always)
    private static func finish(
        high: UInt64, low: UInt64, first: UInt64, second: UInt64, length: UInt64
    ) -> Hash128 {
        let a = fold(first ^ secrets.1 ^ high, second ^ secrets.0 &+ high)
        let b = fold(first ^ secrets.3 &+ low, second ^ secrets.2 ^ low)
        return Hash128(
            high: fold(a ^ secrets.2, b ^ secrets.0 &+ length), low: fold(b ^ secrets.1, a ^ secrets.3 &+ length))
    }

    /// This hash, then another: what a pair of values hashes to.
    public func combined(with other: Hash128) -> Hash128 {
        Self.finish(high: high, low: low, first: other.high, second: other.low, length: 32)
    }

    public init(_ text: String, seed: UInt64 = 0, domain: UInt64 = 0) {
        var text = text
        self = text.withUTF8 { Hash128(UnsafeRawBufferPointer($0), seed: seed, domain: domain) }
    }

    /// 32 hexadecimal digits.
    public var hexadecimal: String {
        let parts = [high, low].map { part in
            let digits = String(part, radix: 16)
            return String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }
        return parts.joined()
    }
}
