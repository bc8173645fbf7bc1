import Expectations
import Tables

/// Columns of texts that a gate's rules compare with times: whatever type a table keeps, to the rules the texts are times, and those
/// that are none are uncomparable.
struct TimeTexts: Sendable {
    let columns: Set<Int>
    private let zone: ZoneRule

    /// - guessed: columns whose types nobody declared, by the schema's index.
    /// - zone: where texts are meant that name none.
    init(among guessed: Set<Int>, _ expectations: [Expectation], _ table: TableContext, zone: ZoneRule) {
        self.zone = zone
        let rules = expectations.filter(\.kind.isRowLevel)
        let texts = table.retyping(Dictionary(uniqueKeysWithValues: guessed.map { ($0, LogicalType.string) }))
        columns = guessed.filter { column in
            table.schema.fields[column].type == .string
                && ColumnQuestions(column, asked: rules, of: texts, guessed: guessed).areAboutTimes
        }
    }

    /// The columns as rules see them.
    var types: [Int: LogicalType] { Dictionary(uniqueKeysWithValues: columns.map { ($0, .timestamp) }) }

    /// A batch as rules see it.
    func read(_ batch: Batch) -> Batch {
        guard !columns.isEmpty else { return batch }
        var read = batch.columns
        for index in columns { read[index] = read[index]?.asTimes(in: zone) }
        return Batch(
            ordinal: batch.ordinal, partition: batch.partition, rowCount: batch.rowCount, columns: read,
            offsets: batch.offsets, problems: batch.problems, records: batch.records)
    }
}
