import Tables

/// Arithmetic of numbers: of doubles as they are, of all others exactly.
enum Arithmetic {
    static func bind(
        _ operation: OperatorFunctions.Operation, _ site: inout CallSite
    ) throws(ExpressionError) -> BoundNode {
        let types = site.arguments.map { $0.type ?? .int64 }
        if types.contains(.float64) || operation == .over && types.allSatisfy({ $0 == .int64 }) {
            for index in site.arguments.indices {
                let node = site.arguments[index]
                site.arguments[index] = try Cast.node(
                    node, to: .float64, isTry: false, text: node.text, at: node.offset)
            }
            return site.call(.float64, doubles(operation))
        }
        if types.allSatisfy({ $0 == .int64 }) { return site.call(.int64, integers(operation)) }
        let shapes = site.arguments.compactMap { CommonType.shape(of: $0) }
        let shape = shape(operation, shapes[0], shapes[1])
        return site.call(
            shape.fitted.type, DecimalArithmetic.kernel(operation, shapes[0].scale, shapes[1].scale, shape))
    }

    /// SQL's rule for the digits of a result, before it is made to fit.
    static func shape(
        _ operation: OperatorFunctions.Operation, _ left: CommonType.Shape, _ right: CommonType.Shape
    ) -> CommonType.Shape {
        let scale = max(left.scale, right.scale)
        switch operation {
        case .plus, .minus:
            return CommonType.Shape(precision: max(left.wholeDigits, right.wholeDigits) + scale + 1, scale: scale)
        case .times:
            return CommonType.Shape(precision: left.precision + right.precision + 1, scale: left.scale + right.scale)
        case .over:
            let scale = max(6, left.scale + right.precision + 1)
            return CommonType.Shape(precision: left.wholeDigits + right.scale + scale, scale: scale)
        case .modulo:
            return CommonType.Shape(
                precision: max(1, min(left.wholeDigits, right.wholeDigits) + scale), scale: scale)
        }
    }

    // MARK: Integers

    private static func integers(_ operation: OperatorFunctions.Operation) -> Kernel {
        switch operation {
        case .plus: integers { $0.addingReportingOverflow($1) }
        case .minus: integers { $0.subtractingReportingOverflow($1) }
        case .times: integers { $0.multipliedReportingOverflow(by: $1) }
        // The least number divided by −1 overflows and leaves nothing.
        default: dividing { $1 == -1 ? 0 : $0 % $1 }
        }
    }

    static let wholeQuotient: Kernel = dividing {
        let (quotient, isBeyond) = $0.dividedReportingOverflow(by: $1)
        return isBeyond ? nil : quotient
    }

    @inline(__always)
    private static func integers(
        _ body: @escaping @Sendable (Int64, Int64) -> (partialValue: Int64, overflow: Bool)
    ) -> Kernel {
        { call in
            let (values, failed) = Rows.attempt(
                call.present, call.arguments[0].int64s, call.arguments[1].int64s, filler: Int64(0)
            ) { left, right in
                let (value, isBeyond) = body(left, right)
                return isBeyond ? nil : value
            }
            call.fail(failed, .overflow, "the result doesn't fit in int64")
            return .int64(values)
        }
    }

    @inline(__always)
    private static func dividing(_ body: @escaping @Sendable (Int64, Int64) -> Int64?) -> Kernel {
        { call in
            let divisors = call.arguments[1].int64s
            call.fail(Bitmap(count: call.count) { divisors[$0] == 0 }, .divisionByZero, "division by zero")
            let (values, failed) = Rows.attempt(
                call.present, call.arguments[0].int64s, divisors, filler: Int64(0), body)
            call.fail(failed, .overflow, "the result doesn't fit in int64")
            return .int64(values)
        }
    }

    // MARK: Doubles

    private static func doubles(_ operation: OperatorFunctions.Operation) -> Kernel {
        switch operation {
        case .plus: doubles(dividing: false) { $0 + $1 }
        case .minus: doubles(dividing: false) { $0 - $1 }
        case .times: doubles(dividing: false) { $0 * $1 }
        case .over: doubles(dividing: true) { $0 / $1 }
        case .modulo: doubles(dividing: true) { $0.truncatingRemainder(dividingBy: $1) }
        }
    }

    @inline(__always)
    private static func doubles(dividing: Bool, _ body: @escaping @Sendable (Double, Double) -> Double) -> Kernel {
        { call in
            let (first, second) = (call.arguments[0].doubles, call.arguments[1].doubles)
            if dividing {
                call.fail(Bitmap(count: call.count) { second[$0] == 0 }, .divisionByZero, "division by zero")
            }
            let values = Rows.map(first, second, body)
            call.failWhereNotFinite(values) { first[$0].isFinite && second[$0].isFinite }
            return .float64(values)
        }
    }

    // MARK: Signs

    /// The second argument, negated.
    static let negatedDecimals: Kernel = { call in
        switch call.arguments[1].values {
        case .decimal(let values, let scale): .decimal(Rows.map(values) { 0 &- $0 }, scale: scale)
        case .wideDecimal(let values, let scale): .wideDecimal(Rows.map(values) { 0 &- $0 }, scale: scale)
        default: preconditionFailure("the binder lets only decimals here")
        }
    }
}

extension Call {
    /// Infinity out of finite numbers is an overflow, and what is no number a value the function isn't defined for.
    mutating func failWhereNotFinite(_ values: [Double], _ isOfFinite: (Int) -> Bool) {
        guard values.contains(where: { !$0.isFinite }) else { return }
        fail(Bitmap(count: count) { values[$0].isNaN }, .badArgument, "the result is no number")
        fail(
            Bitmap(count: count) { values[$0].isInfinite && isOfFinite($0) }, .overflow,
            "the result doesn't fit in float64")
    }
}
