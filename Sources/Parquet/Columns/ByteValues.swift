import Tables

/// What the bytes of a value of fixed length or of a byte array stand for.
enum ByteValues {
    /// A two's complement number, the highest byte first; `nil` where it doesn't fit in 128 bits.
    static func bigEndianInteger(_ bytes: UnsafeRawBufferPointer) -> Int128? {
        guard let first = bytes.first else { return 0 }
        let isNegative = first & 0x80 != 0
        let filler: UInt8 = isNegative ? 0xFF : 0
        var value: UInt128 = isNegative ? .max : 0
        if bytes.count > 16 {
            let extra = bytes.count - 16
            guard bytes[..<extra].allSatisfy({ $0 == filler }), bytes[extra] & 0x80 == filler & 0x80 else { return nil }
        }
        for byte in bytes.suffix(16) { value = value &<< 8 | UInt128(byte) }
        return Int128(truncatingIfNeeded: value)
    }

    /// IEEE 754 binary16, the lowest byte first.
    static func float16(_ bits: UInt16) -> Float {
        let sign = UInt32(bits & 0x8000) << 16
        let exponent = UInt32(bits >> 10 & 0x1F)
        let fraction = UInt32(bits & 0x3FF)
        switch exponent {
        case 0:
            let magnitude = Float(fraction) * 0x1p-24
            return sign == 0 ? magnitude : -magnitude
        case 0x1F: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
        default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
        }
    }

    /// An INT96's nanoseconds within its day, and its day since 1970-01-01.
    static func int96(_ bytes: UnsafeRawBufferPointer) -> (nanoseconds: Int64, days: Int64) {
        let nanoseconds = Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: 0, as: Int64.self))
        let julian = Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: Int32.self))
        // Julian day 2,440,588 began at noon before 1970-01-01.
        return (nanoseconds, Int64(julian) - 2_440_588)
    }

    /// Microseconds since 1970-01-01T00:00:00, rounded down; `nil` where 64 bits don't hold them.
    static func int96Microseconds(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        let (nanoseconds, days) = int96(bytes)
        let (start, overflow) = days.multipliedReportingOverflow(by: CivilTime.microsecondsPerDay)
        guard !overflow else { return nil }
        let (sum, tooLarge) = start.addingReportingOverflow(nanoseconds.flooredQuotient(by: 1_000))
        return tooLarge ? nil : sum
    }

    /// `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`.
    static func appendUUID(_ bytes: UnsafeRawBufferPointer, to text: inout [UInt8]) {
        for (index, byte) in bytes.enumerated() {
            if index == 4 || index == 6 || index == 8 || index == 10 { text.append(0x2D) }
            text.append(hexadecimal[Int(byte >> 4)])
            text.append(hexadecimal[Int(byte & 0xF)])
        }
    }

    private static let hexadecimal = Array("0123456789abcdef".utf8)

    static func interval(_ bytes: UnsafeRawBufferPointer) -> (months: UInt32, days: UInt32, milliseconds: UInt32) {
        func part(_ offset: Int) -> UInt32 {
            UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        }
        return (part(0), part(4), part(8))
    }

    /// ISO 8601, as in `P14M3DT4.5S`: the parts as they are stored, without those that are 0.
    static func intervalText(months: UInt32, days: UInt32, milliseconds: UInt32) -> String {
        var text = "P"
        if months > 0 { text += "\(months)M" }
        if days > 0 { text += "\(days)D" }
        if milliseconds > 0 || text == "P" {
            var fraction = ""
            if milliseconds % 1_000 > 0 {
                fraction = ".\(String(milliseconds % 1_000 + 1_000).dropFirst())"
                while fraction.hasSuffix("0") { fraction.removeLast() }
            }
            text += "T\(milliseconds / 1_000)\(fraction)S"
        }
        return text
    }

    /// The decimal digits of a two's complement number of any size, the highest byte first, `scale` of them after the point.
    ///
    /// Takes time with the square of the size: of more than 256 bytes only the size is told. So is a scale beyond that.
    static func decimalText(_ bytes: UnsafeRawBufferPointer, scale: Int) -> String {
        guard let first = bytes.first else { return "0" }
        guard bytes.count <= 256, scale <= 1_024 else { return "a number of \(bytes.count) bytes, scale \(scale)" }
        let isNegative = first & 0x80 != 0
        var magnitude = Array(bytes)
        if isNegative {
            var carry = true
            for index in magnitude.indices.reversed() {
                magnitude[index] = ~magnitude[index]
                if carry { (magnitude[index], carry) = magnitude[index].addingReportingOverflow(1) }
            }
        }
        var digits: [UInt8] = []
        var start = 0
        while start < magnitude.count {
            var remainder: UInt32 = 0
            for index in start..<magnitude.count {
                let value = remainder << 8 | UInt32(magnitude[index])
                magnitude[index] = UInt8(value / 10)
                remainder = value % 10
            }
            digits.append(0x30 + UInt8(remainder))
            while start < magnitude.count, magnitude[start] == 0 { start += 1 }
        }
        while digits.count <= scale { digits.append(0x30) }
        var text = String(decoding: digits.reversed(), as: UTF8.self)
        if scale > 0 { text.insert(".", at: text.index(text.endIndex, offsetBy: -scale)) }
        return isNegative ? "-" + text : text
    }
}

extension Int64 {
    /// The quotient by a positive divisor, rounded down.
    @inline(__always)
    func flooredQuotient(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient &- 1 : quotient
    }
}
