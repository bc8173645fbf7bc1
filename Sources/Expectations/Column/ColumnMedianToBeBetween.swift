import Statistics
import Tables

extension ExpectationKind {
    /// The median of a column lies between two bounds.
    static let columnMedianToBeBetween = ExpectationKind.aggregate(
        "expect_column_median_to_be_between", .ranges, summary: "the median of a column lies between two bounds",
        details: """
            The value in the middle, or the mean of the two in the middle: exact for integers, decimals of up to 36 digits, dates \
            (whose mean may be noon) and times (to the microsecond, rounded down). Missing values are left out, and values that \
            are none of the column's type (they are counted as uncomparable_count). Undefined without values, which fails where \
            there are bounds. Memory grows with the values; beyond the budget they go to disk.
            """,
        parameters: [.column] + Parameter.bounds(.bound)
    ) { arguments throws(SuiteError) in
        let column = try arguments.text("column")
        let bounds = try arguments.bounds(.bound)
        let claim = Claim(measure: "the median of \(column)", bounds.words)
        return .number(columns: [column], claim: claim) { table throws(PlanError) in
            let (metric, type) = try ColumnMetrics.quantiles(of: column, table)
            // Of the column's type first: mistakes are told in the author's terms.
            let bounds = bounds.meant(in: table.timeZone, as: type)
            _ = try ValueRange(bounds, type: type, column: column, now: table.now)
            return (metric, try ValueRange(bounds, type: type.halved, column: column, now: table.now))
        } observe: { (quantiles: Quantiles.Result) in
            Observation(medianOf: quantiles)
        }
    }
}

extension LogicalType {
    /// The type that holds what lies halfway between two values.
    fileprivate var halved: LogicalType {
        switch self {
        case .int64, .uint64: .decimal(precision: 21, scale: 1)
        case .decimal(let precision, let scale) where scale < DecimalNumber.maximumDigits:
            .decimal(precision: min(precision + 1, DecimalNumber.maximumDigits), scale: scale + 1)
        case .decimal: .float64
        case .date: .timestamp
        default: self
        }
    }
}

extension Observation {
    fileprivate init(medianOf quantiles: Quantiles.Result) {
        do throws(Quantiles.Failure) {
            let middle = try quantiles.values(at: quantiles.middleRanks)
            (value, shown) = middle.isEmpty ? (nil, nil) : Self.halfway(middle[0], middle[1], quantiles.type.halved)
        } catch { failure = error.reason }
        emptyReason = quantiles.count == 0 ? "there are no values" : nil
        undefinedReason = "there are infinite values"
        uncomparable = quantiles.uncomparable
        tellsValue = true
    }

    /// The mean of two values in a type that holds it, and how it is shown.
    private static func halfway(_ low: Value, _ high: Value, _ type: LogicalType) -> (Value?, shown: Value?) {
        switch (low, high) {
        case (.date(let first), .date(let second)):
            let ticks = Int128(first + second) * Int128(CivilTime.microsecondsPerDay / 2)
            let isMidnight = (first + second).isMultiple(of: 2)
            return (
                .timestamp(microseconds: Int64(clamping: ticks)), isMidnight ? .date(days: (first + second) / 2) : nil
            )
        case (.timestamp(let first), .timestamp(let second)):
            return (.timestamp(microseconds: Self.middle(first, second)), nil)
        case (.time(let first), .time(let second)): return (.time(microseconds: Self.middle(first, second)), nil)
        case (.duration(let first), .duration(let second)):
            return (.duration(microseconds: Self.middle(first, second)), nil)
        default:
            if case .decimal(_, let scale) = type, let first = low.exactNumber, let second = high.exactNumber {
                let (sum, isTooLarge) = first.unscaled.addingReportingOverflow(second.unscaled)
                let (tenths, isTooLong) = sum.multipliedReportingOverflow(by: 5)
                // Beyond every bound that has so many digits.
                guard !isTooLarge, !isTooLong else { return (.float(low.double ?? .infinity), nil) }
                let median = DecimalNumber(unscaled: tenths, scale: scale)
                return (
                    .decimal(median),
                    median.rescaled(to: scale - 1).map { $0.scale == 0 ? .integer($0.unscaled) : .decimal($0) }
                )
            }
            guard let first = low.double, let second = high.double else { return (nil, nil) }
            let sum = first + second
            let median = sum.isFinite ? sum / 2 : first / 2 + second / 2
            return (median.isNaN ? nil : .float(median), nil)
        }
    }

    /// Rounded down.
    private static func middle(_ first: Int64, _ second: Int64) -> Int64 {
        Int64((Int128(first) + Int128(second)) >> 1)
    }
}
