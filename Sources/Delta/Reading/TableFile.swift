import Files
import Parquet
import Tables

/// A data file of a version: what its footer says, and which of its rows count.
struct TableFile: Sendable {
    let add: AddFile
    /// On disk.
    let path: String
    /// By the table's columns, the values of those that are the same in all rows.
    let partitionValues: [Int: Value]
    let deleted: RowSet?
    /// In the file, before rows are dropped; of one that wasn't opened 1, or 0 where it has no rows.
    let batchCount: Int
    /// As the file is, whatever the log says; of one that wasn't opened as the log says.
    let byteCount: Int64
    /// The rows of a file that wasn't opened, by the log; `nil` for one that was.
    let unopenedRowCount: Int?
    /// Kept for tables of few files; of others it is opened again when its turn comes.
    let source: ParquetSource?
    private let shown: ShownFields

    /// A file of more rows is opened, whatever the log says of it: who lies about it shall not take memory with that.
    private static let unopenedRowLimit = 1 << 24

    /// Opens the file, reads its footer and its deletion vector.
    ///
    /// Where it `mayStayClosed` it isn't opened if the log says how many rows it has. Either way it must be there, and of the
    /// size that the log says; of one that is opened the rows must be as many as well.
    init(
        _ add: AddFile, of snapshot: Snapshot, _ columns: DeltaColumns, staysOpen: Bool, mayStayClosed: Bool = false
    ) throws(DeltaError) {
        self.add = add
        path = try DataPath.resolve(add.path, table: snapshot.table)
        var values: [Int: Value] = [:]
        for (index, column) in columns.columns.enumerated() {
            guard let partition = column.partition else { continue }
            let text = add.partitionValues[partition.name] ?? nil
            guard let value = PartitionText.value(text, partition.type) else {
                throw DeltaError(
                    .corrupt,
                    "the partition value of \"\(column.field.name)\" is no \(partition.type) in the file \(add.path)",
                    place: snapshot.table)
            }
            values[index] = value
        }
        partitionValues = values
        shown = columns.shown
        try Self.check(try FileSize.bytes(ofDataFile: path), add, path)
        if mayStayClosed, add.deletionVector == nil, let rowCount = add.numRecords, rowCount <= Self.unopenedRowLimit {
            unopenedRowCount = rowCount
            deleted = nil
            batchCount = rowCount == 0 ? 0 : 1
            byteCount = add.size
            source = nil
            return
        }
        unopenedRowCount = nil
        let source = try Self.open(path, columns.shown)
        let rowCount = source.files.reduce(0) { $0 + $1.rowCount }
        if let told = add.numRecords, told != rowCount {
            throw DeltaError(.corrupt, "it has \(rowCount) rows, and the log says \(told)", place: path)
        }
        var deleted: RowSet?
        if let vector = add.deletionVector {
            let rows = try DeletionVector.read(vector, table: snapshot.table)
            try Self.check(rows, against: rowCount, path)
            deleted = rows
        }
        self.deleted = deleted
        batchCount = source.batchCount
        byteCount = source.files.first?.byteCount ?? 0
        self.source = staysOpen ? source : nil
    }

    /// A file of another size is another file than the one that the log tells of.
    private static func check(_ byteCount: Int64, _ add: AddFile, _ path: String) throws(DeltaError) {
        guard byteCount != add.size else { return }
        throw DeltaError(.corrupt, "it is \(byteCount) bytes long, and the log says \(add.size)", place: path)
    }

    /// Whoever deletes a row that a file doesn't have means another file.
    private static func check(_ deleted: RowSet, against rowCount: Int64, _ path: String) throws(DeltaError) {
        guard let last = deleted.last, last >= rowCount else { return }
        throw DeltaError(
            .corrupt, "its deletion vector names row \(last), counted from 0, and the file has \(rowCount)", place: path
        )
    }

    /// The file as a source of its own.
    func opened() throws(DeltaError) -> ParquetSource {
        if let source { return source }
        return try Self.open(path, shown)
    }

    private static func open(_ path: String, _ shown: ShownFields) throws(DeltaError) -> ParquetSource {
        do throws(SourceError) {
            return try ParquetSource([shown.of(ParquetFile(InputFile(path: path, packing: Compression.none)))])
        } catch {
            let error = DeltaError(error)
            throw error.code == .notFound ? .missingDataFile(path) : error
        }
    }
}
