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
            let questions = ColumnQuestions(column, asked: rules, of: texts, guessed: open)
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
