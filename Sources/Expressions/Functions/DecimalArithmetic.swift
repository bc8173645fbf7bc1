import Tables

/// Arithmetic of decimals, and of integers among them.
///
/// Where a result of the rule's digits fits, no check is needed: 64 bits hold 18 digits and 128 hold 38.
enum DecimalArithmetic {
    typealias Shape = CommonType.Shape

    /// - shape: the result's digits before they are made to fit in 38.
    static func kernel(
        _ operation: OperatorFunctions.Operation, _ left: Int, _ right: Int, _ shape: Shape
    ) -> Kernel {
        switch operation {
        case .plus: sum(left, right, shape, sign: 1)
        case .minus: sum(left, right, shape, sign: -1)
        case .times: product(left, right, shape)
        case .over: quotient(left, right, shape.fitted)
        case .modulo: remainder(left, right, shape.fitted)
        }
    }

    private static func sum(_ left: Int, _ right: Int, _ shape: Shape, sign: Int) -> Kernel {
        let result = shape.fitted
        let (up, down) = (max(0, result.scale - left), max(0, result.scale - right))
        guard shape.precision > 18 else {
            let (first, second) = (Int64(PowersOfTen.uint64[up]), Int64(sign) * Int64(PowersOfTen.uint64[down]))
            return { call in
                guard let lefts = call.arguments[0].narrow, let rights = call.arguments[1].narrow else {
                    preconditionFailure("fewer than 18 digits are stored in 64 bits")
                }
                return .decimal(Rows.map(lefts, rights) { $0 &* first &+ $1 &* second }, scale: result.scale)
            }
        }
        guard shape.precision > Exact.maximumDigits else {
            let (first, second) = (DecimalNumber.powerOfTen(up), Int128(sign) * DecimalNumber.powerOfTen(down))
            return { call in
                if let lefts = call.arguments[0].narrow, let rights = call.arguments[1].narrow {
                    return .wideDecimal(
                        Rows.map(lefts, rights) { Int128($0) &* first &+ Int128($1) &* second }, scale: result.scale)
                }
                return .wideDecimal(
                    Rows.map(call.arguments[0].units, call.arguments[1].units) { $0 &* first &+ $1 &* second },
                    scale: result.scale)
            }
        }
        return checked(result) { Exact.sum($0, Int128(sign) * $1, scales: (left, right), to: result.scale) }
    }

    private static func product(_ left: Int, _ right: Int, _ shape: Shape) -> Kernel {
        let result = shape.fitted
        let dropped = shape.scale - result.scale
        guard shape.precision > Exact.maximumDigits else {
            return { call in
                if let lefts = call.arguments[0].narrow, let rights = call.arguments[1].narrow {
                    if result.precision <= 18 {
                        return .decimal(Rows.map(lefts, rights) { $0 &* $1 }, scale: result.scale)
                    }
                    return .wideDecimal(
                        Rows.map(lefts, rights) { left, right in
                            let (high, low) = left.multipliedFullWidth(by: right)
                            return Int128(high) &<< 64 | Int128(low)
                        }, scale: result.scale)
                }
                return .wideDecimal(
                    Rows.map(call.arguments[0].units, call.arguments[1].units) { $0 &* $1 }, scale: result.scale)
            }
        }
        return checked(result) { Exact.product($0, $1, droppingDigits: dropped) }
    }

    private static func quotient(_ left: Int, _ right: Int, _ result: Shape) -> Kernel {
        let digits = max(0, result.scale - left + right)
        return dividing(result) { Exact.quotient($0, $1, addingDigits: digits) }
    }

    private static func remainder(_ left: Int, _ right: Int, _ result: Shape) -> Kernel {
        let finest = max(left, right)
        return dividing(result) { first, second in
            let rest = Exact.remainder(first, second, scales: (left, right))
            return Exact.rescaled(rest, from: finest, to: result.scale, precision: Exact.maximumDigits)
        }
    }

    @inline(__always)
    private static func dividing(_ result: Shape, _ body: @escaping @Sendable (Int128, Int128) -> Int128?) -> Kernel {
        let checked = checked(result, body)
        return { call in
            let divisors = call.arguments[1].units
            call.fail(Bitmap(count: call.count) { divisors[$0] == 0 }, .divisionByZero, "division by zero")
            return checked(&call)
        }
    }

    @inline(__always)
    private static func checked(_ result: Shape, _ body: @escaping @Sendable (Int128, Int128) -> Int128?) -> Kernel {
        let limit = DecimalNumber.powerOfTen(result.precision)
        return { call in
            let (values, failed) = Rows.attempt(
                call.present, call.arguments[0].units, call.arguments[1].units, filler: Int128(0)
            ) { left, right in
                guard let value = body(left, right), value.magnitude < limit.magnitude else { return nil }
                return value
            }
            call.fail(failed, .overflow, "the result doesn't fit in \(result.type)")
            guard result.precision <= 18 else { return .wideDecimal(values, scale: result.scale) }
            return .decimal(Rows.map(values) { Int64(truncatingIfNeeded: $0) }, scale: result.scale)
        }
    }
}

extension Column {
    /// Exact numbers that are stored in 64 bits with a sign.
    var narrow: [Int64]? {
        switch values {
        case .int64(let values), .decimal(let values, _): values
        default: nil
        }
    }
}
