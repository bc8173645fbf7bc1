import Tables

/// A nested field as a column of JSON text.
final class NestedColumn {
    private let field: SchemaNode
    private let fit: ValueFit?
    private let type: LogicalType
    private let isCopied: Bool
    private var reader: FieldReader?
    private var rowGroup = -1
    private var nextRow: Int64 = 0

    /// Rows that are put together at once, at most.
    private static let portion = 256

    /// With a `fit`, values are shown as it makes them.
    ///
    /// A row is uncomparable with a timestamp out of range inside; where rows are copied also one whose text doesn't tell all of it, for
    /// JSON has no spelling for texts that aren't UTF-8.
    init(_ field: SchemaNode, _ fit: ValueFit?, _ type: LogicalType, isCopied: Bool) {
        self.field = field
        self.fit = fit
        self.type = type
        self.isCopied = isCopied
    }

    /// The rows of a batch; stretches of rows are asked for in ascending order.
    func column(_ place: BatchPlan.Place, _ file: ParquetFile) throws(ParquetError) -> Column {
        if rowGroup != place.rowGroup || nextRow > place.firstRow {
            rowGroup = place.rowGroup
            reader = try FieldReader(file, rowGroup: rowGroup, field: field)
        }
        guard let reader else { preconditionFailure("a reader was made") }
        try reader.skip(toRow: place.firstRow)
        nextRow = place.firstRow + Int64(place.rowCount)
        var bytes: [UInt8] = []
        var starts: [UInt32] = []
        var lengths: [UInt32] = []
        var present = Bitmap(repeating: false, count: place.rowCount)
        var unheld = Bitmap(repeating: false, count: place.rowCount)
        let worst: Spelling = isCopied ? .exact : .other
        var row = 0
        while row < place.rowCount {
            let count = try reader.ready(min(Self.portion, place.rowCount - row))
            try reader.take(count) { stored throws(ParquetError) in
                let start = bytes.count
                var spelling = reader.takeSpelling()
                var value = stored
                if let fit {
                    spelling = .exact
                    value = fit.value(stored, &spelling)
                }
                if !value.isNull {
                    present[row] = true
                    value.appendJSON(to: &bytes)
                    try ByteSlices.checkRoom(bytes, adding: 0)
                }
                if spelling > worst { unheld[row] = true }
                starts.append(UInt32(start))
                lengths.append(UInt32(bytes.count - start))
                row += 1
            }
        }
        return Column(
            type: type, present: present, uncomparable: unheld.isEmpty ? nil : unheld,
            values: .text(TextCells(bytes: bytes, starts: starts, lengths: lengths)))
    }
}
