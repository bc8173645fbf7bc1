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
    public init?(bytes: UnsafeRawBufferPointer) {
        var index = 0
        var isNegative = false
        if index < bytes.count, bytes[index] == 0x2D || bytes[index] == 0x2B {
            isNegative = bytes[index] == 0x2D
            index += 1
        }
        var unscaled: Int128 = 0
        var scale = 0
        var digits = 0
        var sawPoint = false
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x2E, !sawPoint {
                sawPoint = true
            } else if byte &- 0x30 <= 9 {
                let (product, overflow) = unscaled.multipliedReportingOverflow(by: 10)
                let (sum, overflow2) = product.addingReportingOverflow(Int128(byte &- 0x30))
                guard !overflow, !overflow2 else { return nil }
                unscaled = sum
                digits += 1
                if sawPoint { scale += 1 }
            } else {
                break
            }
            index += 1
        }
        guard digits > 0 else { return nil }
        var exponent = 0
        if index < bytes.count {
            guard bytes[index] | 0x20 == 0x65 else { return nil }
            index += 1
            var isNegativeExponent = false
            if index < bytes.count, bytes[index] == 0x2D || bytes[index] == 0x2B {
                isNegativeExponent = bytes[index] == 0x2D
                index += 1
            }
            guard index < bytes.count, bytes.count - index <= 4 else { return nil }
            while index < bytes.count {
                guard bytes[index] &- 0x30 <= 9 else { return nil }
                exponent = exponent * 10 + Int(bytes[index] &- 0x30)
                index += 1
            }
            if isNegativeExponent { exponent = -exponent }
        }
        scale -= exponent
        while scale < 0 {
            let (product, overflow) = unscaled.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            unscaled = product
            scale += 1
        }
        while scale > Self.maximumDigits, unscaled % 10 == 0 {
            unscaled /= 10
            scale -= 1
        }
        guard scale <= Self.maximumDigits, unscaled < Self.powerOfTen(Self.maximumDigits) else { return nil }
        self.init(unscaled: isNegative ? -unscaled : unscaled, scale: scale)
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
