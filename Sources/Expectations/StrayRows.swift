public import Tables

/// Rows of a batch that have values of other types than their columns', of the same ones in each of them.
public struct StrayRows: Sendable {
    /// Ascending.
    public let rows: [Int]
    /// These rows alone, each value in a column of its type.
    public let batch: Batch
    /// By column, the types that aren't the columns' own.
    let types: [Int: LogicalType]

    /// All of a batch, or of some of its columns; costs nothing where there are none.
    public static func all(of batch: Batch, in columns: Set<Int>? = nil) -> [StrayRows] {
        var columnsByRow: [Int: [Int: Int]] = [:]
        for (index, column) in batch.columns.enumerated() where columns?.contains(index) ?? true {
            for (place, stray) in (column?.strays ?? []).enumerated() {
                stray.rows.forEach { columnsByRow[$0, default: [:]][index] = place }
            }
        }
        return Dictionary(grouping: columnsByRow.keys) { columnsByRow[$0] ?? [:] }.map { places, rows in
            StrayRows(of: batch, rows.sorted(), places)
        }
    }

    /// - places: by column, which of its strays the rows have.
    private init(of batch: Batch, _ rows: [Int], _ places: [Int: Int]) {
        self.rows = rows
        let strays = places.reduce(into: [Int: Column]()) { strays, place in
            strays[place.key] = batch.columns[place.key]?.strays[place.value].column
        }
        types = strays.mapValues(\.type)
        let columns = batch.columns.enumerated().map { index, column in (strays[index] ?? column)?.selecting(rows) }
        self.batch = Batch(ordinal: batch.ordinal, partition: batch.partition, rowCount: rows.count, columns: columns)
    }
}

extension TableContext {
    /// The same records, some of their columns of another type.
    public func retyping(_ types: [Int: LogicalType]) -> TableContext {
        guard !types.isEmpty else { return self }
        return TableContext(schema: schema.retyping(types), partitions: partitions, now: now, timeZone: timeZone)
    }
}
