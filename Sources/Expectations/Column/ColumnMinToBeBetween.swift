import Statistics
import Tables

extension ExpectationKind {
    /// The smallest value of a column lies between two bounds.
    static let columnMinToBeBetween = ExpectationKind.aggregate(
        "expect_column_min_to_be_between", .ranges, summary: "the smallest value of a column lies between two bounds",
        details: """
            Numbers, text (by its bytes), dates and times have one. Missing values are left out, and values that are none of \
            the column's type (they are counted as uncomparable_count). Undefined without values, which fails where there \
            are bounds.
            """,
        parameters: [.column] + Parameter.bounds
    ) { arguments throws(SuiteError) in
        let column = try arguments.text("column")
        let bounds = try arguments.bounds(isOrderChecked: false)
        let claim = Claim(measure: "the smallest value of \(column)", bounds.words)
        return .number(columns: [column], claim: claim) { table throws(PlanError) in
            let (metric, type) = try ColumnMetrics.extremes(of: column, table)
            return (metric, try ValueRange(bounds, type: type, column: column, now: table.now))
        } observe: { (extremes: Extremes.Result) in
            Observation(
                value: extremes.minimum, emptyReason: extremes.count == 0 ? "there are no values" : nil,
                uncomparable: extremes.uncomparable)
        }
    }
}
