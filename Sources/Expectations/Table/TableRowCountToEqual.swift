import Tables

extension ExpectationKind {
    /// The table has so many rows.
    static let tableRowCountToEqual = ExpectationKind.aggregate(
        "expect_table_row_count_to_equal", .ranges, summary: "the table has so many rows",
        details: "Counts the rows that the row condition selects, malformed ones included.",
        parameters: [Parameter("value", .count, isRequired: true, "the number of rows")]
    ) { arguments throws(SuiteError) in
        let bound = BoundValue.value(.integer(Int128(try arguments.count("value"))))
        return .rowCount(Bounds(minimum: bound, maximum: bound))
    }
}
