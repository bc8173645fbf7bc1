import Statistics
import Tables

extension ExpectationKind {
    /// The share of different values of a column lies between two bounds.
    static let columnProportionOfUniqueValuesToBeBetween = ExpectationKind.aggregate(
        "expect_column_proportion_of_unique_values_to_be_between", .uniqueness,
        summary: "the share of different values of a column lies between two bounds",
        details:
            "Different values, divided by values: 0 through 1, missing ones left out. Of no values it is 0. Exact.",
        parameters: [.column] + Parameter.bounds(.proportion)
    ) { arguments throws(SuiteError) in
        let column = try arguments.text("column")
        let bounds = try arguments.bounds(.proportion)
        let claim = Claim(measure: "the share of different values of \(column)", bounds.words)
        return .number(columns: [column], claim: claim) { table throws(PlanError) in
            let metric = try ColumnMetrics.groups(of: [column], ignoring: .allValuesAreMissing, table)
            return (metric, try ValueRange(bounds, type: .float64, column: column, now: table.now))
        } observe: { (groups: KeyGroups.Result) in
            Observation(
                value: .float(groups.considered == 0 ? 0 : Double(groups.distinct) / Double(groups.considered)),
                emptyReason: groups.considered == 0 ? "there are no values" : nil, failure: groups.failure)
        }
    }
}
