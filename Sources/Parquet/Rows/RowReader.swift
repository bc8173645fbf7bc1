import Files
public import Tables

/// Reads the rows of a file, or of one of its row groups, as exact values.
///
/// For checkpoints, inspection and tests; a scan of typed columns is `ParquetSource`. Not safe for use by several threads at
/// once.
public final class RowReader {
    private let file: ParquetFile
    /// The fields of the root that are read, in the schema's order.
    public let fields: [SchemaNode]
    private var rowGroups: Range<Int>
    private var readers: [FieldReader] = []
    private var rowsLeft: Int64 = 0

    /// Rows that are put together at once, at most.
    private static let portion = 256

    init(_ file: ParquetFile, fields: [SchemaNode], rowGroups: Range<Int>) {
        self.file = file
        self.fields = fields
        self.rowGroups = rowGroups
    }

    /// Some of the next rows, each a value a field; none at the end.
    public func next() throws(SourceError) -> [[ParquetValue]] {
        do throws(ParquetError) {
            while rowsLeft == 0 {
                guard let group = rowGroups.popFirst() else { return [] }
                rowsLeft = file.metadata.rowGroups[group].rowCount
                readers = []
                for field in fields { readers.append(try FieldReader(file, rowGroup: group, field: field)) }
            }
            let limit = Int(min(rowsLeft, Int64(Self.portion)))
            var count = limit
            for reader in readers { count = min(count, try reader.ready(limit)) }
            var rows = [[ParquetValue]](repeating: [], count: count)
            for reader in readers {
                var row = 0
                try reader.take(count) { value throws(ParquetError) in
                    rows[row].append(value)
                    row += 1
                }
            }
            rowsLeft -= Int64(count)
            return rows
        } catch {
            throw error.located(in: file.name)
        }
    }
}

extension ParquetFile {
    /// Reads rows: of all fields of the root, or of those named; of one row group or of all.
    ///
    /// Names that the schema doesn't have are passed over: `fields` of the reader tells what is read.
    public func rows(fields names: [String]? = nil, rowGroup: Int? = nil) -> RowReader {
        let fields = schema.fields.filter { names?.contains($0.name) ?? true }
        let groups = rowGroup.map { $0..<$0 + 1 } ?? metadata.rowGroups.indices
        return RowReader(self, fields: fields, rowGroups: groups)
    }
}
