import Tables

/// Rows of a batch that have values of other types than their columns', of the same ones in each of them.
struct StrayRows {
    /// Ascending.
    let rows: [Int]
    /// These rows alone, each value in a column of its type.
    let batch: Batch

    /// All of a batch; costs nothing where there are none.
    static func all(of batch: Batch) -> [StrayRows] {
        var columnsByRow: [Int: [Int: Int]] = [:]
        for (index, column) in batch.columns.enumerated() {
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
        let columns = batch.columns.enumerated().map { index, column in
            (places[index].flatMap { column?.strays[$0].column } ?? column)?.selecting(rows)
        }
        self.batch = Batch(ordinal: batch.ordinal, partition: batch.partition, rowCount: rows.count, columns: columns)
    }
}
