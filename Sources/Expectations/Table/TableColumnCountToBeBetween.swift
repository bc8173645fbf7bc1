import Tables

extension ExpectationKind {
    /// The number of columns lies between two bounds.
    static let tableColumnCountToBeBetween = ExpectationKind.table(
        "expect_table_column_count_to_be_between", .schema, summary: "the number of columns lies between two bounds",
        details: "Both bounds are inclusive, and either may be absent.", parameters: Parameter.inclusiveBounds(.count)
    ) { arguments throws(SuiteError) in
        .columnCount(try arguments.bounds(.count))
    }
}

extension Plan {
    static func columnCount(_ bounds: Bounds) -> Plan {
        Plan(
            columns: [], claim: Claim(measure: "the number of columns", bounds.words)
        ) { table throws(PlanError) in
            let range = try ValueRange(bounds, type: .int64, column: "the number of columns", now: table.now)
            return .decided(
                Judgement(Observation(value: .integer(Int128(table.schema.fields.count))), range: range))
        }
    }
}
