import Statistics
import Tables

extension ExpectationKind {
    /// The number of different values of a column lies between two bounds.
    static let columnUniqueValueCountToBeBetween = ExpectationKind.aggregate(
        "expect_column_unique_value_count_to_be_between", .uniqueness,
        summary: "the number of different values of a column lies between two bounds",
        details: "Counts different values, missing ones left out (the name says unique, GX means distinct). Exact.",
        parameters: [.column] + Parameter.bounds(.count)
    ) { arguments throws(SuiteError) in
        let column = try arguments.text("column")
        let bounds = try arguments.bounds(.count)
        let claim = Claim(measure: "the number of different values of \(column)", bounds.words)
        return .number(columns: [column], claim: claim) { table throws(PlanError) in
            let metric = try ColumnMetrics.groups(of: [column], ignoring: .allValuesAreMissing, table)
            return (metric, try ValueRange(bounds, type: .int64, column: column, now: table.now))
        } observe: { (groups: KeyGroups.Result) in
            Observation(
                value: .integer(Int128(groups.distinct)),
                emptyReason: groups.considered == 0 ? "there are no values" : nil, failure: groups.failure)
        }
    }
}
