import Tables

/// Numbers as texts hold them: an optional sign, digits, a point, an exponent; nothing else.
enum TextNumber {
    /// The bytes without spaces at either end.
    @inline(__always)
    static func trimmed(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        // Mostly there are none.
        guard let first = bytes.first, first <= 0x20 || bytes[bytes.count &- 1] <= 0x20 else { return bytes }
        var start = 0
        var end = bytes.count
        while start < end, isSpace(bytes[start]) { start &+= 1 }
        while end > start, isSpace(bytes[end &- 1]) { end &-= 1 }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
    }

    @inline(__always)
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 0x09 < 5 }

    /// A whole number of 64 bits, without point and exponent.
    @inline(__always)
    static func int64(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        guard let (value, isNegative) = magnitude(bytes) else { return nil }
        if isNegative { return value <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- value) : nil }
        return Int64(exactly: value)
    }

    static func uint64(_ bytes: UnsafeRawBufferPointer) -> UInt64? {
        guard let (value, isNegative) = magnitude(bytes) else { return nil }
        return isNegative && value > 0 ? nil : value
    }

    @inline(__always)
    private static func magnitude(_ bytes: UnsafeRawBufferPointer) -> (UInt64, isNegative: Bool)? {
        guard let first = bytes.first else { return nil }
        let isNegative = first == 0x2D
        var index = isNegative || first == 0x2B ? 1 : 0
        guard index < bytes.count else { return nil }
        var value: UInt64 = 0
        let isShort = bytes.count &- index <= 18
        while index < bytes.count {
            let digit = bytes[index] &- 0x30
            guard digit <= 9 else { return nil }
            if isShort {
                value = value &* 10 &+ UInt64(digit)
            } else {
                let (product, isBeyond) = value.multipliedReportingOverflow(by: 10)
                let (sum, isBeyondToo) = product.addingReportingOverflow(UInt64(digit))
                guard !isBeyond, !isBeyondToo else { return nil }
                value = sum
            }
            index &+= 1
        }
        return (value, isNegative)
    }

    /// The number in units of `10^-scale`, rounded half away from zero; `nil` where it has more than `precision` digits.
    static func decimal(_ bytes: UnsafeRawBufferPointer, precision: Int, scale: Int) -> Int128? {
        slowDecimal(bytes, precision: precision, scale: scale)
    }

    /// The same of at most 18 digits.
    ///
    /// - powers: of ten, through the 18th.
    @inline(__always)
    static func narrowDecimal(
        _ bytes: UnsafeRawBufferPointer, precision: Int, scale: Int, powers: [UInt64]
    ) -> Int64? {
        guard let first = bytes.first else { return nil }
        let isNegative = first == 0x2D
        var index = isNegative || first == 0x2B ? 1 : 0
        let start = index
        var point = bytes.count
        var value: UInt64 = 0
        while index < bytes.count {
            let byte = bytes[index]
            let digit = byte &- 0x30
            if digit <= 9 {
                value = value &* 10 &+ UInt64(digit)
            } else if byte == 0x2E, point == bytes.count {
                point = index
            } else {
                break
            }
            index &+= 1
        }
        let hasPoint = point < bytes.count
        let digits = bytes.count &- start &- (hasPoint ? 1 : 0)
        let shift = scale &- (hasPoint ? bytes.count &- point &- 1 : 0)
        guard index == bytes.count, digits > 0, digits <= 18, shift >= 0 else {
            return slowDecimal(bytes, precision: precision, scale: scale).map { Int64(truncatingIfNeeded: $0) }
        }
        let (units, isBeyond) = value.multipliedReportingOverflow(by: powers[shift])
        guard !isBeyond, units < powers[precision] else { return nil }
        return isNegative ? 0 &- Int64(bitPattern: units) : Int64(bitPattern: units)
    }

    private static func slowDecimal(_ bytes: UnsafeRawBufferPointer, precision: Int, scale: Int) -> Int128? {
        guard bytes.count <= 400, let number = DecimalNumber(bytes: bytes) else { return nil }
        return Exact.rescaled(number.unscaled, from: number.scale, to: scale, precision: precision)
    }

    /// The nearest double; words for infinity are understood, and NaN is none.
    ///
    /// Up to 15 digits and powers of ten up to 22 are both exact doubles, and one division rounds rightly
    /// (W. D. Clinger, "How to Read Floating Point Numbers Accurately", 1990).
    @inline(__always)
    static func float64(_ bytes: UnsafeRawBufferPointer) -> Double? {
        guard let first = bytes.first else { return nil }
        let isNegative = first == 0x2D
        var index = isNegative || first == 0x2B ? 1 : 0
        guard bytes.count &- index <= 16 else { return slowFloat64(bytes) }
        var value: UInt64 = 0
        var digits = 0
        var fraction = -1
        while index < bytes.count {
            let byte = bytes[index]
            let digit = byte &- 0x30
            if digit <= 9 {
                value = value &* 10 &+ UInt64(digit)
                digits &+= 1
                if fraction >= 0 { fraction &+= 1 }
            } else if byte == 0x2E, fraction < 0 {
                fraction = 0
            } else {
                return slowFloat64(bytes)
            }
            index &+= 1
        }
        guard digits > 0, digits <= 15 else { return slowFloat64(bytes) }
        let magnitude = Double(value) / PowersOfTen.double[max(fraction, 0)]
        return isNegative ? -magnitude : magnitude
    }

    private static func slowFloat64(_ bytes: UnsafeRawBufferPointer) -> Double? {
        guard bytes.count <= 400 else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        switch text.lowercased() {
        case "inf", "+inf", "infinity", "+infinity": return .infinity
        case "-inf", "-infinity": return -.infinity
        default: break
        }
        // `Double` also takes hexadecimal and NaN.
        guard text.utf8.allSatisfy({ $0 &- 0x30 <= 9 || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0) }) else {
            return nil
        }
        guard let number = Double(text), number.isFinite else { return nil }
        return number
    }

    /// `true t yes y on 1` and `false f no n off 0`, in any case.
    static func boolean(_ bytes: UnsafeRawBufferPointer) -> Bool? {
        guard bytes.count <= 5 else { return nil }
        switch String(decoding: bytes, as: UTF8.self).lowercased() {
        case "true", "t", "yes", "y", "on", "1": return true
        case "false", "f", "no", "n", "off", "0": return false
        default: return nil
        }
    }
}

/// Powers of ten of the machine's types.
enum PowersOfTen {
    /// Through 10^18.
    static let uint64: [UInt64] = (0...18).map { UInt64(DecimalNumber.powerOfTen($0)) }
    /// Through 10^22, all exact.
    static let double: [Double] = (0...22).map { Double(DecimalNumber.powerOfTen($0)) }
}
