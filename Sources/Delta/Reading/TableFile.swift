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
    /// In the file, before rows are dropped.
    let batchCount: Int
    /// As the file is, whatever the log says.
    let byteCount: Int64
    /// Kept for tables of few files; of others it is opened again when its turn comes.
    let source: ParquetSource?

    /// Opens the file, reads its footer and its deletion vector.
    init(_ add: AddFile, of snapshot: Snapshot, _ columns: DeltaColumns, staysOpen: Bool) throws(DeltaError) {
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
        let source = try Self.open(path)
        var deleted: RowSet?
        if let vector = add.deletionVector {
            let rows = try DeletionVector.read(vector, table: snapshot.table)
            try Self.check(rows, against: source, path)
            deleted = rows
        }
        self.deleted = deleted
        batchCount = source.batchCount
        byteCount = source.files.first?.byteCount ?? 0
        self.source = staysOpen ? source : nil
    }

    /// Whoever deletes a row that a file doesn't have means another file.
    private static func check(_ deleted: RowSet, against source: ParquetSource, _ path: String) throws(DeltaError) {
        let rowCount = source.files.reduce(0) { $0 + $1.rowCount }
        guard let last = deleted.last, last >= rowCount else { return }
        throw DeltaError(
            .corrupt, "its deletion vector names row \(last), counted from 0, and the file has \(rowCount)", place: path
        )
    }

    /// The file as a source of its own.
    func opened() throws(DeltaError) -> ParquetSource {
        if let source { return source }
        return try Self.open(path)
    }

    private static func open(_ path: String) throws(DeltaError) -> ParquetSource {
        do throws(SourceError) { return try ParquetSource([path]) } catch { throw DeltaError(error) }
    }
}
