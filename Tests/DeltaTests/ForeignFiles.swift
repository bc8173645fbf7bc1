import Files
import Parquet

@testable import Delta

extension DeltaTable {
    /// Commits a file for each of some rows, written as a schema has them that may be another one than the table's.
    func append(
        _ files: [(schema: [SchemaNode], rows: [ParquetValue])], options: ParquetWriterOptions = ParquetWriterOptions()
    ) throws {
        var transaction = try transaction()
        for (number, file) in files.enumerated() {
            let output = try OutputFile(path: "\(folder)/f\(number).parquet")
            let writer = try ParquetWriter(to: output, schema: ParquetSchema(writing: file.schema), options: options)
            try writer.append(rows: file.rows)
            let summary = try writer.finish()
            try output.commit()
            try transaction.append([
                AddFile(
                    path: "f\(number).parquet", partitionValues: [:], size: summary.byteCount,
                    modificationTime: Int64(number))
            ])
        }
        _ = try transaction.commit(now: WrittenTable.now)
    }
}
