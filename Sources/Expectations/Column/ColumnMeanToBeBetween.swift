import Statistics
import Tables

extension ExpectationKind {
    /// The mean of a column lies between two bounds.
    static let columnMeanToBeBetween = ExpectationKind.aggregate(
        "expect_column_mean_to_be_between", .ranges, summary: "the mean of a column lies between two bounds",
        details: """
            Missing values are left out, and values that are no numbers (they are counted as uncomparable_count). Undefined without \
            values, which fails where there are bounds. Summed without rounding: the same to the last bit however the rows were cut. \
            The mean of integers and decimals is compared exactly, and shown as the nearest double.
            """,
        parameters: [.column] + Parameter.bounds(.number)
    ) { arguments throws(SuiteError) in
        let column = try arguments.text("column")
        let bounds = try arguments.bounds(.number)
        let claim = Claim(measure: "the mean of \(column)", bounds.words)
        return .number(columns: [column], claim: claim) { table throws(PlanError) in
            let metric = try ColumnMetrics.moments(of: column, table)
            return (metric, try ValueRange(bounds, type: .float64, column: "the mean of \(column)", now: table.now))
        } observe: { (moments: Moments.Result) in
            Observation(
                value: moments.mean.map { .float($0) },
                isInRange: moments.sum.flatMap { bounds.contain(meanOf: moments.count, sum: $0) },
                emptyReason: moments.count == 0 ? "there are no values" : nil,
                undefinedReason: "there are infinite values", uncomparable: moments.uncomparable,
                tellsValue: moments.count == 1)
        }
    }
}

extension Bounds {
    /// Whether the mean of so many values lies between the bounds, told by their exact sum and without any rounding; `nil` where the
    /// sum or a bound isn't an exact number, or has too many digits.
    fileprivate func contain(meanOf count: Int, sum: Value) -> Bool? {
        guard let sum = sum.exactNumber else { return nil }
        if let minimum {
            guard let least = minimum.times(count) else { return nil }
            guard isMinimumStrict ? sum > least : sum >= least else { return false }
        }
        if let maximum {
            guard let greatest = maximum.times(count) else { return nil }
            guard isMaximumStrict ? sum < greatest : sum <= greatest else { return false }
        }
        return true
    }
}

extension BoundValue {
    /// A number so many times; `nil` where that has more digits than are held.
    fileprivate func times(_ count: Int) -> DecimalNumber? {
        guard case .value(let value) = self, let number = value.exactNumber else { return nil }
        let (product, overflow) = number.unscaled.multipliedReportingOverflow(by: Int128(count))
        return overflow ? nil : DecimalNumber(unscaled: product, scale: number.scale)
    }
}
