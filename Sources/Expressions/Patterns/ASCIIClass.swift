/// A set of ASCII characters, a bit each.
struct ASCIIClass: Equatable, Sendable {
    private(set) var bits: UInt128

    init(bits: UInt128 = 0) { self.bits = bits }

    init(_ range: ClosedRange<UInt8>) {
        bits = 0
        for byte in range where byte < 0x80 { bits |= 1 << UInt128(byte) }
    }

    static func byte(_ byte: UInt8) -> ASCIIClass { ASCIIClass(byte...byte) }

    static let digits = ASCIIClass(0x30...0x39)
    static let wordCharacters =
        digits.union(ASCIIClass(0x41...0x5A)).union(ASCIIClass(0x61...0x7A)).union(.byte(0x5F))
    /// Tab through carriage return, and space.
    static let space = ASCIIClass(0x09...0x0D).union(.byte(0x20))
    static let lineFeed = ASCIIClass.byte(0x0A)

    func contains(_ byte: UInt8) -> Bool { byte < 0x80 && bits >> UInt128(byte) & 1 == 1 }
    func union(_ other: ASCIIClass) -> ASCIIClass { ASCIIClass(bits: bits | other.bits) }
    func isDisjoint(with other: ASCIIClass) -> Bool { bits & other.bits == 0 }
    var inverted: ASCIIClass { ASCIIClass(bits: ~bits) }

    /// The characters as ranges, ascending.
    var ranges: [ClosedRange<UInt8>] {
        var ranges: [ClosedRange<UInt8>] = []
        for byte in UInt8(0)..<0x80 where contains(byte) {
            if let last = ranges.last, last.upperBound + 1 == byte {
                ranges[ranges.count - 1] = last.lowerBound...byte
            } else {
                ranges.append(byte...byte)
            }
        }
        return ranges
    }
}
