import Tables

/// Numbers as text writes them.
///
/// One lexer for all: an optional sign, digits, a point, an exponent; ASCII spaces around it are passed over; no
/// hexadecimal, no separators of thousands.
enum NumberText {
    /// The bytes without spaces at either end.
    @inline(__always)
    static func trimmed(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        bytes.trimmed
    }

    /// A whole number of 64 bits; `nil` where the text is anything else.
    @inline(__always)
    static func int64(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        var index = 0
        let count = bytes.count
        guard count > 0 else { return nil }
        let isNegative = bytes[0] == 0x2D
        if isNegative || bytes[0] == 0x2B { index = 1 }
        guard index < count else { return nil }
        var value: UInt64 = 0
        if count &- index <= 18 {
            while index < count {
                let digit = bytes[index] &- 0x30
                guard digit <= 9 else { return nil }
                value = value &* 10 &+ UInt64(digit)
                index &+= 1
            }
            return isNegative ? 0 &- Int64(bitPattern: value) : Int64(bitPattern: value)
        }
        while index < count {
            let digit = bytes[index] &- 0x30
            guard digit <= 9 else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflow2) = product.addingReportingOverflow(UInt64(digit))
            guard !overflow, !overflow2 else { return nil }
            value = sum
            index &+= 1
        }
        if isNegative { return value <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- value) : nil }
        return Int64(exactly: value)
    }

    /// The same of a cell with spaces around it or without; mostly a word or two of digits.
    @inline(__always)
    static func int64(_ cell: Cell) -> Int64? {
        if let value = DigitWord(cell)?.value { return Int64(truncatingIfNeeded: value) }
        return longInt64(cell)
    }

    /// Numbers of 9 through 16 digits are two words.
    private static func longInt64(_ cell: Cell) -> Int64? {
        if cell.count > 8, cell.count <= 16,
            let high = DigitWord(Cell(cell.buffer, cell.start, cell.count - 8))?.value,
            let low = DigitWord(Cell(cell.buffer, cell.start + cell.count - 8, 8))?.value
        {
            return Int64(truncatingIfNeeded: high * 100_000_000 + low)
        }
        return int64(trimmed(cell.bytes))
    }

    static func uint64(_ bytes: UnsafeRawBufferPointer) -> UInt64? {
        guard let number = DecimalNumber(bytes: bytes), let integer = number.integer, hasPlainDigits(bytes) else {
            return nil
        }
        return UInt64(exactly: integer)
    }

    /// Whether a number is written without point and exponent.
    static func hasPlainDigits(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.allSatisfy { $0 &- 0x30 <= 9 || $0 == 0x2B || $0 == 0x2D }
    }

    /// The nearest double, `NaN` and `inf` in any case included; `nil` where the text is no number, or one beyond all doubles.
    ///
    /// Up to 15 digits and powers of ten up to 22 are both exact doubles, and one division or multiplication rounds rightly
    /// (W. D. Clinger, "How to Read Floating Point Numbers Accurately", 1990); anything longer goes the slow way.
    @inline(__always)
    static func float64(_ bytes: UnsafeRawBufferPointer) -> Double? {
        var index = 0
        let count = bytes.count
        guard count > 0 else { return nil }
        let isNegative = bytes[0] == 0x2D
        if isNegative || bytes[0] == 0x2B { index = 1 }
        var mantissa: UInt64 = 0
        var digits = 0
        var fraction = 0
        while index < count, bytes[index] &- 0x30 <= 9 {
            mantissa = mantissa &* 10 &+ UInt64(bytes[index] &- 0x30)
            digits &+= 1
            index &+= 1
        }
        if index < count, bytes[index] == 0x2E {
            index &+= 1
            let first = index
            while index < count, bytes[index] &- 0x30 <= 9 {
                mantissa = mantissa &* 10 &+ UInt64(bytes[index] &- 0x30)
                index &+= 1
            }
            fraction = index &- first
            digits &+= fraction
        }
        guard index == count, digits > 0, digits <= 15 else { return slowFloat64(bytes) }
        let value = Double(mantissa) / exactPowers[fraction]
        return isNegative ? -value : value
    }

    /// The same of a cell with spaces around it or without; mostly a word of digits and a point.
    @inline(__always)
    static func float64(_ cell: Cell) -> Double? { shortFloat64(cell) ?? longFloat64(cell) }

    /// The same where the cell is nothing but a minus or none and a word of digits with or without a point; `nil` for any other.
    @inline(__always)
    static func shortFloat64(_ cell: Cell) -> Double? {
        let (isNegative, unsigned) = sign(cell)
        guard let (value, digits) = DigitWord(unsigned)?.fraction else { return nil }
        let magnitude = Double(value) / exactPowers[digits]
        return isNegative ? -magnitude : magnitude
    }

    @inline(never)
    private static func longFloat64(_ cell: Cell) -> Double? { float64(trimmed(cell.bytes)) }

    /// Whether a minus stands first, and what follows it.
    @inline(__always)
    private static func sign(_ cell: Cell) -> (isNegative: Bool, unsigned: Cell) {
        guard cell.count > 0, cell.buffer[cell.start] == 0x2D else { return (false, cell) }
        return (true, Cell(cell.buffer, cell.start &+ 1, cell.count &- 1))
    }

    private static let exactPowers: [16 of Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]

    private static func slowFloat64(_ bytes: UnsafeRawBufferPointer) -> Double? {
        guard isFloat(bytes) else { return word(bytes) }
        // Infinity is only what is written so.
        guard let value = Double(String(decoding: bytes, as: UTF8.self)), value.isFinite else { return nil }
        return value
    }

    /// Whether a text is a number of decimal digits, with or without point and exponent, however large.
    static func isFloat(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count > 0 else { return false }
        var index = 0
        if bytes[0] == 0x2D || bytes[0] == 0x2B { index = 1 }
        var digits = 0
        func passDigits() {
            while index < bytes.count, bytes[index] &- 0x30 <= 9 {
                digits += 1
                index += 1
            }
        }
        passDigits()
        if index < bytes.count, bytes[index] == 0x2E {
            index += 1
            passDigits()
        }
        guard digits > 0 else { return false }
        if index < bytes.count, bytes[index] | 0x20 == 0x65 {
            index += 1
            if index < bytes.count, bytes[index] == 0x2D || bytes[index] == 0x2B { index += 1 }
            digits = 0
            passDigits()
            guard digits > 0 else { return false }
        }
        return index == bytes.count
    }

    private static func word(_ bytes: UnsafeRawBufferPointer) -> Double? {
        guard bytes.count <= 9 else { return nil }
        switch String(decoding: bytes, as: UTF8.self).lowercased() {
        case "nan", "-nan", "+nan": return .nan
        case "inf", "+inf", "infinity", "+infinity": return .infinity
        case "-inf", "-infinity": return -.infinity
        default: return nil
        }
    }

    /// The number in units of `10^-scale`, where it has that many digits after the point at most (zeros besides) and
    /// `precision` in all.
    @inline(__always)
    static func decimal(_ bytes: UnsafeRawBufferPointer, precision: Int, scale: Int) -> Int128? {
        guard let number = DecimalNumber(bytes: bytes)?.rescaled(to: scale),
            number.unscaled.magnitude < DecimalNumber.powerOfTen(precision).magnitude
        else { return nil }
        return number.unscaled
    }

    /// The same of a cell with spaces around it or without, for up to 18 digits.
    @inline(__always)
    static func shortDecimal(_ cell: Cell, precision: Int, scale: Int) -> Int64? {
        let (isNegative, unsigned) = sign(cell)
        guard let (value, digits) = DigitWord(unsigned)?.fraction, digits <= scale, scale <= 18, precision <= 18 else {
            return longDecimal(cell, precision: precision, scale: scale)
        }
        let (product, overflow) = value.multipliedReportingOverflow(by: integerPowers[scale &- digits])
        guard !overflow, product < integerPowers[precision] else { return nil }
        return isNegative ? 0 &- Int64(truncatingIfNeeded: product) : Int64(truncatingIfNeeded: product)
    }

    @inline(never)
    private static func longDecimal(_ cell: Cell, precision: Int, scale: Int) -> Int64? {
        decimal(trimmed(cell.bytes), precision: precision, scale: scale).map { Int64(truncatingIfNeeded: $0) }
    }

    private static let integerPowers: [19 of UInt64] = [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
        100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
        10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000,
    ]

    /// `true`, `false`, and where the type was declared also `t f yes no y n 1 0`, in any case.
    static func boolean(_ bytes: UnsafeRawBufferPointer, isDeclared: Bool) -> Bool? {
        guard bytes.count <= 5 else { return nil }
        switch String(decoding: bytes, as: UTF8.self).lowercased() {
        case "true": return true
        case "false": return false
        case "t", "yes", "y", "1": return isDeclared ? true : nil
        case "f", "no", "n", "0": return isDeclared ? false : nil
        default: return nil
        }
    }
}
