import Tables

extension ExpectationKind {
    /// The table's schema is that of the asset's last run.
    static let tableSchemaToBeUnchanged = ExpectationKind.table(
        "expect_table_schema_to_be_unchanged", .schema, summary: "the schema is that of the last run",
        details: """
            Compares with the schema that the asset had at its last run, as the store remembers it. Each kind of change fails, \
            warns or is allowed. The first run has nothing to compare with and is vacuous.
            """,
        parameters: SchemaReactions.parameters
    ) { arguments throws(SuiteError) in
        let reactions = try SchemaReactions(arguments)
        let claim = Claim("the schema", holds: "is that of the last run", fails: "is not that of the last run")
        return Plan(columns: [], claim: claim) { table throws(PlanError) in
            guard let previous = table.previousSchema else {
                var judgement = Judgement(.vacuous(reason: "this is the first schema on record"))
                judgement.observedValue = table.schema.json
                return .decided(judgement)
            }
            let difference = SchemaDifference(
                from: previous.fields.map { ($0.name, $0.type) }, to: table.schema.fields.map { ($0.name, $0.type) })
            return .decided(reactions.judge(difference, schema: table.schema))
        }
    }
}
