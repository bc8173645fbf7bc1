extension ExpectationKind {
    /// Values lie between two bounds.
    static let columnValuesToBeBetween = ExpectationKind.rows(
        "expect_column_values_to_be_between", .ranges, summary: "values lie between two bounds",
        details: """
            Missing values are not judged. Bounds are inclusive unless strict, and one of them may be absent. Integers and \
            decimals compare exactly, text by its bytes, dates and times as instants (a bound without zone is UTC). A value \
            that is none of the column's type is unexpected. Numeric bounds on a text column are a mistake.
            """,
        parameters: [.column] + Parameter.bounds(.bound)
    ) { arguments throws(SuiteError) in
        let column = try arguments.text("column")
        let bounds = try arguments.bounds(.bound, isRequired: true)
        let claim = Claim(
            "values of \(column)", holds: "are \(bounds.words)", fails: "are not \(bounds.words)")
        return try .rows(arguments, columns: [column], claim: claim) { table throws(PlanError) in
            let field = try table.field(column)
            let range = try ValueRange(bounds, type: field.type, column: column, in: table)
            return RangeTest(column: field.index, name: column, range: range, bounds: bounds.key)
        }
    }
}
