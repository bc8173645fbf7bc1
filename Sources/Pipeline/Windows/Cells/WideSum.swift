/// A sum of 128-bit integers that can't overflow: 192 bits hold 2^63 of them.
struct WideSum: Sendable, Equatable {
    private(set) var high: Int64 = 0
    private(set) var low: UInt128 = 0

    @inline(__always)
    mutating func add(_ number: Int128) {
        let (sum, carry) = low.addingReportingOverflow(UInt128(truncatingIfNeeded: number))
        low = sum
        high = high &+ (number < 0 ? -1 : 0) &+ (carry ? 1 : 0)
    }

    @inline(__always)
    mutating func add(_ other: WideSum) {
        let (sum, carry) = low.addingReportingOverflow(other.low)
        low = sum
        high = high &+ other.high &+ (carry ? 1 : 0)
    }

    init() {}

    init(high: Int64, low: UInt128) { (self.high, self.low) = (high, low) }

    /// `nil` where 128 bits don't hold it.
    var integer: Int128? {
        let number = Int128(truncatingIfNeeded: low)
        return high == (number < 0 ? -1 : 0) ? number : nil
    }

    private var magnitude: (high: UInt64, low: UInt128) {
        guard high < 0 else { return (UInt64(high), low) }
        let (low, carry) = (~low).addingReportingOverflow(1)
        return (UInt64(bitPattern: ~high) &+ (carry ? 1 : 0), low)
    }

    /// The sum times `10^digits` divided by a number above 0, halves rounded away from zero; `nil` where 128 bits don't hold it.
    func mean(of count: Int64, addingDigits digits: Int) -> Int128? {
        let divisor = UInt128(count)
        let (high, low) = magnitude
        // Else the quotient has more than 128 bits.
        guard UInt128(high) < divisor else { return nil }
        let (quotient, remainder) = divisor.dividingFullWidth((UInt128(high), low))
        let unit = UInt128(PowersOfTen.uint64(digits))
        let (scaled, isBeyond) = quotient.multipliedReportingOverflow(by: unit)
        // The remainder is below 2^63 and the unit below 2^64.
        var (fraction, rest) = (remainder * unit).quotientAndRemainder(dividingBy: divisor)
        if rest >= divisor - rest { fraction += 1 }
        let (result, isTooMuch) = scaled.addingReportingOverflow(fraction)
        guard !isBeyond, !isTooMuch, let number = Int128(exactly: result) else { return nil }
        return self.high < 0 ? -number : number
    }
}

private enum PowersOfTen {
    /// Of up to 19.
    static func uint64(_ exponent: Int) -> UInt64 { (0..<exponent).reduce(1) { power, _ in power * 10 } }
}
