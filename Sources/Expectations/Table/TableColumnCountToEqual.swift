import Tables

extension ExpectationKind {
    /// The table has so many columns.
    static let tableColumnCountToEqual = ExpectationKind.table(
        "expect_table_column_count_to_equal", .schema, summary: "the table has so many columns",
        details: "Exactly so many.",
        parameters: [Parameter("value", .count, isRequired: true, "the number of columns")]
    ) { arguments throws(SuiteError) in
        let bound = BoundValue.value(.integer(Int128(try arguments.count("value"))))
        return .columnCount(Bounds(minimum: bound, maximum: bound))
    }
}
