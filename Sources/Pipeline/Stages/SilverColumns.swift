import Expectations
import Expressions
import Intake
import Suites
import Tables

/// Which columns records have on their way: what the source gives, what every row gets besides, and what silver makes of both.
struct SilverColumns: Sendable {
    /// Where a column of silver comes from.
    enum Origin: Sendable, Hashable {
        /// The source's column, by its index.
        case source(Int)
        /// What of a record fits none of its columns.
        case rescued
        /// An expression, by its place in the projector.
        case derived(Int)
    }

    /// The source's own.
    let source: Schema
    /// Columns of the source, and of silver, by index, of which no value was seen yet: tables get them with their first values.
    let awaited: (source: Set<Int>, silver: Set<Int>)
    /// Columns of silver, by index, that are the source's as they come, and whose types nobody declared: values may be of any type.
    let guessed: Set<Int>
    /// Those that hold dates or timestamps.
    private let timelike: [Int]
    /// What expressions see: the source's columns, then those of ``RecordLineage``.
    let input: Schema
    let silver: Schema
    let origins: [Origin]
    let projector: Projector
    let filter: RecordFilter?
    /// Of the columns that expressions need, those that every row gets.
    let lineage: Set<RecordLineage>

    /// Ties the stage to the source's columns; timestamps without zone among its texts are in `zone`.
    ///
    /// - Throws: every expression and name that doesn't fit them, at its place.
    init(_ definition: SilverDefinition, source kept: KeptSchema, zone: ZoneRule) throws(SuiteProblems) {
        var errors: [SuiteError] = []
        let source = kept.schema
        self.source = source
        let input = Self.input(of: source)
        self.input = input
        var bound: [(name: String, value: ValueExpression)] = []
        for column in definition.select { bound.append((column.name, column.value)) }
        var projector: Projector?
        do throws(Projector.Mistake) { projector = try Projector(bound, of: input, zone: zone) } catch {
            let column = definition.select[error.index]
            errors.append(Self.mistake(error.error, "select.\(column.name)", column))
        }
        var filter: RecordFilter?
        if let condition = definition.filter, let made = projector?.schema {
            do throws(ExpressionError) {
                filter = try RecordFilter(condition.value, input: input, made: made, zone: zone)
            } catch { errors.append(Self.mistake(error, "filter", condition)) }
        }
        for name in definition.drop where input.index(of: name) == nil {
            errors.append(
                SuiteError(
                    code: "unknown-column", message: "silver drops \"\(name)\", and the source has no such column",
                    location: definition.markOfDrop,
                    hint: Suggestion.nearest(to: name, among: source.names).map { "did you mean \($0)?" }))
        }
        guard let projector, errors.isEmpty else { throw SuiteProblems(errors) }
        self.projector = projector
        self.filter = filter
        let needed = Set(projector.projection.needs.keys).union(filter?.columnsRead ?? [])
        lineage = Set(
            RecordLineage.visible.enumerated().filter { needed.contains(source.fields.count + $0.offset) }
                .map(\.element))
        let (silver, origins) = Self.layout(definition, source: source, projector)
        try Self.checkNames(silver, origins, definition)
        (self.silver, self.origins) = (silver, origins)
        let unknown = Set(kept.origins.indices.filter { kept.origins[$0] == .unknown })
        let awaitedOfSilver = origins.indices.filter { index in
            guard case .source(let place) = origins[index] else { return false }
            return unknown.contains(place)
        }
        awaited = (unknown, Set(awaitedOfSilver))
        let undeclared = origins.indices.filter { index in
            guard case .source(let place) = origins[index] else { return false }
            return kept.origins[place] != .declared
        }
        guessed = Set(
            undeclared.filter { index in
                [.boolean, .string].contains(silver.fields[index].type) || silver.fields[index].type.isNumeric
            })
        timelike = undeclared.filter { [.date, .timestamp].contains(silver.fields[$0].type) }
    }

    /// Columns whose values look like times, and of which something is asked that times aren't asked: to a gate they are texts.
    func textsAlike(for expectations: [Expectation], now: Int64, zone: ZoneRule) -> [Int] {
        let table = TableContext(schema: silver, partitions: [], now: now, timeZone: zone)
        let rules = expectations.filter(\.kind.isRowLevel)
        return timelike.filter { column in
            rules.contains { rule in
                rule.columnsRead.contains(column: silver.fields[column].name)
                    && (try? RuleFit(rule, table, guessed: guessed)) == nil
            }
        }
    }

    /// The source's columns, then those of ``RecordLineage``.
    static func input(of source: Schema) -> Schema { Schema(source.fields + RecordLineage.visible.map(\.field)) }

    private static func mistake(_ error: ExpressionError, _ subject: String, _ column: DerivedColumn) -> SuiteError {
        let mark = column.mark
        let hidden = RecordLineage.row.field.name
        let wantsHidden = error.code == "unknown-column" && column.value.columns().contains(hidden)
        return SuiteError(
            code: error.code, message: "\(subject): \(error.message)",
            location: SourceMark(file: mark.file, line: mark.line, column: mark.column + (error.offset ?? 0)),
            hint: wantsHidden
                ? "\(hidden) is counted when stages are done, and stands in bronze alone: "
                    + "_source_file and _source_offset tell a record of text, too"
                : error.hint)
    }

    /// Refuses columns that `select` makes beside others of the same name in another case.
    private static func checkNames(
        _ silver: Schema, _ origins: [Origin], _ definition: SilverDefinition
    ) throws(SuiteProblems) {
        let others = silver.names.enumerated().filter { index, _ in
            if case .derived = origins[index] { false } else { true }
        }
        let names = Dictionary(others.map { (ColumnName($0.element).folded, $0.element) }) { first, _ in first }
        let errors = definition.select.compactMap { column in
            names[ColumnName(column.name).folded].map { other in
                SuiteError(
                    code: "duplicate-column",
                    message:
                        "select.\(column.name): silver has a column \"\(other)\" besides, and tables can't tell them apart",
                    location: column.mark,
                    hint: "call it \"\(other)\" to put it in that one's place, or end that one: drop: [\"\(other)\"]")
            }
        }
        guard errors.isEmpty else { throw SuiteProblems(errors) }
    }

    /// The source's columns in their order, those that are made anew in their place, then the new ones, then what fits nowhere.
    private static func layout(
        _ definition: SilverDefinition, source: Schema, _ projector: Projector
    ) -> (Schema, [Origin]) {
        var fields: [Field] = []
        var origins: [Origin] = []
        var made = Set<Int>()
        let dropped = Set(named: definition.drop)
        for (index, field) in source.fields.enumerated() where !dropped.contains(column: field.name) {
            if let place = projector.schema.index(of: field.name) {
                made.insert(place)
                fields.append(projector.schema.fields[place])
                origins.append(.derived(place))
            } else {
                fields.append(Field(field.name, field.type))
                origins.append(.source(index))
            }
        }
        for (place, field) in projector.schema.fields.enumerated() where !made.contains(place) {
            fields.append(field)
            origins.append(.derived(place))
        }
        let rescued = RecordLineage.rescued.field
        if !dropped.contains(column: rescued.name), !fields.contains(where: { $0.name == rescued.name }) {
            fields.append(rescued)
            origins.append(.rescued)
        }
        return (Schema(fields), origins)
    }
}

/// What every record gets on its way to bronze.
enum RecordLineage: Int, CaseIterable, Sendable {
    case file, row, offset, ingestedAt, batch, rescued

    /// Those that expressions may name: the number of a row is known only when those before it have been counted.
    static let visible: [RecordLineage] = [.file, .offset, .ingestedAt, .batch, .rescued]

    var field: Field {
        switch self {
        case .file: Field("_source_file", .string)
        case .row: Field("_source_row", .int64)
        case .offset: Field("_source_offset", .int64)
        case .ingestedAt: Field("_ingested_at", .timestamp)
        case .batch: Field("_batch", .int64)
        case .rescued: Field("_rescued", .string)
        }
    }
}
