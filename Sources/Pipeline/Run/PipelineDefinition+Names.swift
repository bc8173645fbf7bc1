import Delta
import Expectations
import Expressions
import Intake
import Suites
import Tables

/// Which new columns of a source there is room for in the pipeline's tables.
extension PipelineDefinition {
    /// A source's columns, without new ones that differ only in case from a column that `select` makes or a table has: tables can't tell
    /// the two apart, and what a sender calls its keys must stop nobody.
    ///
    /// A new column that a stage reads stays: what doesn't fit then is the definition's mistake. So do all of the first files beside what
    /// `select` makes, since those are the source that the definition is about.
    func admitting(
        _ schema: KeptSchema, since earlier: KeptSchema
    ) throws(PipelineError) -> (schema: KeptSchema, refused: [KeptSchema.Refusal]) {
        guard schema.columns.count > earlier.columns.count else { return (schema, []) }
        var taken = earlier.isInitial ? [] : silver.select.map(\.name)
        for place in [bronze, silver.place].compactMap(\.self) where DeltaTable.hasVersion(place.folder) {
            do throws(DeltaError) { taken += try DeltaTable(place.folder).header().schema.fields.map(\.name) } catch {
                throw PipelineError(error)
            }
        }
        let spellings = Dictionary(grouping: taken) { ColumnName($0).folded }
        let read = Set(named: columnsRead)
        return schema.passingOver(newSince: earlier) { name in
            guard let others = spellings[ColumnName(name).folded], !read.contains(column: name) else { return false }
            return !others.contains(column: name)
        }
    }

    /// Columns that records are sure to be meant to have: those that the source declares, and those of keys.
    var columnsMeant: [String] {
        source.records.declaredTypes.keys.map(\.text) + (silver.deduplicate?.columns ?? [])
            + [silver.deduplicate?.timeColumn].compactMap(\.self)
    }

    /// Refuses keys that no record has had and that are no names but values made of columns: those belong into `select`.
    func checkKeys(neverHad: [String]) throws(SuiteProblems) {
        let unknown = Set(named: neverHad)
        let keys =
            (silver.deduplicate.map { same in same.columns.map { ("deduplicate.by", $0, same.mark) } } ?? [])
            + gold.flatMap { table in
                table.groupBy.map { ("\(GoldStage.name(of: table.place)): group_by", $0, table.mark) }
            }
        let errors = keys.filter { unknown.contains(column: $0.1) && ValueExpression.makesValue($0.1) }.map { key in
            SuiteError(
                code: "unknown-column",
                message: "\(key.0): no record has had the column \"\(key.1)\", and keys are names of columns",
                location: key.2,
                hint: "make it in silver: select: {NAME: \(JSON.string(key.1).text())}, and write NAME here; "
                    + "where records are to have it themselves, declare it in the source's columns")
        }
        guard errors.isEmpty else { throw SuiteProblems(errors) }
    }

    /// Refuses expressions of `select` that read what another one makes and no record has had: they see the source's columns.
    func checkSelect(neverHad: [String]) throws(SuiteProblems) {
        // One that reads its own name takes the place of the source's.
        let made = Set(named: silver.select.filter { !$0.value.columns().contains(column: $0.name) }.map(\.name))
            .intersection(Set(named: neverHad))
        let errors = silver.select.flatMap { column in
            column.value.columns().filter { made.contains(column: $0) }.map { name in
                SuiteError(
                    code: "unknown-column",
                    message: "select.\(column.name): no record has had the column \"\(name)\", which select makes",
                    location: column.mark,
                    hint: "expressions see the source's columns: write here what makes \"\(name)\"; "
                        + "where records are to have it themselves, declare it: source: {columns: {\(name): string}}")
            }
        }
        guard errors.isEmpty else { throw SuiteProblems(errors) }
    }
}

extension ValueExpression {
    /// Whether a text calls a function, rather than being a name.
    fileprivate static func makesValue(_ text: String) -> Bool { text.contains("(") && (try? parse(text)) != nil }
}
