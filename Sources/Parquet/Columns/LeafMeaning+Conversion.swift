import Tables

/// Values of one meaning as those of another.
extension LeafMeaning {
    /// Whether values of this meaning are those of another as they stand, or become so where they fit.
    func canBecome(_ other: LeafMeaning) -> Bool {
        switch (columnType, other.columnType) {
        case (.int64, .float64), (.int64, .decimal), (.uint64, .decimal), (.date, .timestamp), (.binary, .string): true
        case (.decimal(_, let own), .decimal(_, let scale)): own <= scale
        case (let own, let type): own == type
        }
    }

    /// A value as one of this meaning; `nil` where there is none.
    func value(_ value: ParquetValue) -> ParquetValue? {
        switch (self, value) {
        case (.float, .double(let number)):
            let float = Float(number)
            return number.isNaN || Double(float) == number ? .float(float) : nil
        case (.float, .int64(let number)): return Float(exactly: number).map { .float($0) }
        case (.double, .float(let number)): return .double(Double(number))
        case (.double, .int64(let number)): return Double(exactly: number).map { .double($0) }
        case (.decimal, .int64(let number)): return decimal(Int128(number), scale: 0)
        case (.decimal, .uint64(let number)): return decimal(Int128(number), scale: 0)
        case (.decimal, .decimal(let unscaled, let scale)): return decimal(unscaled, scale: scale)
        case (.timestamp(let unit, let isUTC), .timestamp(let ticks, let own, _)):
            return Self.ticks(ticks, own, in: unit).map { .timestamp(ticks: $0, unit: unit, isUTC: isUTC) }
        case (.timestamp(let unit, let isUTC), .date(let days)):
            return Self.ticks(Int64(days) * 86_400_000, .milliseconds, in: unit)
                .map { .timestamp(ticks: $0, unit: unit, isUTC: isUTC) }
        case (.time(let unit, let isUTC), .time(let ticks, let own, _)):
            return Self.ticks(ticks, own, in: unit).map { .time(ticks: $0, unit: unit, isUTC: isUTC) }
        case (.text, .binary(let bytes)): return String(validating: bytes, as: UTF8.self).map { .text($0) }
        case (.text, .uuid), (.text, .interval), (.text, .decimal), (.text, .wideDecimal): return .text(value.plainText)
        default: return value
        }
    }

    /// What becomes of a value of this meaning in JSON.
    func spelling(of value: ParquetValue) -> Spelling {
        switch (self, value) {
        case (.text, .binary): .other
        case (.int96, .binary), (.timestamp, .binary): .none
        case (_, .timestamp(let ticks, .milliseconds, _)):
            ticks.multipliedReportingOverflow(by: 1_000).overflow ? .none : .exact
        default: .exact
        }
    }

    private func decimal(_ unscaled: Int128, scale: Int) -> ParquetValue? {
        guard case .decimal(let precision, let wanted) = self,
            let number = DecimalNumber(unscaled: unscaled, scale: scale).rescaled(to: wanted),
            number.unscaled.magnitude < DecimalNumber.powerOfTen(precision).magnitude
        else { return nil }
        return .decimal(unscaled: number.unscaled, scale: wanted)
    }

    /// Rounded down; `nil` beyond 64 bits.
    private static func ticks(_ ticks: Int64, _ own: TimeUnit, in unit: TimeUnit) -> Int64? {
        let (product, divisor) = (Int128(ticks) * Int128(unit.ticksPerSecond), Int128(own.ticksPerSecond))
        let (quotient, remainder) = product.quotientAndRemainder(dividingBy: divisor)
        return Int64(exactly: remainder < 0 ? quotient - 1 : quotient)
    }
}

/// What is read back from the JSON of a value, from the best to the worst.
enum Spelling: Int, Comparable {
    /// The value.
    case exact
    /// Another one: digits for a text that isn't UTF-8.
    case other
    /// None of its type: a timestamp beyond what 64 bits hold of microseconds.
    case none

    static func < (one: Spelling, other: Spelling) -> Bool { one.rawValue < other.rawValue }
}
