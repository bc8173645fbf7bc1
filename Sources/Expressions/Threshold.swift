import Tables

/// A literal in the units of a column that is stored as integers: the largest unit that is not above it, and whether
/// that is the literal itself.
struct Threshold: Sendable, Equatable {
    let floor: Int128
    let isExact: Bool

    enum Answer {
        case threshold(Threshold)
        case mismatch(reason: String?)
    }

    static func of(_ value: Value, in type: LogicalType) -> Answer {
        let threshold: Threshold?
        switch type {
        case .int64, .uint64: threshold = number(value, scale: 0)
        case .decimal(_, let scale): threshold = number(value, scale: scale)
        case .date, .timestamp:
            guard let microseconds = instant(value) else { return .mismatch(reason: reason(value, type)) }
            threshold = type == .date ? days(microseconds) : Threshold(floor: microseconds, isExact: true)
        case .time:
            guard let ticks = timeOfDay(value) else { return .mismatch(reason: reason(value, type)) }
            threshold = Threshold(floor: Int128(ticks), isExact: true)
        case .duration:
            if case .duration(let ticks) = value {
                threshold = Threshold(floor: Int128(ticks), isExact: true)
            } else {
                threshold = nil
            }
        default: threshold = nil
        }
        return threshold.map { .threshold($0) } ?? .mismatch(reason: nil)
    }

    private static func reason(_ value: Value, _ type: LogicalType) -> String? {
        guard case .text(let text) = value else { return nil }
        return "and '\(text.excerpt)' is no \(type)"
    }

    // MARK: Numbers

    private static func number(_ value: Value, scale: Int) -> Threshold? {
        if let exact = value.exactNumber { return number(exact, scale: scale) }
        guard case .float(let double) = value else { return nil }
        if let exact = DecimalNumber(double.description) { return number(exact, scale: scale) }
        guard double.magnitude < 1 else { return beyond(isNegative: double < 0) }
        // Smaller than 10^-36, or nearly so: in no column's units a whole number.
        let units = double * Double(DecimalNumber.powerOfTen(scale))
        return Threshold(floor: Int128(units.rounded(.down)), isExact: false)
    }

    private static func number(_ value: DecimalNumber, scale: Int) -> Threshold {
        if value.scale <= scale {
            let factor = DecimalNumber.powerOfTen(scale - value.scale)
            let (product, overflow) = value.unscaled.multipliedReportingOverflow(by: factor)
            return overflow ? beyond(isNegative: value.unscaled < 0) : Threshold(floor: product, isExact: true)
        }
        return divide(value.unscaled, DecimalNumber.powerOfTen(value.scale - scale))
    }

    /// Beyond every value that 128 bits hold.
    private static func beyond(isNegative: Bool) -> Threshold {
        Threshold(floor: isNegative ? .min : .max, isExact: false)
    }

    private static func divide(_ value: Int128, _ divisor: Int128) -> Threshold {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return Threshold(floor: remainder < 0 ? quotient - 1 : quotient, isExact: remainder == 0)
    }

    // MARK: Times

    /// Microseconds since 1970-01-01T00:00:00Z; a date means its midnight in UTC.
    private static func instant(_ value: Value) -> Int128? {
        switch value {
        case .date(let days): Int128(days) * Int128(CivilTime.microsecondsPerDay)
        case .timestamp(let microseconds): Int128(microseconds)
        case .text(let text): Temporal.timestamp(text).flatMap { instant($0) }
        default: nil
        }
    }

    private static func days(_ microseconds: Int128) -> Threshold {
        divide(microseconds, Int128(CivilTime.microsecondsPerDay))
    }

    private static func timeOfDay(_ value: Value) -> Int64? {
        switch value {
        case .time(let microseconds): microseconds
        case .text(let text): Temporal.time(text).flatMap { timeOfDay($0) }
        default: nil
        }
    }
}

/// The integers that satisfy a comparison: those inside, or those outside, of two bounds, both included.
struct IntegerInterval: Sendable, Equatable {
    let low: Int128
    let high: Int128
    let isInside: Bool

    init(_ comparison: Comparison, _ threshold: Threshold) {
        let floor = threshold.floor
        let isExact = threshold.isExact
        let above: Int128? = floor == .max ? nil : floor + 1
        let below: Int128? = isExact ? (floor == .min ? nil : floor - 1) : floor
        isInside = comparison != .notEqual
        switch comparison {
        case .equal, .notEqual: (low, high) = isExact ? (floor, floor) : Self.nothing
        case .less: (low, high) = below.map { (.min, $0) } ?? Self.nothing
        case .lessOrEqual: (low, high) = (.min, floor)
        case .greater: (low, high) = above.map { ($0, .max) } ?? Self.nothing
        case .greaterOrEqual: (low, high) = isExact ? (floor, .max) : above.map { ($0, .max) } ?? Self.nothing
        }
    }

    private static let nothing: (Int128, Int128) = (1, 0)
}

/// The doubles that satisfy a comparison, as in ``IntegerInterval``; −0 equals 0.
struct DoubleInterval: Sendable, Equatable {
    let low: Double
    let high: Double
    let isInside: Bool

    init(_ comparison: Comparison, _ bound: Double) {
        isInside = comparison != .notEqual
        switch comparison {
        case .equal, .notEqual: (low, high) = (bound, bound)
        case .less: (low, high) = bound == -.infinity ? Self.nothing : (-.infinity, bound.nextDown)
        case .lessOrEqual: (low, high) = (-.infinity, bound)
        case .greater: (low, high) = bound == .infinity ? Self.nothing : (bound.nextUp, .infinity)
        case .greaterOrEqual: (low, high) = (bound, .infinity)
        }
    }

    private static let nothing: (Double, Double) = (.infinity, -.infinity)
}
