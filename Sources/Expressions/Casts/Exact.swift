import Tables

/// Arithmetic on exact numbers of up to 38 digits.
enum Exact {
    static let maximumDigits = DecimalNumber.maximumDigits

    /// The quotient, halves rounded away from zero; the divisor isn't zero.
    @inline(__always)
    static func divided<Number: FixedWidthInteger>(_ value: Number, by divisor: Number) -> Number {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        let rest = remainder.magnitude
        guard rest != 0, rest >= divisor.magnitude - rest else { return quotient }
        return (value < 0) == (divisor < 0) ? quotient + 1 : quotient - 1
    }

    /// The same number with another scale, rounded half away from zero; `nil` where it has more digits than `precision`.
    @inline(__always)
    static func rescaled(_ value: Int128, from scale: Int, to wanted: Int, precision: Int) -> Int128? {
        var result = value
        if wanted > scale {
            let (product, isBeyond) = value.multipliedReportingOverflow(by: DecimalNumber.powerOfTen(wanted - scale))
            guard !isBeyond else { return nil }
            result = product
        } else if wanted < scale {
            result = divided(value, by: DecimalNumber.powerOfTen(scale - wanted))
        }
        return result.magnitude < DecimalNumber.powerOfTen(precision).magnitude ? result : nil
    }

    /// `left × right ÷ 10^digits`, rounded half away from zero; `nil` where it has more than 38 digits.
    static func product(_ left: Int128, _ right: Int128, droppingDigits digits: Int) -> Int128? {
        // What is cut off first can't turn less than a half into a half.
        let first = max(0, digits - maximumDigits)
        let unit = DecimalNumber.powerOfTen(digits - first)
        let (product, isBeyond) = left.multipliedReportingOverflow(by: right)
        if !isBeyond { return checked(divided(product / DecimalNumber.powerOfTen(first), by: unit)) }
        let full = left.magnitude.multipliedFullWidth(by: right.magnitude)
        let isNegative = (left < 0) != (right < 0)
        guard first > 0 else {
            guard full.high < unit.magnitude else { return nil }
            let (quotient, rest) = unit.magnitude.dividingFullWidth((full.high, full.low))
            return signed(quotient + (rest >= unit.magnitude - rest ? 1 : 0), isNegative)
        }
        // Numbers of 38 digits make a product that 10^38 divides into 128 bits.
        guard full.high < unit.magnitude else { return nil }
        let quotient = unit.magnitude.dividingFullWidth((full.high, full.low)).quotient
        return signed(divided(quotient, by: DecimalNumber.powerOfTen(first).magnitude), isNegative)
    }

    /// `left × 10^digits ÷ right`, rounded half away from zero; `nil` where it has more than 38 digits.
    ///
    /// `right` isn't zero. What 128 bits don't hold is divided digit by digit.
    static func quotient(_ left: Int128, _ right: Int128, addingDigits digits: Int) -> Int128? {
        if digits <= maximumDigits {
            let (scaled, isBeyond) = left.multipliedReportingOverflow(by: DecimalNumber.powerOfTen(digits))
            if !isBeyond { return checked(divided(scaled, by: right)) }
        }
        let divisor = right.magnitude
        var (quotient, remainder) = left.magnitude.quotientAndRemainder(dividingBy: divisor)
        for _ in 0..<digits {
            // The remainder is below the divisor, so a digit's quotient is below ten.
            let full = remainder.multipliedFullWidth(by: 10)
            let digit = divisor.dividingFullWidth((full.high, full.low))
            remainder = digit.remainder
            guard quotient < DecimalNumber.powerOfTen(maximumDigits - 1).magnitude else { return nil }
            quotient = quotient * 10 + digit.quotient
        }
        if remainder >= divisor - remainder { quotient += 1 }
        return signed(quotient, (left < 0) != (right < 0))
    }

    /// The sum of numbers with scales of their own, rounded half away from zero; `nil` where it has more than 38 digits.
    ///
    /// Whole units and what is left of them are added apart, so that nothing overflows on the way.
    static func sum(_ left: Int128, _ right: Int128, scales: (Int, Int), to scale: Int) -> Int128? {
        let finest = max(scales.0, scales.1, scale)
        guard let first = split(left, scales.0, scale, finest), let second = split(right, scales.1, scale, finest)
        else {
            return nil
        }
        let unit = DecimalNumber.powerOfTen(finest - scale)
        let (carry, rest) = (first.rest + second.rest).quotientAndRemainder(dividingBy: unit)
        let (whole, isBeyond) = first.whole.addingReportingOverflow(second.whole + carry)
        guard !isBeyond else { return nil }
        var result = whole
        if rest != 0 {
            let isAway = whole == 0 || (whole < 0) == (rest < 0)
            let left = unit.magnitude - rest.magnitude
            if isAway ? rest.magnitude >= left : rest.magnitude > left { result += rest < 0 ? -1 : 1 }
        }
        return checked(result)
    }

    /// Whole units of a scale, and what is left in units of a finer one.
    private static func split(_ value: Int128, _ scale: Int, _ wanted: Int, _ finest: Int) -> (
        whole: Int128, rest: Int128
    )? {
        if scale <= wanted {
            let (whole, isBeyond) = value.multipliedReportingOverflow(by: DecimalNumber.powerOfTen(wanted - scale))
            return isBeyond ? nil : (whole, 0)
        }
        let (whole, rest) = value.quotientAndRemainder(dividingBy: DecimalNumber.powerOfTen(scale - wanted))
        return (whole, rest * DecimalNumber.powerOfTen(finest - scale))
    }

    /// What a division leaves, with the sign of the number that is divided, in units of the finer scale; the divisor isn't
    /// zero.
    static func remainder(_ left: Int128, _ right: Int128, scales: (Int, Int)) -> Int128 {
        if scales.0 >= scales.1 {
            let (divisor, isBeyond) = right.multipliedReportingOverflow(
                by: DecimalNumber.powerOfTen(scales.0 - scales.1))
            // A divisor beyond 128 bits is larger than the number.
            return isBeyond ? left : left % divisor
        }
        let divisor = right.magnitude
        var rest = left.magnitude % divisor
        for _ in scales.0..<scales.1 {
            let full = rest.multipliedFullWidth(by: 10)
            rest = divisor.dividingFullWidth((full.high, full.low)).remainder
        }
        return left < 0 ? -Int128(rest) : Int128(rest)
    }

    private static func signed(_ magnitude: UInt128, _ isNegative: Bool) -> Int128? {
        guard magnitude < DecimalNumber.powerOfTen(maximumDigits).magnitude else { return nil }
        return isNegative ? -Int128(magnitude) : Int128(magnitude)
    }

    @inline(__always)
    private static func checked(_ value: Int128) -> Int128? {
        value.magnitude < DecimalNumber.powerOfTen(maximumDigits).magnitude ? value : nil
    }

    /// The nearest double.
    @inline(__always)
    static func double(_ units: Int128, scale: Int) -> Double {
        // Both are exact, so that the one division rounds rightly.
        if units.magnitude < 1 << 53, scale <= 22 {
            return Double(Int64(truncatingIfNeeded: units)) / PowersOfTen.double[scale]
        }
        return DecimalNumber(unscaled: units, scale: scale).double
    }

    /// The exact number that a double is written as, rounded half away from zero; `nil` where it has too many digits.
    static func units(_ number: Double, precision: Int, scale: Int) -> Int128? {
        guard number.isFinite else { return nil }
        if scale <= 18 {
            let scaled = number * PowersOfTen.double[scale]
            if scaled.magnitude < 1_099_511_627_776 {
                let rounded = scaled.rounded()
                // Far from a half, the product's own rounding can't matter.
                if ((scaled - rounded).magnitude - 0.5).magnitude > 0.01 {
                    let units = Int128(rounded)
                    return units.magnitude < DecimalNumber.powerOfTen(precision).magnitude ? units : nil
                }
            }
        }
        if let written = DecimalNumber(number.description) {
            return rescaled(written.unscaled, from: written.scale, to: scale, precision: precision)
        }
        // Too small for 38 digits after the point, or too large for 38 in all.
        return number.magnitude < 1e-37 ? 0 : nil
    }
}
