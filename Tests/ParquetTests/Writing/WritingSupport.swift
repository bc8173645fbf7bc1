import Files
import Foundation
import Tables
import TestSupport

@testable import Parquet

extension Scratch {
    func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path(name)))) }

    /// Writes a file with a writer that `body` feeds.
    @discardableResult
    func write(
        _ name: String, _ fields: [SchemaNode], options: ParquetWriterOptions = ParquetWriterOptions(),
        _ body: (ParquetWriter) throws -> Void
    ) throws -> ParquetFileSummary {
        let file = try OutputFile(path: path(name))
        let writer = try ParquetWriter(to: file, schema: ParquetSchema(writing: fields), options: options)
        try body(writer)
        let summary = try writer.finish()
        try file.commit()
        return summary
    }

    /// The bytes of a file of rows.
    func bytes(
        ofRows rows: [ParquetValue], _ fields: [SchemaNode], options: ParquetWriterOptions = ParquetWriterOptions()
    ) throws -> [UInt8] {
        try write("rows", fields, options: options) { try $0.append(rows: rows) }
        return try bytes("rows")
    }
}

/// Small pages and row groups, so that small tables have many.
extension ParquetWriterOptions {
    static func small(pageRows: Int = 100, groupRows: Int = 1_000) -> ParquetWriterOptions {
        var options = ParquetWriterOptions()
        options.pageRowLimit = pageRows
        options.pageByteLimit = 4_000
        options.rowGroupRowLimit = groupRows
        options.dictionaryByteLimit = 2_000
        return options
    }
}
