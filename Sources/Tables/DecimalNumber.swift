/// An exact decimal number: `unscaled × 10^−scale`.
///
/// Numbers a person writes (bounds, shares, `mostly`) and values of decimal columns are held like this, so that
/// comparing them never goes through binary floating point. 38 digits at most; a scale from 0 through 38.
public struct DecimalNumber: Sendable {
    public static let maximumDigits = 38

    public let unscaled: Int128
    /// Digits after the point, 0 through 38.
    public let scale: Int

    public init(unscaled: Int128, scale: Int = 0) {
        precondition((0...Self.maximumDigits).contains(scale), "a decimal's scale is 0 through 38")
        self.unscaled = unscaled
        self.scale = scale
    }

    public init(_ integer: some BinaryInteger) { self.init(unscaled: Int128(integer)) }

    /// Reads `-12.50`, `+3`, `.5`, `1e3`; `nil` where the text is no such number or doesn't fit in 38 digits.
    public init?(_ text: some StringProtocol) {
        var bytes = Array(text.utf8)
        guard let number = bytes.withUnsafeMutableBytes({ DecimalNumber(bytes: UnsafeRawBufferPointer($0)) }) else {
            return nil
        }
        self = number
    }

    /// Reads the same from UTF-8 bytes, without building a `String`.
    ///
    /// The scale is the one that is written, as far as 38 digits allow: `1.50` has two, and zeros at the end of a fraction are
    /// dropped only where there would be too many digits. Zeros in front, zeros at the end and the length of the exponent don't
    /// make a number too long. It costs one pass over the text.
    public init?(bytes: UnsafeRawBufferPointer) {
        var index = 0
        let isNegative = Self.passSign(bytes, &index)
        guard let digits = Digits(bytes, &index), let exponent = Self.exponent(bytes, &index), index == bytes.count
        else {
            return nil
        }
        let written = digits.fraction - exponent
        guard digits.unscaled != 0 else {
            self.init(unscaled: 0, scale: min(max(written, 0), Self.maximumDigits))
            return
        }
        let power = digits.zeros - written
        let scale = min(max(written, 0), Self.maximumDigits, Self.maximumDigits - digits.count - power)
        guard scale >= max(0, -power) else { return nil }
        let unscaled = digits.unscaled * Self.powerOfTen(power + scale)
        self.init(unscaled: isNegative ? -unscaled : unscaled, scale: scale)
    }

    /// The digits before an exponent.
    private struct Digits {
        /// From the first that is no zero through the last.
        var unscaled: Int128 = 0
        /// How many those are.
        var count = 0
        /// Zeros behind them.
        var zeros = 0
        /// How many digits of all stand behind the point.
        var fraction = 0

        /// `nil` where there is none, or more than 38 are needed.
        init?(_ bytes: UnsafeRawBufferPointer, _ index: inout Int) {
            let start = index
            var point: Int?
            while index < bytes.count {
                let byte = bytes[index]
                if byte == 0x2E, point == nil {
                    point = index
                } else if byte &- 0x30 <= 9 {
                    guard add(byte &- 0x30) else { return nil }
                } else {
                    break
                }
                index += 1
            }
            if let point { fraction = index - point - 1 }
            guard index - start > (point == nil ? 0 : 1) else { return nil }
        }

        @inline(__always)
        private mutating func add(_ digit: UInt8) -> Bool {
            guard digit > 0 else {
                if count > 0 { zeros += 1 }
                return true
            }
            count += zeros + 1
            guard count <= DecimalNumber.maximumDigits else { return false }
            unscaled = unscaled &* (zeros == 0 ? 10 : DecimalNumber.powerOfTen(zeros + 1)) &+ Int128(digit)
            zeros = 0
            return true
        }
    }

    private static func passSign(_ bytes: UnsafeRawBufferPointer, _ index: inout Int) -> Bool {
        guard index < bytes.count, bytes[index] == 0x2D || bytes[index] == 0x2B else { return false }
        index += 1
        return bytes[index - 1] == 0x2D
    }

    /// 0 where there is none, `nil` where there are no digits in it; beyond all that a text's digits could make up for, a
    /// number of that size.
    private static func exponent(_ bytes: UnsafeRawBufferPointer, _ index: inout Int) -> Int? {
        guard index < bytes.count, bytes[index] | 0x20 == 0x65 else { return 0 }
        index += 1
        let isNegative = passSign(bytes, &index)
        let start = index
        var exponent = 0
        while index < bytes.count, bytes[index] &- 0x30 <= 9 {
            exponent = min(exponent * 10 + Int(bytes[index] &- 0x30), 1 << 48)
            index += 1
        }
        guard index > start else { return nil }
        return isNegative ? -exponent : exponent
    }

    /// The nearest `Double`.
    public var double: Double { Double(description) ?? .nan }

    /// The number as an integer, where it is one.
    public var integer: Int128? {
        let divisor = Self.powerOfTen(scale)
        return unscaled % divisor == 0 ? unscaled / divisor : nil
    }

    /// The largest integer that is not above the number.
    public var floor: Int128 {
        let divisor = Self.powerOfTen(scale)
        let (quotient, remainder) = unscaled.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// `10^exponent`, for 0 through 38.
    public static func powerOfTen(_ exponent: Int) -> Int128 {
        precondition((0...maximumDigits).contains(exponent), "10^n fits in 128 bits for n of 0 through 38")
        return powersOfTen[exponent]
    }

    private static let powersOfTen: [Int128] = {
        var powers: [Int128] = [1]
        for _ in 1...maximumDigits { powers.append((powers.last ?? 1) * 10) }
        return powers
    }()

    /// The same number with `scale` digits after the point; `nil` where digits would be lost or it doesn't fit.
    public func rescaled(to scale: Int) -> DecimalNumber? {
        if scale >= self.scale {
            let (product, overflow) = unscaled.multipliedReportingOverflow(
                by: Self.powerOfTen(scale - self.scale))
            return overflow ? nil : DecimalNumber(unscaled: product, scale: scale)
        }
        let divisor = Self.powerOfTen(self.scale - scale)
        return unscaled % divisor == 0 ? DecimalNumber(unscaled: unscaled / divisor, scale: scale) : nil
    }

    /// The same number without zeros at the end of its fraction.
    public var reduced: DecimalNumber {
        var unscaled = unscaled
        var scale = scale
        while scale > 0, unscaled % 10 == 0 {
            unscaled /= 10
            scale -= 1
        }
        return DecimalNumber(unscaled: unscaled, scale: scale)
    }
}

extension DecimalNumber: Comparable, Hashable {
    public static func == (left: DecimalNumber, right: DecimalNumber) -> Bool { compare(left, right) == 0 }
    public static func < (left: DecimalNumber, right: DecimalNumber) -> Bool { compare(left, right) < 0 }

    public func hash(into hasher: inout Hasher) {
        let reduced = reduced
        hasher.combine(reduced.unscaled)
        hasher.combine(reduced.scale)
    }

    private static func compare(_ left: DecimalNumber, _ right: DecimalNumber) -> Int {
        if left.scale == right.scale { return order(left.unscaled, right.unscaled) }
        if left.scale > right.scale { return -compare(right, left) }
        let (product, overflow) = left.unscaled.multipliedReportingOverflow(by: powerOfTen(right.scale - left.scale))
        // What overflows is larger in magnitude than anything 128 bits hold.
        if overflow { return left.unscaled < 0 ? -1 : 1 }
        return order(product, right.unscaled)
    }

    private static func order(_ left: Int128, _ right: Int128) -> Int { left == right ? 0 : (left < right ? -1 : 1) }
}

extension DecimalNumber: CustomStringConvertible {
    /// All digits of the scale, as in `12.50`.
    public var description: String {
        guard scale > 0 else { return String(unscaled) }
        var digits = String(unscaled.magnitude)
        if digits.utf8.count <= scale { digits = String(repeating: "0", count: scale - digits.utf8.count + 1) + digits }
        let point = digits.index(digits.endIndex, offsetBy: -scale)
        return (unscaled < 0 ? "-" : "") + digits[..<point] + "." + digits[point...]
    }
}
