extension ExpectationKind {
    /// At least `mostly` of the rows hold a value.
    static let columnValuesToNotBeNull = ExpectationKind.rows(
        "expect_column_values_to_not_be_null", .nullness, summary: "values are present",
        details: """
            Every row is judged. Missing are nulls, NaN, unquoted empty CSV fields and the asset's missing_values; an \
            empty text is a value. Vacuous for a table without rows.
            """,
        parameters: [.column]
    ) { arguments throws(SuiteError) in
        let column = try arguments.text("column")
        let claim = Claim("rows", holds: "have a value in \(column)", fails: "have no value in \(column)")
        return try .rows(arguments, columns: [column], claim: claim, reportsMissing: false) { table throws(PlanError) in
            PresenceTest(column: try table.index(of: column), name: column, wantsValue: true)
        }
    }
}
