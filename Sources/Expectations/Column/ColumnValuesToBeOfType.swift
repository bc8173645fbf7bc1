import Tables

extension ExpectationKind {
    /// Values are of a type.
    static let columnValuesToBeOfType = ExpectationKind.rows(
        "expect_column_values_to_be_of_type", .schema, summary: "values are of a type",
        details: """
            Missing values are not judged. Names of Assay, pandas, SQL and Spark are understood and mean our logical types. In \
            a file without types of its own the expectation declares the column's type, and each value that doesn't read as \
            one is unexpected. Where the column has another type, all of its values are.
            """,
        parameters: [
            .column, Parameter("type_", .typeName, isRequired: true, "the type, as in int64 or decimal(12,2)"),
        ]
    ) { arguments throws(SuiteError) in
        let column = try arguments.text("column")
        let type = try arguments.typeName("type_")
        let claim = Claim(
            "values of \(column)", holds: "are of type \(type.text)", fails: "are not of type \(type.text)")
        var plan = try Plan.types(arguments, column, [type], claim)
        plan.declaredTypes = [ColumnName(column): type]
        return plan
    }
}

extension Plan {
    /// A plan that judges values by their type.
    static func types(
        _ arguments: Arguments, _ column: String, _ types: [TypeName], _ claim: Claim
    ) throws(SuiteError) -> Plan {
        try .rows(arguments, columns: [column], claim: claim) { table throws(PlanError) in
            let field = try table.field(column)
            return TypeTest(
                column: field.index, name: column, hasType: types.contains { $0.matches(field.type) },
                spelling: types.map(\.text).sorted().joined(separator: ","))
        }
    }
}

extension Arguments {
    func typeName(_ name: String) throws(SuiteError) -> TypeName { try required(name).asTypeName(name) }
}

extension Argument {
    func asTypeName(_ name: String) throws(SuiteError) -> TypeName {
        let text = try asText(name)
        if let type = TypeName(text) { return type }
        throw SuiteError(
            code: "bad-argument", message: "\(name): there is no type \"\(text)\"", location: mark,
            hint: Suggestion.nearest(to: text, among: TypeName.known).map { "did you mean \($0)?" }
                ?? "boolean, int64, uint64, float64, decimal(p,s), string, binary, date, time, timestamp, duration are")
    }
}
