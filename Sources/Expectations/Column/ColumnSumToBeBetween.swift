import Statistics
import Tables

extension ExpectationKind {
    /// The sum of a column lies between two bounds.
    static let columnSumToBeBetween = ExpectationKind.aggregate(
        "expect_column_sum_to_be_between", .ranges, summary: "the sum of a column lies between two bounds",
        details: """
            Missing values are left out, and values that are no numbers (they are counted as uncomparable_count). Exact for integers \
            and decimals. A sum beyond \
            1.8e308 is shown as inf. The sum of nothing is 0.
            """,
        parameters: [.column] + Parameter.bounds(.number)
    ) { arguments throws(SuiteError) in
        let column = try arguments.text("column")
        let bounds = try arguments.bounds(.number)
        let claim = Claim(measure: "the sum of \(column)", bounds.words)
        return .number(columns: [column], claim: claim) { table throws(PlanError) in
            let metric = try ColumnMetrics.moments(of: column, table)
            return (metric, try ValueRange(sumOf: column, bounds, table))
        } observe: { (moments: Moments.Result) in
            Observation(
                value: moments.count == 0 ? .integer(0) : moments.sum,
                emptyReason: moments.count == 0 ? "there are no values" : nil,
                undefinedReason: "there are infinite values", uncomparable: moments.uncomparable,
                tellsValue: moments.count == 1)
        }
    }
}

extension ValueRange {
    /// What the bounds mean for the sum of a column: exact where the column is.
    fileprivate init(sumOf column: String, _ bounds: Bounds, _ table: TableContext) throws(PlanError) {
        try self.init(bounds, type: try table.field(column).type, column: "the sum of \(column)", now: table.now)
    }
}
