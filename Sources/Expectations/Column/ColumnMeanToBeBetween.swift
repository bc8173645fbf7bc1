import Statistics
import Tables

extension ExpectationKind {
    /// The mean of a column lies between two bounds.
    static let columnMeanToBeBetween = ExpectationKind.aggregate(
        "expect_column_mean_to_be_between", .ranges, summary: "the mean of a column lies between two bounds",
        details: """
            Missing values are left out, and values that are no numbers (they are counted as uncomparable_count). Undefined without \
            values, which fails where there are bounds. Summed without rounding: the same to the last bit however the rows were cut.
            """,
        parameters: [.column] + Parameter.bounds
    ) { arguments throws(SuiteError) in
        let column = try arguments.text("column")
        let bounds = try arguments.numericBounds(isOrderChecked: false)
        let claim = Claim(measure: "the mean of \(column)", bounds.words)
        return .number(columns: [column], claim: claim) { table throws(PlanError) in
            let metric = try ColumnMetrics.moments(of: column, table)
            return (metric, try ValueRange(bounds, type: .float64, column: "the mean of \(column)", now: table.now))
        } observe: { (moments: Moments.Result) in
            Observation(
                value: moments.mean.map { .float($0) }, emptyReason: moments.count == 0 ? "there are no values" : nil,
                undefinedReason: "there are infinite values", uncomparable: moments.uncomparable,
                tellsValue: moments.count == 1)
        }
    }
}
