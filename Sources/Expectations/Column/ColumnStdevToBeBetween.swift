import Statistics
import Tables

extension ExpectationKind {
    /// The standard deviation of a column lies between two bounds.
    static let columnStdevToBeBetween = ExpectationKind.aggregate(
        "expect_column_stdev_to_be_between", .ranges,
        summary: "the standard deviation of a column lies between two bounds",
        details: """
            The sample's: divided by n − 1. Missing values are left out, and values that are no numbers (they are counted as \
            uncomparable_count). Undefined for fewer than two values, which fails where there are bounds.
            """,
        parameters: [.column] + Parameter.bounds(.magnitude)
    ) { arguments throws(SuiteError) in
        let column = try arguments.text("column")
        let bounds = try arguments.bounds(.magnitude)
        let claim = Claim(measure: "the standard deviation of \(column)", bounds.words)
        return .number(columns: [column], claim: claim) { table throws(PlanError) in
            let metric = try ColumnMetrics.moments(of: column, table)
            return (
                metric,
                try ValueRange(bounds, type: .float64, column: "the standard deviation of \(column)", now: table.now)
            )
        } observe: { (moments: Moments.Result) in
            Observation(
                value: moments.standardDeviation.map { .float($0) },
                emptyReason: moments.count < 2 ? "there are fewer than two values" : nil,
                undefinedReason: "there are infinite values", uncomparable: moments.uncomparable)
        }
    }
}
