import Tables

extension ExpectationKind {
    /// The table's schema is the one that is written down.
    static let tableSchemaToMatch = ExpectationKind.table(
        "expect_table_schema_to_match", .schema, summary: "the schema is the one that is written down",
        details: """
            schema lists the columns in order with their types. Columns that the table has besides are added, columns it lacks \
            are removed; each kind of change fails, warns or is allowed. The result tells the difference column by column.
            """,
        parameters: [Parameter("schema", .schema, isRequired: true, "columns' names and types, in order")]
            + SchemaReactions.parameters
    ) { arguments throws(SuiteError) in
        let wanted = try arguments.schema("schema")
        let reactions = try SchemaReactions(arguments)
        let claim = Claim("the schema", holds: "is as written down", fails: "is not as written down")
        return Plan(columns: [], claim: claim) { table throws(PlanError) in
            let difference = SchemaDifference(
                from: wanted.map { ($0.name, $0.type.type) }, to: table.schema.fields.map { ($0.name, $0.type) },
                isOfType: { wanted[$0].type.matches($1) })
            return .decided(reactions.judge(difference, schema: table.schema))
        }
    }
}

extension Arguments {
    /// Columns' names and types, in order: a mapping, or a list of one-key mappings.
    func schema(_ name: String) throws(SuiteError) -> [(name: String, type: TypeName)] {
        let argument = try required(name)
        var members: [Argument.Member] = []
        switch argument.content {
        case .map(let map): members = map
        case .list(let items):
            for item in items {
                guard case .map(let map) = item.content, map.count == 1 else {
                    throw item.wrong(name, wanted: "columns' names with their types")
                }
                members += map
            }
        default: throw argument.wrong(name, wanted: "a mapping of columns' names to types")
        }
        guard !members.isEmpty else { throw argument.lacking(name, "a column") }
        var columns: [(name: String, type: TypeName)] = []
        for member in members { columns.append((member.name, try member.value.asTypeName(member.name))) }
        return columns
    }
}
