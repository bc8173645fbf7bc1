import Statistics
import Tables

extension ExpectationKind {
    /// The share of rows with a value lies between two bounds.
    static let columnProportionOfNonNullValuesToBeBetween = ExpectationKind.aggregate(
        "expect_column_proportion_of_non_null_values_to_be_between", .nullness,
        summary: "the share of rows with a value lies between two bounds",
        details:
            "Rows with a value, divided by rows: 0 through 1. Of no rows it is 0, which is vacuous where 0 is allowed.",
        parameters: [.column] + Parameter.bounds(.proportion)
    ) { arguments throws(SuiteError) in
        let column = try arguments.text("column")
        let bounds = try arguments.bounds(.proportion)
        let claim = Claim(measure: "the share of rows with a value in \(column)", bounds.words)
        return .number(columns: [column], claim: claim) { table throws(PlanError) in
            let metric = try ColumnMetrics.presence(of: column, table)
            return (metric, try ValueRange(bounds, type: .float64, column: column, now: table.now))
        } observe: { (presence: Presence.Result) in
            Observation(
                value: .float(presence.present ?? 0), emptyReason: presence.rows == 0 ? "there are no rows" : nil)
        }
    }
}
