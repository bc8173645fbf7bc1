/// Writes numbers in little-endian order, one after the other.
public struct ByteWriter: Sendable {
    public private(set) var bytes: [UInt8] = []

    public init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    public mutating func append(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    public mutating func append(_ number: Double) { append(number.bitPattern) }

    public mutating func append(_ other: [UInt8]) { bytes.append(contentsOf: other) }

    public mutating func append(_ other: UnsafeRawBufferPointer) { bytes.append(contentsOf: other) }

    /// A number of few bits in few bytes, seven a byte.
    public mutating func appendShort(_ number: some UnsignedInteger & FixedWidthInteger) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// A text's length, and its bytes.
    public mutating func appendText(_ text: UnsafeRawBufferPointer) {
        appendShort(UInt(text.count))
        append(text)
    }
}

/// Reads what a `ByteWriter` wrote, or what somebody claims it did: every answer is `nil` past the end.
public struct ByteReader {
    private let bytes: UnsafeRawBufferPointer
    public private(set) var place = 0

    public init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    public var rest: Int { bytes.count - place }
    public var isAtEnd: Bool { rest == 0 }

    public mutating func bytes(_ count: Int) -> UnsafeRawBufferPointer? {
        guard count >= 0, count <= rest else { return nil }
        defer { place += count }
        return UnsafeRawBufferPointer(rebasing: bytes[place..<place + count])
    }

    public mutating func integer<Number: FixedWidthInteger>() -> Number? {
        guard let own = bytes(MemoryLayout<Number>.size) else { return nil }
        return Number(littleEndian: own.loadUnaligned(as: Number.self))
    }

    public mutating func double() -> Double? {
        guard let bits: UInt64 = integer() else { return nil }
        return Double(bitPattern: bits)
    }

    /// A number of at most 64 bits that is written as short as it can be.
    public mutating func short() -> UInt64? {
        var number: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            guard let byte: UInt8 = integer() else { return nil }
            let bits = UInt64(byte & 0x7F)
            guard shift < 63 || bits <= 1 else { return nil }
            number |= bits << shift
            guard byte & 0x80 != 0 else { return byte == 0 && shift > 0 ? nil : number }
        }
        return nil
    }

    /// How many things follow that take at least so many bytes each: never more than there are bytes for.
    public mutating func count(of size: Int) -> Int? {
        guard let count = short(), count <= UInt64(rest / size) else { return nil }
        return Int(count)
    }

    public mutating func text() -> UnsafeRawBufferPointer? {
        guard let count = count(of: 1) else { return nil }
        return bytes(count)
    }
}
