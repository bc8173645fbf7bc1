extension ExpectationKind {
    /// Values are none of a set.
    static let columnValuesToNotBeInSet = ExpectationKind.rows(
        "expect_column_values_to_not_be_in_set", .ranges, summary: "values are none of a set",
        details: """
            Missing values are not judged, and a null in the set is ignored. Numbers compare by value, 1 and 1.0 and true \
            alike; text by its bytes; a number is never a text. A value that is none of the column's type is unexpected.
            """,
        parameters: [.column, Parameter("value_set", .values, isRequired: true, "the values")]
    ) { arguments throws(SuiteError) in
        try .membership(arguments, wantsMember: false)
    }
}
