import Tables

/// A nested field as a column of JSON text.
final class NestedColumn {
    private let field: SchemaNode
    private let type: LogicalType
    private let isCopied: Bool
    private var reader: FieldReader?
    private var rowGroup = -1
    private var nextRow: Int64 = 0

    /// Rows that are put together at once, at most.
    private static let portion = 256

    /// Where rows are copied, one with a text that isn't UTF-8 inside is uncomparable: JSON has no spelling for those bytes.
    init(_ field: SchemaNode, _ type: LogicalType, isCopied: Bool) {
        self.field = field
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
        var invalid = Bitmap(repeating: false, count: place.rowCount)
        var row = 0
        while row < place.rowCount {
            let count = try reader.ready(min(Self.portion, place.rowCount - row))
            try reader.take(count) { value throws(ParquetError) in
                let start = bytes.count
                if !value.isNull {
                    present[row] = true
                    value.appendJSON(to: &bytes)
                    try ByteSlices.checkRoom(bytes, adding: 0)
                }
                if reader.takeInvalidText() { invalid[row] = true }
                starts.append(UInt32(start))
                lengths.append(UInt32(bytes.count - start))
                row += 1
            }
        }
        return Column(
            type: type, present: present, uncomparable: isCopied && !invalid.isEmpty ? invalid : nil,
            values: .text(TextCells(bytes: bytes, starts: starts, lengths: lengths)))
    }
}
