public import Tables

extension IntakeSource {
    /// What of a batch's records is in none of its columns.
    ///
    /// The batch was read with all columns' values and texts, and with records. Where nothing is amiss it costs a look at a few bitmaps;
    /// else it takes apart the records that are concerned. `notesNewColumns` where the schema may take them in.
    public func rescue(_ batch: Batch, notesNewColumns: Bool = true) -> RescuedRows {
        let rows = concernedRows(batch)
        guard let rows, !rows.isEmpty else {
            return RescuedRows(column: Column(missing: .string, count: batch.rowCount), newColumns: SeenColumns())
        }
        var rescue = RowRescue(batch, self, notesNewColumns: notesNewColumns)
        rows.forEach { rescue.take($0) }
        return rescue.result
    }

    /// Rows of which something may be in no column; `nil` where there are none.
    private func concernedRows(_ batch: Batch) -> Bitmap? {
        var rows = batch.unfitting
        func add(_ other: Bitmap) { rows = rows.map { $0.union(other) } ?? other }
        for column in batch.columns { if let unkept = column?.unkept { add(unkept) } }
        for surplus in batch.surplus { add(surplus.column.present) }
        let malformed = batch.problems.filter { RowRescue.corrupting.contains($0.kind) }
        if !malformed.isEmpty { add(Bitmap(count: batch.rowCount, setting: malformed.map(\.row))) }
        return rows
    }

    /// What a partition's file is read with.
    func segment(of partition: Int) -> Segment? { segments.first { $0.files.contains(partition) } }
}
