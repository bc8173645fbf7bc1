public import Files
import Parquet
public import Tables

/// Files that know their own columns, types and batches, as Parquet's do.
public struct StoredTable: Sendable {
    public let source: any BatchSource
    /// Batches in all.
    public let batchCount: Int
    /// Columns that are fields of the rows themselves, by the schema's index; the others are parts of those.
    public let topLevelColumns: [Int]

    /// Reads the footers; files are closed when nobody reads them.
    public init(_ inputs: [InputFile]) throws(SourceError) {
        var files: [ParquetFile] = []
        for input in inputs { files.append(try ParquetFile(input, staysOpen: false)) }
        let source = try ParquetSource(files)
        self.source = source
        batchCount = source.batchCount
        topLevelColumns = source.topLevelColumns
    }
}
