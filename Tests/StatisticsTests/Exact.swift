/// A whole number of any size, sign and all, made for being obviously right: 16-bit digits, schoolbook arithmetic.
///
/// The reference for sums that must not round.
struct BigInteger: Equatable, CustomStringConvertible {
    /// The lowest first, without zeros at the end.
    private var digits: [UInt32] = []
    private(set) var isNegative = false

    init() {}

    init(_ value: Int128) {
        var rest = value.magnitude
        while rest > 0 {
            digits.append(UInt32(rest & 0xFFFF))
            rest >>= 16
        }
        isNegative = value < 0
    }

    /// A finite double times 2^1074.
    init(scaling value: Double) {
        let bits = value.bitPattern
        let biased = Int(bits >> 52 & 0x7FF)
        let fraction = bits & 0xF_FFFF_FFFF_FFFF
        self.init(Int128(biased == 0 ? fraction : fraction | 1 << 52))
        for _ in 0..<max(0, biased - 1) { self = self + self }
        isNegative = value < 0
    }

    static func + (left: BigInteger, right: BigInteger) -> BigInteger {
        var result = left
        if left.isNegative == right.isNegative {
            result.digits = added(left.digits, right.digits)
        } else if isLess(left.digits, right.digits) {
            result.digits = subtracted(right.digits, left.digits)
            result.isNegative = right.isNegative
        } else {
            result.digits = subtracted(left.digits, right.digits)
        }
        if result.digits.isEmpty { result.isNegative = false }
        return result
    }

    static prefix func - (value: BigInteger) -> BigInteger {
        var result = value
        if !value.digits.isEmpty { result.isNegative.toggle() }
        return result
    }

    static func * (left: BigInteger, right: BigInteger) -> BigInteger {
        var product = [UInt32](repeating: 0, count: left.digits.count + right.digits.count + 1)
        for (index, digit) in left.digits.enumerated() {
            var carry: UInt32 = 0
            for other in right.digits.indices {
                let sum = product[index + other] + digit * right.digits[other] + carry
                product[index + other] = sum & 0xFFFF
                carry = sum >> 16
            }
            product[index + right.digits.count] += carry
        }
        var result = BigInteger()
        while product.last == 0 { product.removeLast() }
        result.digits = product
        result.isNegative = !product.isEmpty && left.isNegative != right.isNegative
        return result
    }

    private static func added(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
        var sum: [UInt32] = []
        var carry: UInt32 = 0
        for index in 0..<max(left.count, right.count) {
            carry += (index < left.count ? left[index] : 0) + (index < right.count ? right[index] : 0)
            sum.append(carry & 0xFFFF)
            carry >>= 16
        }
        if carry > 0 { sum.append(carry) }
        return sum
    }

    private static func subtracted(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
        var difference: [UInt32] = []
        var borrow: UInt32 = 0
        for index in left.indices {
            let wanted = (index < right.count ? right[index] : 0) + borrow
            borrow = left[index] < wanted ? 1 : 0
            difference.append(left[index] + borrow << 16 - wanted)
        }
        while difference.last == 0 { difference.removeLast() }
        return difference
    }

    private static func isLess(_ left: [UInt32], _ right: [UInt32]) -> Bool {
        guard left.count == right.count else { return left.count < right.count }
        return left.reversed().lexicographicallyPrecedes(right.reversed())
    }

    /// The nearest double of the number times `2^exponent`, halves to even; never for results below 2^-1022 that round.
    func double(exponent: Int) -> Double {
        var bits: [Bool] = []
        for digit in digits { for bit in 0..<16 { bits.append(digit >> UInt32(bit) & 1 == 1) } }
        while bits.last == false { bits.removeLast() }
        guard !bits.isEmpty else { return 0 }
        var mantissa: UInt64 = 0
        let kept = min(53, bits.count)
        for bit in bits.suffix(kept).reversed() { mantissa = mantissa << 1 | (bit ? 1 : 0) }
        let dropped = bits.dropLast(kept)
        if dropped.last == true, dropped.dropLast().contains(true) || mantissa & 1 == 1 { mantissa += 1 }
        var result = Double(mantissa)
        var power = exponent + dropped.count
        while power > 0, result.isFinite { (result, power) = (result * 2, power - 1) }
        while power < 0 { (result, power) = (result / 2, power + 1) }
        return isNegative ? -result : result
    }

    var description: String {
        (isNegative ? "-" : "") + digits.reversed().map { String($0, radix: 16) }.joined(separator: "_")
    }
}
