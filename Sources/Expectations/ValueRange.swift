import Tables

/// Bounds in the terms of a column's type, for tight loops: whole numbers in the unit that the column stores, doubles, or
/// bytes.
///
/// Integers, decimals, dates and times all become an inclusive range of whole numbers, so that comparing is exact.
public enum ValueRange: Sendable, Equatable {
    /// Inclusive; `low > high` where nothing fits.
    case integers(low: Int128, high: Int128)
    case floats(low: Double, high: Double, isLowStrict: Bool, isHighStrict: Bool)
    case texts(low: [UInt8]?, high: [UInt8]?, isLowStrict: Bool, isHighStrict: Bool)
}

extension ValueRange {
    /// What the bounds mean for values of a column of a table.
    init(_ bounds: Bounds, type: LogicalType, column: String, in table: TableContext) throws(PlanError) {
        try self.init(bounds.meant(in: table.timeZone, as: type), type: type, column: column, now: table.now)
    }

    /// What the bounds mean for a column of the type; times that name no zone are in UTC.
    init(_ bounds: Bounds, type: LogicalType, column: String, now: Int64) throws(PlanError) {
        switch type {
        case .float64:
            let low = try Self.number(bounds.minimum, bounds.minimumWords, type, column)
            let high = try Self.number(bounds.maximum, bounds.maximumWords, type, column)
            self = .floats(
                low: low?.double ?? -.infinity, high: high?.double ?? .infinity,
                isLowStrict: low.map { $0.rounding.map { $0 < 0 } ?? bounds.isMinimumStrict } ?? false,
                isHighStrict: high.map { $0.rounding.map { $0 > 0 } ?? bounds.isMaximumStrict } ?? false)
        case .int64, .uint64, .decimal:
            var scale = 0
            if case .decimal(_, let digits) = type { scale = digits }
            let low = try Self.number(bounds.minimum, bounds.minimumWords, type, column)
            let high = try Self.number(bounds.maximum, bounds.maximumWords, type, column)
            self = .integers(
                low: low.map { Self.lowest($0, scale: scale, isStrict: bounds.isMinimumStrict) } ?? .min,
                high: high.map { Self.highest($0, scale: scale, isStrict: bounds.isMaximumStrict) } ?? .max)
        case .date, .timestamp, .time, .duration:
            let low = try Self.ticks(bounds.minimum, bounds.minimumWords, type, column, now)
            let high = try Self.ticks(bounds.maximum, bounds.maximumWords, type, column, now)
            let unit = type == .date ? CivilTime.microsecondsPerDay : 1
            self = .integers(
                low: low.map { Int128(Self.ceiling($0, unit)) + (bounds.isMinimumStrict && $0 % unit == 0 ? 1 : 0) }
                    ?? .min,
                high: high.map { Int128(Self.floor($0, unit)) - (bounds.isMaximumStrict && $0 % unit == 0 ? 1 : 0) }
                    ?? .max)
        case .string:
            self = .texts(
                low: try Self.text(bounds.minimum, bounds.minimumWords, column),
                high: try Self.text(bounds.maximum, bounds.maximumWords, column),
                isLowStrict: bounds.isMinimumStrict, isHighStrict: bounds.isMaximumStrict)
        default:
            throw PlanError(code: "wrong-type", message: "\(column) is of type \(type), whose values have no order")
        }
    }

    private static func floor(_ ticks: Int64, _ unit: Int64) -> Int64 {
        ticks >= 0 ? ticks / unit : (ticks + 1) / unit - 1
    }

    private static func ceiling(_ ticks: Int64, _ unit: Int64) -> Int64 { -floor(-ticks, unit) }

    private static func number(
        _ bound: BoundValue?, _ words: String, _ type: LogicalType, _ column: String
    ) throws(PlanError) -> Value? {
        guard let bound else { return nil }
        if case .value(let value) = bound, value.double != nil { return value }
        throw PlanError(
            code: "bad-bound", message: "\(column) is of type \(type), but the bound \(words) is no number",
            hint: "write numbers without quotes")
    }

    /// The smallest whole number of units that satisfies a lower bound.
    private static func lowest(_ bound: Value, scale: Int, isStrict: Bool) -> Int128 {
        guard let exact = bound.exactNumber else { return beyond(bound, scale: scale, rounding: .up) }
        guard let scaled = scaled(exact, scale) else { return exact.unscaled > 0 ? .max : .min }
        let (next, isBeyond) = scaled.floor.addingReportingOverflow(scaled.integer != nil && !isStrict ? 0 : 1)
        return isBeyond ? .max : next
    }

    private static func highest(_ bound: Value, scale: Int, isStrict: Bool) -> Int128 {
        guard let exact = bound.exactNumber else { return beyond(bound, scale: scale, rounding: .down) }
        guard let scaled = scaled(exact, scale) else { return exact.unscaled > 0 ? .max : .min }
        let (next, isBeyond) = scaled.floor.subtractingReportingOverflow(scaled.integer != nil && isStrict ? 1 : 0)
        return isBeyond ? .min : next
    }

    /// A bound of more digits than decimals have, as `1e300` or `1e-50`: never a whole number of units.
    private static func beyond(_ bound: Value, scale: Int, rounding: FloatingPointRoundingRule) -> Int128 {
        let units = ((bound.double ?? 0) * Double(DecimalNumber.powerOfTen(scale))).rounded(rounding)
        return Int128(exactly: units) ?? (units > 0 ? .max : .min)
    }

    /// `number × 10^scale`; `nil` where 128 bits don't hold it.
    private static func scaled(_ number: DecimalNumber, _ scale: Int) -> DecimalNumber? {
        if number.scale >= scale { return DecimalNumber(unscaled: number.unscaled, scale: number.scale - scale) }
        let (product, overflow) = number.unscaled.multipliedReportingOverflow(
            by: DecimalNumber.powerOfTen(scale - number.scale))
        return overflow ? nil : DecimalNumber(unscaled: product)
    }

    private static func ticks(
        _ bound: BoundValue?, _ words: String, _ type: LogicalType, _ column: String, _ now: Int64
    ) throws(PlanError) -> Int64? {
        guard let bound else { return nil }
        guard let ticks = TemporalLiteral.microseconds(bound.resolved(now: now), of: type) else {
            throw PlanError(
                code: "bad-bound", message: "\(column) is of type \(type), but the bound \(words) is no \(type)",
                hint: type == .duration
                    ? "write a duration, as in \"90s\", \"15m\" or \"2h\""
                    : "write ISO 8601, as in \(type == .time ? "\"14:30:00\"" : "\"2024-01-31\" or \"2024-01-31T14:30:00Z\"")"
            )
        }
        return ticks
    }

    private static func text(
        _ bound: BoundValue?, _ words: String, _ column: String
    ) throws(PlanError) -> [UInt8]? {
        guard let bound else { return nil }
        guard case .value(.text(let text)) = bound else {
            throw PlanError(
                code: "wrong-type", message: "\(column) is text, but the bound \(words) is not",
                hint: "declare the column's type in the suite, as in columns: {\(column): {type: float64}}")
        }
        return Array(text.utf8)
    }

    /// Whether its bounds are texts, whose comparing costs more than a loop over numbers.
    var isTextual: Bool {
        if case .texts = self { true } else { false }
    }

    /// Whether all values of an extent, of the column that the range was made for, lie in the range.
    func contains(_ extent: ValueExtent) -> Bool {
        switch (self, extent) {
        case (.integers(let low, let high), .integers(let least, let greatest)): return least >= low && greatest <= high
        case (.floats(let low, let high, let isLowStrict, let isHighStrict), .floats(let least, let greatest)):
            return (isLowStrict ? least > low : least >= low) && (isHighStrict ? greatest < high : greatest <= high)
        case (.texts(let low, let high, let isLowStrict, let isHighStrict), .texts(let least, let greatest)):
            if let low, isLowStrict ? !low.lexicographicallyPrecedes(least) : least.lexicographicallyPrecedes(low) {
                return false
            }
            if let high,
                isHighStrict ? !greatest.lexicographicallyPrecedes(high) : high.lexicographicallyPrecedes(greatest)
            {
                return false
            }
            return true
        default: return false
        }
    }

    /// Whether a value of the column's type lies in the range.
    func contains(_ value: Value) -> Bool {
        switch (self, value) {
        case (.floats(let low, let high, let isLowStrict, let isHighStrict), _):
            guard let number = value.double else { return false }
            return (isLowStrict ? number > low : number >= low) && (isHighStrict ? number < high : number <= high)
        case (.integers(let low, let high), .integer(let number)): return number >= low && number <= high
        case (.integers(let low, let high), .decimal(let number)):
            return number.unscaled >= low && number.unscaled <= high
        case (.integers(let low, let high), .date(let days)): return Int128(days) >= low && Int128(days) <= high
        case (.integers(let low, let high), .timestamp(let ticks)), (.integers(let low, let high), .time(let ticks)),
            (.integers(let low, let high), .duration(let ticks)):
            return Int128(ticks) >= low && Int128(ticks) <= high
        // The sum of a column of integers that 128 bits don't hold: beyond every bound.
        case (.integers(let low, let high), .float(let number)): return number > 0 ? high == .max : low == .min
        case (.texts(let low, let high, let isLowStrict, let isHighStrict), .text(let text)):
            let bytes = Array(text.utf8)
            if let low, bytes.lexicographicallyPrecedes(low) || (isLowStrict && bytes == low) { return false }
            if let high, high.lexicographicallyPrecedes(bytes) || (isHighStrict && bytes == high) { return false }
            return true
        default: return false
        }
    }
}

extension Value {
    /// On which side of a whole number its nearest double lies; `nil` where it is the number itself, and for fractions:
    /// who writes 0.1 means the double that is written so.
    fileprivate var rounding: Double? {
        guard let whole = exactNumber?.integer else { return nil }
        let nearest = Double(whole)
        // Beyond all integers is only what 2^127 was rounded up to.
        guard let back = Int128(exactly: nearest) else { return 1 }
        return back == whole ? nil : (back < whole ? -1 : 1)
    }

    /// The double that equals a number; `nil` for whole numbers that none equals.
    var equalDouble: Double? { rounding == nil ? double : nil }
}

/// Dates and times as people write them in suites.
enum TemporalLiteral {
    /// In microseconds (of a date, its midnight); `nil` where the value is none of the type.
    ///
    /// Without a zone it is UTC.
    static func microseconds(_ value: Value, of type: LogicalType) -> Int64? {
        switch (type, value) {
        case (.date, .timestamp(let ticks)), (.timestamp, .timestamp(let ticks)): return ticks
        case (.date, .date(let days)), (.timestamp, .date(let days)): return Int64(days) * CivilTime.microsecondsPerDay
        case (.time, .time(let ticks)), (.duration, .duration(let ticks)): return ticks
        case (.duration, .text(let text)): return DurationText.parse(text)
        case (.time, .text(let text)): return bytes(text) { CivilTime.parseTime($0) }
        case (.date, .text(let text)), (.timestamp, .text(let text)):
            return bytes(text) { CivilTime.parseTimestamp($0) }.map {
                $0.local - Int64($0.offset ?? 0) * CivilTime.microsecondsPerSecond
            }
        default: return nil
        }
    }

    private static func bytes<Result>(_ text: String, _ body: (UnsafeRawBufferPointer) -> Result?) -> Result? {
        var text = text
        return text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
    }
}
