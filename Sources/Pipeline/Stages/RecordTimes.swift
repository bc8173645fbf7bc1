import Tables

/// The times that a chunk's rows have of their own, in microseconds since 1970-01-01T00:00:00Z.
struct RecordTimes: Sendable {
    /// By row; of the others than ``rows`` they say nothing.
    let ticks: [Int64]
    /// Rows that have one.
    let rows: Bitmap

    /// Of a column of timestamps.
    init(_ column: Column) {
        guard case .timestamp(let ticks) = column.values else {
            (ticks, rows) = ([], Bitmap(repeating: false, count: column.count))
            return
        }
        self.ticks = ticks
        rows = column.typed
    }

    /// The times by which keys are remembered, where that of the other rows is known.
    func keyTimes(otherwise time: Int64) -> KeyTimes {
        if rows.isEmpty { return .same(time) }
        if rows.isFull { return .each(ticks) }
        return .each(ticks.indices.map { rows[$0] ? ticks[$0] : time })
    }
}
