import Tables

extension ExpectationKind {
    /// The column has a type.
    static let columnTypeToBe = ExpectationKind.table(
        "expect_column_type_to_be", .schema, summary: "the column has a type",
        details: "Compares the column's type (declared, stored in the file, or inferred), never its values.",
        parameters: [
            .column, Parameter("type_", .typeName, isRequired: true, "the type, as in int64 or decimal(12,2)"),
        ]
    ) { arguments throws(SuiteError) in
        let column = try arguments.text("column")
        let type = try arguments.typeName("type_")
        let claim = Claim(measure: "the type of \(column)", type.text)
        return Plan(columns: [column], claim: claim) { table throws(PlanError) in
            let found = try table.field(column).type
            var judgement = Judgement(type.matches(found) ? .passed : .failed)
            judgement.observedValue = .string(found.description)
            judgement.observedText = found.description
            return .decided(judgement)
        }
    }
}
