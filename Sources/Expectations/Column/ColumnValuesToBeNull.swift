extension ExpectationKind {
    /// At least `mostly` of the rows hold no value.
    static let columnValuesToBeNull = ExpectationKind.rows(
        "expect_column_values_to_be_null", .nullness, summary: "values are missing",
        details: "Every row is judged; values that are there are unexpected. Vacuous for a table without rows.",
        parameters: [.column]
    ) { arguments throws(SuiteError) in
        let column = try arguments.text("column")
        let claim = Claim("rows", holds: "have no value in \(column)", fails: "have a value in \(column)")
        return try .rows(arguments, columns: [column], claim: claim, reportsMissing: false) { table throws(PlanError) in
            PresenceTest(column: try table.index(of: column), name: column, wantsValue: false)
        }
    }
}
