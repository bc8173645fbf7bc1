import Expectations
import Intake
import Suites
import Tables

/// The types of columns whose first values a batch brings, so that one odd value among those doesn't decide about all that come.
///
/// A text among numbers makes a column of texts. Where a rule keeps every text apart, since it can't be asked of texts, the column is one
/// of numbers all the same: whole ones, until others come. The same goes for Booleans and times.
struct FirstTypes {
    private(set) var schema: KeptSchema
    /// What to tell of columns that have another type than their first values suggest.
    private(set) var notes: [String] = []

    /// - earlier: the columns before the batch.
    init(
        _ definition: PipelineDefinition, of suggested: KeptSchema, since earlier: KeptSchema,
        _ options: PipelineOptions
    ) {
        schema = suggested
        let (untyped, known) = (Set(named: earlier.untyped), Set(named: earlier.columns.map(\.name)))
        let made = Set(named: definition.silver.select.map(\.name) + definition.silver.drop)
        for (field, origin) in zip(suggested.schema.fields, suggested.origins)
        where origin == .inferred && !field.type.isNumeric && !made.contains(column: field.name) {
            guard untyped.contains(column: field.name) || !known.contains(column: field.name),
                let rule = definition.silver.gate?.rule(thatWantsNumbersIn: field, of: suggested.schema, options)
            else { continue }
            let numbers = schema.retyping(field.name, as: .int64)
            guard definition.fits(numbers, options) else { continue }
            schema = numbers
            notes.append(
                "\"\(field.name)\" has values that are \(field.type) among its first, and whether \(rule.rule) can't be asked of "
                    + "those: it is int64, and they are kept apart; where they are right, declare the type")
        }
    }
}

extension PipelineDefinition {
    /// Whether all stages can be asked of a source with these columns.
    fileprivate func fits(_ schema: KeptSchema, _ options: PipelineOptions) -> Bool {
        let plan = BatchPlan(
            number: 1, kind: .normal, files: [], schema: schema, fingerprint: fingerprint, clock: options.clock(),
            lanes: 1)
        return (try? RecordStage(self, source: schema, plan: plan, keySeed: 0, zone: options.zone)) != nil
    }
}

extension GateDefinition {
    /// The first rule that keeps each value of a column apart, unless it is a number.
    fileprivate func rule(
        thatWantsNumbersIn field: Field, of schema: Schema, _ options: PipelineOptions
    ) -> Expectation? {
        guard let column = schema.index(of: field.name) else { return nil }
        let table = TableContext(schema: schema, partitions: [], now: options.clock(), timeZone: options.zone)
        func isAsked(of table: TableContext, _ rule: Expectation) -> Bool { (try? rule.bound(to: table)) != nil }
        return suite.expectations.first { rule in
            rule.kind.isRowLevel && rule.columnsRead.map { ColumnName($0) } == [ColumnName(field.name)]
                && [.quarantine, .stop].contains(rule.consequences.action(orElse: onFail))
                && !isAsked(of: table, rule) && isAsked(of: table.retyping([column: .int64]), rule)
        }
    }
}
