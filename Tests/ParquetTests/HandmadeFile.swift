import Files
import Foundation

@testable import Parquet

/// A Parquet file put together byte by byte, so that a test says exactly what is in it.
struct HandmadeFile {
    enum Page {
        case dictionary(count: Int, [UInt8])
        case first(count: Int, Encoding, levels: [UInt8], [UInt8], levelEncoding: Encoding = .rle)
        case second(count: Int, rows: Int, Encoding, repetition: [UInt8], definition: [UInt8], [UInt8])
    }

    struct Chunk {
        var codec = CompressionCodec.uncompressed
        var valueCount: Int
        var pages: [Page]
        var statistics: ColumnStatistics?
    }

    var schema: [SchemaElement]
    var rowCount: Int
    var chunks: [Chunk]
    var columnOrders: [ColumnOrder]?
    var hasChecksums = false

    /// One column.
    init(
        _ element: SchemaElement, rowCount: Int, codec: CompressionCodec = .uncompressed, valueCount: Int? = nil,
        pages: [Page], statistics: ColumnStatistics? = nil
    ) {
        schema = [SchemaElement(name: "schema", childCount: 1), element]
        self.rowCount = rowCount
        chunks = [Chunk(codec: codec, valueCount: valueCount ?? rowCount, pages: pages, statistics: statistics)]
    }

    init(schema: [SchemaElement], rowCount: Int, chunks: [Chunk]) {
        self.schema = schema
        self.rowCount = rowCount
        self.chunks = chunks
    }

    /// Levels behind their length, as pages of the first version have them.
    static func levels(_ runs: [UInt8]) -> [UInt8] {
        withUnsafeBytes(of: UInt32(runs.count).littleEndian) { Array($0) } + runs
    }

    var bytes: [UInt8] {
        var file = ParquetFile.magic
        let parsed = try? ParquetSchema(schema)
        var columns: [ColumnChunk] = []
        for (index, chunk) in chunks.enumerated() {
            let start = file.count
            var dataStart: Int?
            var hasDictionary = false
            for page in chunk.pages {
                if case .dictionary = page { hasDictionary = true } else { dataStart = dataStart ?? file.count }
                file += bytes(of: page, chunk.codec)
            }
            let leaf = parsed?.leaves[index]
            columns.append(
                ColumnChunk(
                    fileOffset: 0,
                    metadata: ColumnMetadata(
                        type: leaf?.type ?? .int32, encodings: [], path: leaf?.path ?? [], codec: chunk.codec,
                        valueCount: Int64(chunk.valueCount), uncompressedSize: Int64(file.count - start),
                        compressedSize: Int64(file.count - start), dataPageOffset: Int64(dataStart ?? start),
                        dictionaryPageOffset: hasDictionary ? Int64(start) : nil, statistics: chunk.statistics)))
        }
        let footer = FileMetadata(
            version: 1, schema: schema, rowCount: Int64(rowCount),
            rowGroups: [RowGroup(columns: columns, byteCount: 0, rowCount: Int64(rowCount))], columnOrders: columnOrders
        )
        var writer = ThriftWriter()
        footer.write(to: &writer)
        file += writer.bytes
        file += withUnsafeBytes(of: UInt32(writer.bytes.count).littleEndian) { Array($0) }
        return file + ParquetFile.magic
    }

    private func bytes(of page: Page, _ codec: CompressionCodec) -> [UInt8] {
        func packed(_ bytes: [UInt8]) -> [UInt8] {
            guard let codec = codec.blockCodec else { return bytes }
            return bytes.withUnsafeBytes { (try? BlockPacker(codec).pack($0)) ?? [] }
        }
        var header: PageHeader
        let body: [UInt8]
        switch page {
        case .dictionary(let count, let values):
            body = packed(values)
            header = PageHeader(
                type: .dictionary, uncompressedSize: Int32(values.count), compressedSize: Int32(body.count))
            header.dictionaryPage = DictionaryPageHeader(valueCount: Int32(count), encoding: .plain)
        case .first(let count, let encoding, let levels, let values, let levelEncoding):
            body = packed(levels + values)
            header = PageHeader(
                type: .data, uncompressedSize: Int32(levels.count + values.count), compressedSize: Int32(body.count))
            header.dataPage = DataPageHeader(
                valueCount: Int32(count), encoding: encoding, definitionLevelEncoding: levelEncoding,
                repetitionLevelEncoding: levelEncoding)
        case .second(let count, let rows, let encoding, let repetition, let definition, let values):
            body = repetition + definition + packed(values)
            let size = repetition.count + definition.count + values.count
            header = PageHeader(type: .dataV2, uncompressedSize: Int32(size), compressedSize: Int32(body.count))
            header.dataPageV2 = DataPageHeaderV2(
                valueCount: Int32(count), nullCount: 0, rowCount: Int32(rows), encoding: encoding,
                definitionLevelsByteCount: Int32(definition.count), repetitionLevelsByteCount: Int32(repetition.count))
        }
        if hasChecksums { header.crc = Int32(bitPattern: body.withUnsafeBytes { crc32(of: $0) }) }
        var writer = ThriftWriter()
        header.write(to: &writer)
        return writer.bytes + body
    }
}

/// A file in the directory of temporary files, gone with the object.
final class TemporaryFile {
    let path = FileManager.default.temporaryDirectory.appending(path: "assay-\(UUID().uuidString).parquet").path

    init(_ bytes: [UInt8] = []) throws { try write(bytes) }

    func write(_ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(filePath: path)) }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

extension ParquetFile {
    /// All values of a file's only column.
    static func values(of file: HandmadeFile) throws -> [ParquetValue] {
        let temporary = try TemporaryFile(file.bytes)
        let opened = try ParquetFile(InputFile(path: temporary.path, packing: Compression.none))
        let reader = opened.rows()
        var values: [ParquetValue] = []
        while true {
            let rows = try reader.next()
            if rows.isEmpty { break }
            values += rows.map { $0[0] }
        }
        let batches = try BatchComparison(try ParquetSource([opened]))
        guard batches.differences.isEmpty else { throw ParquetError(.corrupt, batches.differences[0]) }
        return values
    }
}
