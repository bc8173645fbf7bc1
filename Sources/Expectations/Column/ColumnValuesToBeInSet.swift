import Tables

extension ExpectationKind {
    /// Values are one of a set.
    static let columnValuesToBeInSet = ExpectationKind.rows(
        "expect_column_values_to_be_in_set", .ranges, summary: "values are one of a set",
        details: """
            Missing values are not judged, and a null in the set is ignored. Numbers compare by value, 1 and 1.0 and true \
            alike; text by its bytes; a number is never a text. With an empty set every value is unexpected. A value that \
            is none of the column's type is unexpected.
            """,
        parameters: [.column, Parameter("value_set", .values, isRequired: true, "the values")]
    ) { arguments throws(SuiteError) in
        let column = try arguments.text("column")
        let values = try arguments.values("value_set")
        let words = Wording.list(values.filter { !$0.isMissing })
        let claim = Claim("values of \(column)", holds: "are \(words)", fails: "are not \(words)")
        let spelling = values.map { $0.json.text() }.sorted().joined(separator: ",")
        return try .rows(arguments, columns: [column], claim: claim) { table throws(PlanError) in
            let field = try table.field(column)
            let set = try ValueSet(values, type: field.type, column: column)
            return SetTest(column: field.index, name: column, set: set, wantsMember: true, spelling: spelling)
        }
    }
}
