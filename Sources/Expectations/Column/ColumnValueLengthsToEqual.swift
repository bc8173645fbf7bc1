import Tables

extension ExpectationKind {
    /// Texts are of one length.
    static let columnValueLengthsToEqual = ExpectationKind.rows(
        "expect_column_value_lengths_to_equal", .ranges, summary: "texts have one length",
        details: "Missing values are not judged. Length counts Unicode scalars; numbers have the length of their text.",
        parameters: [.column, Parameter("value", .count, isRequired: true, "the length")]
    ) { arguments throws(SuiteError) in
        let column = try arguments.text("column")
        let length = try arguments.count("value")
        let bound = BoundValue.value(.integer(Int128(length)))
        return try .lengths(arguments, column, Bounds(minimum: bound, maximum: bound))
    }
}
