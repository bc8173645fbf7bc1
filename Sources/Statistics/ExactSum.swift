import Tables

/// A sum of binary floating-point numbers or integers without any rounding, whatever their order.
///
/// A fixed-point number in limbs of 32 bits, wide enough for the squares of all doubles and 2^63 of them: R. M. Neal,
/// "Fast exact summation using small and large superaccumulators" (2015), §2. That is what makes a mean the same to the
/// last bit however rows were cut. 1,096 bytes.
public struct ExactSum: Sendable {
    /// Weight of the lowest limb: 2^-2176, below the square of the smallest double.
    private static let lowestExponent = -2_176
    static let limbCount = 137

    private var parts = [Int64](repeating: 0, count: limbCount)
    /// Additions since carries were last passed on; each changes a limb by less than 2^32.
    private var pending = 0

    public init() {}

    /// The sum with these limbs of its magnitude; they fit.
    init(limbs own: [UInt32], from first: Int, isNegative: Bool) {
        for (index, limb) in own.enumerated() { parts[first + index] = isNegative ? -Int64(limb) : Int64(limb) }
        pending = 1
    }

    /// Adds a finite number.
    public mutating func add(_ value: Double) {
        guard value != 0 else { return }
        let (mantissa, exponent) = Self.split(value)
        add(mantissa, exponent: exponent, isNegative: value < 0)
    }

    /// Adds the square of a finite number, exactly.
    public mutating func addSquare(_ value: Double) {
        guard value != 0 else { return }
        let (mantissa, exponent) = Self.split(value)
        let square = mantissa.multipliedFullWidth(by: mantissa)
        add(square.low, exponent: exponent * 2, isNegative: false)
        if square.high != 0 { add(square.high, exponent: exponent * 2 + 64, isNegative: false) }
    }

    public mutating func add(_ value: Int128) {
        let magnitude = value.magnitude
        add(UInt64(truncatingIfNeeded: magnitude), exponent: 0, isNegative: value < 0)
        let high = UInt64(truncatingIfNeeded: magnitude >> 64)
        if high != 0 { add(high, exponent: 64, isNegative: value < 0) }
    }

    /// Adds the square of an integer.
    public mutating func addSquare(_ value: Int128) {
        let square = value.magnitude.multipliedFullWidth(by: value.magnitude)
        for (part, exponent) in [(square.low, 0), (square.high, 128)] where part != 0 {
            add(UInt64(truncatingIfNeeded: part), exponent: exponent, isNegative: false)
            add(UInt64(truncatingIfNeeded: part >> 64), exponent: exponent + 64, isNegative: false)
        }
    }

    public mutating func add(_ other: ExactSum) {
        var other = other
        other.passCarries()
        passCarries()
        for index in parts.indices { parts[index] &+= other.parts[index] }
        pending = 2
    }

    /// A finite double as an integer of 53 bits and a power of two.
    @inline(__always)
    private static func split(_ value: Double) -> (UInt64, Int) {
        let bits = value.bitPattern
        let biased = Int(bits >> 52 & 0x7FF)
        let fraction = bits & 0xF_FFFF_FFFF_FFFF
        return biased == 0 ? (fraction, -1_074) : (fraction | 1 << 52, biased - 1_075)
    }

    @inline(__always)
    private mutating func add(_ mantissa: UInt64, exponent: Int, isNegative: Bool) {
        let position = exponent &- Self.lowestExponent
        let limb = position >> 5
        let shifted = UInt128(mantissa) &<< UInt128(position & 31)
        let low = Int64(truncatingIfNeeded: shifted & 0xFFFF_FFFF)
        let middle = Int64(truncatingIfNeeded: (shifted &>> 32) & 0xFFFF_FFFF)
        let high = Int64(truncatingIfNeeded: shifted &>> 64)
        parts.withUnsafeMutableBufferPointer { limbs in
            if isNegative {
                limbs[limb] &-= low
                limbs[limb &+ 1] &-= middle
                limbs[limb &+ 2] &-= high
            } else {
                limbs[limb] &+= low
                limbs[limb &+ 1] &+= middle
                limbs[limb &+ 2] &+= high
            }
        }
        pending &+= 1
        if pending >= 1 << 30 { passCarries() }
    }

    private mutating func passCarries() {
        var carry: Int64 = 0
        for index in parts.indices.dropLast() {
            let sum = parts[index] + carry
            carry = sum >> 32
            parts[index] = sum & 0xFFFF_FFFF
        }
        parts[parts.count - 1] += carry
        pending = 1
    }

    /// The sum without its sign, and whether it is below zero.
    var magnitude: (value: BigNatural, isNegative: Bool) {
        var copy = self
        copy.passCarries()
        let isNegative = copy.parts[copy.parts.count - 1] < 0
        if isNegative {
            for index in copy.parts.indices { copy.parts[index] = -copy.parts[index] }
            copy.passCarries()
        }
        return (BigNatural(copy.parts.map { UInt32(truncatingIfNeeded: $0) }), isNegative)
    }

    /// The nearest double.
    public var double: Double {
        let (value, isNegative) = magnitude
        let result = value.double(exponent: Self.lowestExponent)
        return isNegative ? -result : result
    }

    /// The nearest double of the sum divided by a number of at least 1, and by a power of ten.
    public func divided(by count: Int, powerOfTen: Int = 0) -> Double {
        var (value, isNegative) = magnitude
        var isExact = value.divide(by: UInt64(count))
        // Nineteen digits fit in 64 bits.
        for digits in stride(from: powerOfTen, to: 0, by: -19) {
            isExact = value.divide(by: UInt64(DecimalNumber.powerOfTen(min(digits, 19)))) && isExact
        }
        // The quotient has a thousand bits more than a double: one that stands for the rest decides ties rightly.
        if !isExact { value.setLowestBit() }
        let result = value.double(exponent: Self.lowestExponent)
        return isNegative ? -result : result
    }

    /// The sum, where it is an integer that 128 bits hold.
    public var integer: Int128? {
        let (value, isNegative) = magnitude
        guard let whole = value.shiftedRight(limbs: -Self.lowestExponent / 32), whole <= UInt128(Int128.max) else {
            return nil
        }
        return isNegative ? -Int128(whole) : Int128(whole)
    }

    /// The root of `(count × squares − sum²) / count / (count − 1)`: the deviation of a sample of two or more.
    ///
    /// The difference is taken without rounding, and its power of two is kept apart, so that neither values that nearly cancel
    /// nor ones whose squares no double holds lose anything.
    static func deviation(sum: ExactSum, squares: ExactSum, count: Int) -> Double {
        let scaled = squares.magnitude.value.multiplied(by: BigNatural(UInt64(count)))
            .shiftedLeft(limbs: -lowestExponent / 32)
        let square = sum.magnitude.value.multiplied(by: sum.magnitude.value)
        let (significand, exponent) = scaled.subtracting(square).scientific(exponent: 2 * lowestExponent)
        let odd = exponent & 1
        let variance = Double(sign: .plus, exponent: odd, significand: significand) / Double(count) / Double(count - 1)
        return Double(sign: .plus, exponent: (exponent - odd) / 2, significand: variance.squareRoot())
    }
}

extension ExactSum: Equatable {
    public static func == (left: ExactSum, right: ExactSum) -> Bool {
        var (left, right) = (left, right)
        left.passCarries()
        right.passCarries()
        return left.parts == right.parts
    }
}

/// A natural number of any size, as 32-bit limbs, the lowest first.
///
/// Only what reading a sum needs.
struct BigNatural: Equatable {
    private(set) var limbs: [UInt32]

    init(_ limbs: [UInt32]) {
        self.limbs = limbs
        while self.limbs.last == 0 { self.limbs.removeLast() }
    }

    init(_ value: UInt64) { self.init([UInt32(truncatingIfNeeded: value), UInt32(truncatingIfNeeded: value >> 32)]) }

    /// Divides by a number above 0, and drops the remainder; tells whether there was none.
    mutating func divide(by divisor: UInt64) -> Bool {
        var remainder: UInt128 = 0
        for index in limbs.indices.reversed() {
            let dividend = remainder << 32 | UInt128(limbs[index])
            let quotient = dividend / UInt128(divisor)
            limbs[index] = UInt32(truncatingIfNeeded: quotient)
            remainder = dividend - quotient * UInt128(divisor)
        }
        while limbs.last == 0 { limbs.removeLast() }
        return remainder == 0
    }

    mutating func setLowestBit() {
        if limbs.isEmpty { limbs = [1] } else { limbs[0] |= 1 }
    }

    func multiplied(by other: BigNatural) -> BigNatural {
        var product = [UInt32](repeating: 0, count: limbs.count + other.limbs.count + 1)
        for (index, limb) in limbs.enumerated() where limb != 0 {
            var carry: UInt64 = 0
            for (otherIndex, otherLimb) in other.limbs.enumerated() {
                let sum = UInt64(limb) * UInt64(otherLimb) + UInt64(product[index + otherIndex]) + carry
                product[index + otherIndex] = UInt32(truncatingIfNeeded: sum)
                carry = sum >> 32
            }
            product[index + other.limbs.count] = UInt32(truncatingIfNeeded: carry)
        }
        return BigNatural(product)
    }

    /// The difference, or zero where `other` is larger.
    func subtracting(_ other: BigNatural) -> BigNatural {
        var difference = limbs
        var borrow: Int64 = 0
        for index in 0..<max(limbs.count, other.limbs.count) {
            guard index < difference.count else { return BigNatural([UInt32]()) }
            var digit = Int64(difference[index]) - borrow
            if index < other.limbs.count { digit -= Int64(other.limbs[index]) }
            borrow = digit < 0 ? 1 : 0
            difference[index] = UInt32(truncatingIfNeeded: digit)
        }
        return borrow == 0 ? BigNatural(difference) : BigNatural([UInt32]())
    }

    func shiftedLeft(limbs count: Int) -> BigNatural {
        BigNatural([UInt32](repeating: 0, count: count) + limbs)
    }

    /// The number without its lowest limbs; `nil` where those aren't zero or more than 128 bits are left.
    func shiftedRight(limbs count: Int) -> UInt128? {
        guard limbs.prefix(count).allSatisfy({ $0 == 0 }), limbs.count <= count + 4 else { return nil }
        return limbs.dropFirst(count).reversed().reduce(0) { $0 << 32 | UInt128($1) }
    }

    /// The nearest double of the number times `2^exponent`.
    func double(exponent: Int) -> Double {
        let (significand, exponent) = scientific(exponent: exponent)
        return exponent > 1_023 ? .infinity : Double(sign: .plus, exponent: exponent, significand: significand)
    }

    /// The same as a number of 53 bits, from 1 to below 2, and a power of two; 0 and 0 for nothing.
    func scientific(exponent: Int) -> (significand: Double, exponent: Int) {
        let top = limbs.suffix(4)
        var leading = top.reversed().reduce(UInt128(0)) { $0 << 32 | UInt128($1) }
        // At least 97 bits stand in `leading` where more follow, so one sticky bit decides ties rightly.
        if limbs.dropLast(4).contains(where: { $0 != 0 }) { leading |= 1 }
        let value = Double(leading)
        guard value != 0 else { return (0, 0) }
        return (value.significand, Int(value.exponent) + exponent + 32 * (limbs.count - top.count))
    }
}
