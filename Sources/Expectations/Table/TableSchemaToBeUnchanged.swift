import Tables

extension ExpectationKind {
    /// The table's schema is that of the asset's last run.
    static let tableSchemaToBeUnchanged = ExpectationKind.table(
        "expect_table_schema_to_be_unchanged", .schema, summary: "the schema is that of the last run",
        details: """
            Compares with the schema that the asset had at its last run, as the store remembers it. Each kind of change fails, \
            warns or is allowed. The first run has nothing to compare with and is vacuous. Where types are guessed, only a change \
            to another family counts: from int64 to float64 is none, and a column without values is of any type.
            """,
        parameters: SchemaReactions.parameters
    ) { arguments throws(SuiteError) in
        let reactions = try SchemaReactions(arguments)
        let claim = Claim("the schema", holds: "is that of the last run", fails: "is not that of the last run")
        return Plan(columns: [], claim: claim) { table throws(PlanError) in
            let previous: Schema
            switch table.previousSchema {
            case .known(let schema): previous = schema
            case .none:
                var judgement = Judgement(.vacuous(reason: "this is the first schema on record"))
                judgement.observedValue = table.schema.json
                return .decided(judgement)
            case .unavailable(let reason):
                return .decided(Judgement(.errored(reason: "the last schema can't be read: \(reason)")))
            }
            let difference = SchemaDifference(
                from: previous.fields.map { ($0.name, $0.type) },
                to: table.schema.settled(by: previous, table.typeOrigins).fields.map { ($0.name, $0.type) })
            return .decided(reactions.judge(difference, schema: table.schema))
        }
    }
}
