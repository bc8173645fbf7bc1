import Statistics

extension ExpectationKind {
    /// No value of a column occurs twice.
    static let columnValuesToBeUnique = ExpectationKind.rows(
        "expect_column_values_to_be_unique", .uniqueness, summary: "no value occurs twice",
        details: """
            Missing values are not judged. Every row of a group of equals is unexpected, not the second alone. Text compares by \
            its bytes, numbers by value. Exact, by 128-bit hashes; memory grows with the distinct values.
            """,
        parameters: [.column]
    ) { arguments throws(SuiteError) in
        let column = try arguments.text("column")
        let claim = Claim("values of \(column)", holds: "occur once", fails: "occur more than once")
        return try .unique(arguments, columns: [column], ignoring: .allValuesAreMissing, claim: claim)
    }
}
