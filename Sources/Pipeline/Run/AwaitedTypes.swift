import Expectations
import Expressions
import Intake
import Suites
import Tables

/// The types that columns without a value are awaited as: such that everything can be asked that reads them.
///
/// They are texts, unless something wants other values there: numbers, times or Booleans. Most columns get another type with their first
/// value; those that tables or windows were begun with keep theirs.
struct AwaitedTypes {
    private(set) var fields: [Field]
    private let definition: PipelineDefinition
    private let kept: KeptSchema
    private let options: PipelineOptions

    /// What is tried, in this order.
    private static let types: [LogicalType] = [.string, .float64, .timestamp, .boolean]

    init(_ names: [String], _ definition: PipelineDefinition, _ kept: KeptSchema, _ options: PipelineOptions) {
        (self.definition, self.kept, self.options) = (definition, kept, options)
        fields = []
        guard !names.isEmpty else { return }
        // Texts have an order, too; who aggregates rather means that of numbers.
        let numbers = definition.gold.flatMap(\.aggregates).filter(\.wantsNumbers)
        let aggregated = Set(named: numbers.flatMap { $0.value.columns() })
        let usual = names.map { Field($0, aggregated.contains(column: $0) ? .float64 : .string) }
        let best = [usual, names.map { Field($0, .float64) }].map(improved).min { $0.mistakes < $1.mistakes }
        fields = best?.fields ?? usual
    }

    /// Other types for one column after another, as long as fewer things don't fit.
    private func improved(_ fields: [Field]) -> (fields: [Field], mistakes: Int) {
        var best = (fields: fields, mistakes: mistakes(fields))
        var isBetter = true
        while isBetter, best.mistakes > 0 {
            isBetter = false
            for index in fields.indices {
                for type in Self.types where type != best.fields[index].type {
                    var other = best.fields
                    other[index] = Field(other[index].name, type)
                    let mistakes = mistakes(other)
                    guard mistakes < best.mistakes else { continue }
                    best = (other, mistakes)
                    isBetter = true
                }
            }
        }
        return best
    }

    /// How many of the things that read a source with these columns can't be asked of it.
    private func mistakes(_ fields: [Field]) -> Int {
        let source = kept.awaiting(fields)
        let (silver, unmade) = silver(of: source.schema)
        let windows = definition.gold.map { table in
            let unmade = table.aggregates.count { aggregate in
                !fits { try aggregate.value.bound(to: silver, zone: options.zone) }
            }
            return unmade + (silver.holds([.timestamp, .date], in: table.timeColumn) ? 0 : 1)
        }
        let time = definition.silver.deduplicate?.timeColumn
        return unmade + windows.reduce(0, +) + (time.map { silver.holds([.timestamp], in: $0) } ?? true ? 0 : 1)
            + unaskedRules(of: silver, awaited: Set(named: source.awaited))
    }

    /// The columns of silver, and how many expressions can't be made of the source's.
    private func silver(of source: Schema) -> (schema: Schema, unmade: Int) {
        let input = SilverColumns.input(of: source)
        var made: [Field] = []
        var unmade = 0
        for column in definition.silver.select {
            let bound = try? column.value.bound(to: input, zone: options.zone)
            made.append(Field(column.name, bound?.type ?? .string))
            if bound == nil { unmade += 1 }
        }
        if let filter = definition.silver.filter?.value {
            if !fits({ try RecordFilter(filter, input: input, made: Schema(made), zone: options.zone) }) { unmade += 1 }
        }
        let names = Set(named: made.map(\.name))
        return (Schema(source.fields.filter { !names.contains(column: $0.name) } + made), unmade)
    }

    private func unaskedRules(of silver: Schema, awaited: Set<ColumnName>) -> Int {
        let table = TableContext(schema: silver, partitions: [], now: options.clock(), timeZone: options.zone)
        let guessed = Set(silver.fields.indices.filter { awaited.contains(column: silver.fields[$0].name) })
        let rules = (definition.silver.gate?.suite.expectations ?? []).filter { rule in
            rule.kind.isRowLevel && !awaited.isDisjoint(with: Set(named: rule.columnsRead))
        }
        return rules.count { rule in !fits { try RuleFit(rule, table, guessed: guessed) } }
    }

    private func fits<Bound>(_ bind: () throws -> Bound) -> Bool { (try? bind()) != nil }
}

extension DerivedAggregate {
    fileprivate var wantsNumbers: Bool {
        switch value.function {
        case .count, .countIf, .countDistinct: false
        case .sum, .avg, .min, .max, .percentile, .median: true
        }
    }
}

extension Schema {
    fileprivate func holds(_ types: [LogicalType], in column: String) -> Bool {
        index(of: column).map { types.contains(fields[$0].type) } ?? false
    }
}
