import Tables

extension ExpectationKind {
    /// The number of rows lies between two bounds.
    static let tableRowCountToBeBetween = ExpectationKind.aggregate(
        "expect_table_row_count_to_be_between", .ranges, summary: "the number of rows lies between two bounds",
        details: """
            Counts the rows that the row condition selects, malformed ones included. Never vacuous: no rows are a number of rows.
            """,
        parameters: Parameter.bounds(.count)
    ) { arguments throws(SuiteError) in
        .rowCount(try arguments.bounds(.count))
    }
}

extension Plan {
    static func rowCount(_ bounds: Bounds) -> Plan {
        .number(
            columns: [], claim: Claim(measure: "the number of rows", bounds.words)
        ) { table throws(PlanError) in
            (
                ColumnMetrics.rowCount(table),
                try ValueRange(bounds, type: .int64, column: "the number of rows", now: table.now)
            )
        } observe: { (rows: Int) in
            Observation(value: .integer(Int128(rows)))
        }
    }
}
