public import Expectations
public import Tables

/// The types that a stream's columns are read as at first, settled before its first record is judged.
///
/// A stream can't begin again where a guess was wrong, as a scan does. So nothing depends on guesses: texts are times where
/// expectations compare them with times, and else texts; every other value is judged by its own type (``ColumnNeed/strays``). A guess
/// by the first records only says what is tried first.
public struct GateTypes: Sendable {
    public let source: any BatchSource
    /// Columns that may hold values of any type, by the schema's index.
    public let guessed: Set<Int>

    /// - source: with a column for each that the expectations read.
    public init(_ source: any BatchSource, for expectations: [Expectation], now: Int64) {
        let schema = source.schema
        let rules = expectations.filter(\.kind.isRowLevel)
        let open = Set(rules.flatMap(\.columnsRead).compactMap { schema.index(of: $0) })
            .filter { source.typeOrigins[$0] != .declared }
        let records = TableContext(schema: schema, partitions: [], now: now, timeZone: source.timeZone)
        let texts = records.retyping(Dictionary(uniqueKeysWithValues: open.map { ($0, LogicalType.string) }))
        var types: [Int: LogicalType] = [:]
        for column in open {
            let asked = rules.filter { $0.columnsRead.contains { schema.index(of: $0) == column } }
            let questions = ColumnQuestions(
                column: column, expectations: asked, table: texts, others: open.subtracting([column]))
            types[column] =
                switch schema.fields[column].type {
                case _ where questions.areAboutTimes: .timestamp
                case .boolean: .boolean
                // Whole numbers are of another type than fractions where types are judged.
                case let type where type.isNumeric: questions.areAboutTypes || type == .int64 ? .int64 : .float64
                default: .string
                }
        }
        self.source = source.retyping(types, origin: .inferred) ?? source
        guessed = open.filter { types[$0] != .timestamp }
    }
}

/// What is asked of a column whose type nobody declared.
private struct ColumnQuestions {
    let column: Int
    let expectations: [Expectation]
    /// With texts in all columns that nobody declared.
    let table: TableContext
    /// The others that nobody declared.
    let others: Set<Int>

    /// Whether texts are compared with times: with others they are not.
    var areAboutTimes: Bool {
        expectations.allSatisfy { problem($0, .timestamp) == nil }
            && expectations.contains { problem($0, .string) != nil || problem($0, .int64)?.code == "bad-bound" }
    }

    /// Whether the values' types themselves are judged.
    var areAboutTypes: Bool { expectations.contains { $0.kind.family == .schema } }

    /// Why an expectation can't be asked of values of a type.
    private func problem(_ expectation: Expectation, _ type: LogicalType) -> PlanError? {
        do throws(PlanError) {
            _ = try RuleFit(expectation, table.retyping([column: type]), guessed: others)
            return nil
        } catch { return error }
    }
}
