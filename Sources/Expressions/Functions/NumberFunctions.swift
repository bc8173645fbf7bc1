import Tables

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Functions of numbers: exact of integers and decimals, of doubles as the machine has them.
enum NumberFunctions {
    static let all: [Function] = [
        Function("abs", [.number("x")], "the number without its sign") { site throws(ExpressionError) in
            if site.type(0) == .float64 {
                return site.call(.float64) { .float64(Rows.map($0.arguments[0].doubles, \.magnitude)) }
            }
            return exact(&site, site.type(0)) { value in value < 0 ? -value : value }
        },
        Function("sign", aliases: ["signum"], [.number("x")], "−1, 0 or 1, as an int64") {
            site throws(ExpressionError) in
            if site.type(0) == .float64 {
                return site.call(.int64) { .int64(Rows.map($0.arguments[0].doubles) { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }) }
            }
            return exact(&site, .int64) { $0.signum() }
        },
        rounding("round", "rounded to so many digits after the point, halves away from zero", .toNearestOrAwayFromZero),
        rounding("bround", "the same, halves to the even digit", .toNearestOrEven),
        rounding("trunc", aliases: ["truncate"], "cut off after so many digits", .towardZero),
        rounding("floor", "the greatest whole number that isn't above it", .down, takesDigits: false),
        rounding("ceil", aliases: ["ceiling"], "the least whole number that isn't below it", .up, takesDigits: false),
        Function("power", aliases: ["pow"], [.float("x"), .float("y")], .float64, "x to the power of y") { call in
            let (first, second) = (call.arguments[0].doubles, call.arguments[1].doubles)
            call.fail(
                Bitmap(count: call.count) { first[$0] == 0 && second[$0] < 0 }, .divisionByZero, "division by zero")
            let values = Rows.map(first, second) { pow($0, $1) }
            call.failWhereNotFinite(values) { first[$0].isFinite && second[$0].isFinite }
            return .float64(values)
        },
        floating("sqrt", "the square root", isDefined: { $0 >= 0 }, { $0.squareRoot() }),
        floating("exp", "e to the power of x", isDefined: { _ in true }, { exp($0) }),
        floating("ln", "the natural logarithm", isDefined: { $0 > 0 }, { log($0) }),
        floating("log10", "the logarithm to base 10", isDefined: { $0 > 0 }, { log10($0) }),
        floating("log2", "the logarithm to base 2", isDefined: { $0 > 0 }, { log2($0) }),
    ]

    private static func floating(
        _ name: String, _ summary: String, isDefined: @escaping @Sendable (Double) -> Bool,
        _ body: @escaping @Sendable (Double) -> Double
    ) -> Function {
        Function(name, [.float("x")], .float64, summary) { call in
            let source = call.arguments[0].doubles
            call.fail(
                Bitmap(count: call.count) { !isDefined(source[$0]) }, .badArgument, "is out of the range of \(name)",
                argument: 0)
            let values = Rows.map(source, body)
            call.failWhereNotFinite(values) { source[$0].isFinite }
            return .float64(values)
        }
    }

    /// A function of an exact number's units, which gives units of the type's own scale.
    private static func exact(
        _ site: inout CallSite, _ type: LogicalType, _ body: @escaping @Sendable (Int128) -> Int128
    ) -> BoundNode {
        site.call(type) { call in
            let (values, failed) = Rows.attempt(call.present, call.arguments[0].units, filler: Int128(0)) { value in
                let result = body(value)
                return Exact.fits(result, type) ? result : nil
            }
            call.fail(failed, .overflow, "the result doesn't fit in \(type)")
            return ColumnValues(units: values, type)
        }
    }

    // MARK: Rounding

    private static func rounding(
        _ name: String, aliases: [String] = [], _ summary: String, _ rule: FloatingPointRoundingRule,
        takesDigits: Bool = true
    ) -> Function {
        let parameters: [Function.Parameter] =
            takesDigits ? [.number("x"), .integer("digits").optional] : [.number("x")]
        return Function(name, aliases: aliases, parameters, summary) { site throws(ExpressionError) in
            let digits = try site.literalInteger(1, in: -38...38) ?? 0
            let type = site.type(0)
            if type == .float64 { return site.call(.float64) { call in rounded(&call, digits, rule) } }
            guard let shape = CommonType.shape(of: type), digits < shape.scale || digits < 0 else {
                return site.arguments[0]
            }
            let dropped = shape.scale - digits
            // One digit more, for what rounds up; places before the point stay, and are zeros.
            var result = type
            if case .decimal = type {
                let kept = max(digits, 0)
                result = CommonType.Shape(precision: max(1, shape.wholeDigits + 1 + kept), scale: kept).fitted.type
            }
            return exact(&site, result) { value in
                guard dropped <= Exact.maximumDigits else { return 0 }
                let unit = DecimalNumber.powerOfTen(dropped)
                let rounded = Exact.divided(value, by: unit, rule)
                return digits < 0 ? rounded.multipliedClamping(by: DecimalNumber.powerOfTen(-digits)) : rounded
            }
        }
    }

    private static func rounded(_ call: inout Call, _ digits: Int, _ rule: FloatingPointRoundingRule) -> ColumnValues {
        let factor = pow(10, Double(digits.magnitude))
        return .float64(
            Rows.map(call.arguments[0].doubles) { value in
                if digits == 0 { return value.rounded(rule) }
                let scaled = digits > 0 ? value * factor : value / factor
                // A number without so many digits is as round as it can be.
                guard scaled.magnitude < 9e15 else { return value }
                return digits > 0 ? scaled.rounded(rule) / factor : scaled.rounded(rule) * factor
            })
    }
}

extension Exact {
    /// The quotient, rounded by a rule; the divisor is above zero.
    static func divided(_ value: Int128, by divisor: Int128, _ rule: FloatingPointRoundingRule) -> Int128 {
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
        guard rest != 0 else { return quotient }
        let away: Int128 = value < 0 ? -1 : 1
        switch rule {
        case .toNearestOrAwayFromZero: return divided(value, by: divisor)
        case .toNearestOrEven:
            let left = divisor.magnitude - rest.magnitude
            let isAway = rest.magnitude > left || rest.magnitude == left && quotient & 1 == 1
            return isAway ? quotient + away : quotient
        case .up: return value > 0 ? quotient + 1 : quotient
        case .down: return value < 0 ? quotient - 1 : quotient
        default: return quotient
        }
    }

    static func fits(_ units: Int128, _ type: LogicalType) -> Bool {
        switch type {
        case .int64: Int64(exactly: units) != nil
        case .uint64: UInt64(exactly: units) != nil
        case .decimal(let precision, _): units.magnitude < DecimalNumber.powerOfTen(precision).magnitude
        default: false
        }
    }
}

extension Int128 {
    fileprivate func multipliedClamping(by factor: Int128) -> Int128 {
        let (product, isBeyond) = multipliedReportingOverflow(by: factor)
        return isBeyond ? (self < 0 ? .min : .max) : product
    }
}

extension ColumnValues {
    /// Exact numbers, all of which fit in the type.
    init(units: [Int128], _ type: LogicalType) {
        switch type {
        case .int64: self = .int64(Rows.map(units) { Int64(truncatingIfNeeded: $0) })
        case .uint64: self = .uint64(Rows.map(units) { UInt64(truncatingIfNeeded: $0) })
        case .decimal(let precision, let scale) where precision <= 18:
            self = .decimal(Rows.map(units) { Int64(truncatingIfNeeded: $0) }, scale: scale)
        case .decimal(_, let scale): self = .wideDecimal(units, scale: scale)
        default: preconditionFailure("exact numbers are integers and decimals")
        }
    }
}

extension NumberFunctions {
    static func sine(_ x: Double) -> Double { sin(x) }
}
