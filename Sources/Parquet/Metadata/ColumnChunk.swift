/// A column's part of a row group (parquet.thrift, `ColumnChunk`).
public struct ColumnChunk: Sendable, Hashable {
    /// Another file that holds the pages; they are in this one where it is absent.
    public var filePath: String?
    /// Deprecated; 0 in new files.
    public var fileOffset: Int64?
    /// `nil` where it is encrypted.
    public var metadata: ColumnMetadata?
    public var offsetIndexOffset: Int64?
    public var offsetIndexLength: Int32?
    public var columnIndexOffset: Int64?
    public var columnIndexLength: Int32?
    /// There where the column is encrypted.
    public var cryptoMetadata: OpaqueStruct?
    public var encryptedMetadata: [UInt8]?

    /// Whether its pages can't be read without a key, whatever the footer tells of them.
    public var isEncrypted: Bool { cryptoMetadata != nil || metadata == nil }
}

extension ColumnChunk: ThriftStruct {
    init(from reader: inout ThriftReader) throws(ParquetError) {
        var filePath: String?
        var fileOffset: Int64?
        var metadata: ColumnMetadata?
        var offsetIndexOffset: Int64?
        var offsetIndexLength: Int32?
        var columnIndexOffset: Int64?
        var columnIndexLength: Int32?
        var cryptoMetadata: OpaqueStruct?
        var encryptedMetadata: [UInt8]?
        var fields = try reader.beginStruct()
        while let field = try reader.nextField(&fields) {
            switch field.id {
            case 1: filePath = try reader.value(field)
            case 2: fileOffset = try reader.value(field)
            case 3: metadata = try reader.value(field)
            case 4: offsetIndexOffset = try reader.value(field)
            case 5: offsetIndexLength = try reader.value(field)
            case 6: columnIndexOffset = try reader.value(field)
            case 7: columnIndexLength = try reader.value(field)
            case 8: cryptoMetadata = try reader.value(field)
            case 9: encryptedMetadata = try reader.binary(field)
            default: try reader.skip(field)
            }
        }
        self.filePath = filePath
        self.fileOffset = fileOffset
        self.metadata = metadata
        self.offsetIndexOffset = offsetIndexOffset
        self.offsetIndexLength = offsetIndexLength
        self.columnIndexOffset = columnIndexOffset
        self.columnIndexLength = columnIndexLength
        self.cryptoMetadata = cryptoMetadata
        self.encryptedMetadata = encryptedMetadata
    }

    func write(to writer: inout ThriftWriter) {
        writer.structure { writer in
            writer.field(1, filePath)
            writer.field(2, fileOffset)
            writer.field(3, metadata)
            writer.field(4, offsetIndexOffset)
            writer.field(5, offsetIndexLength)
            writer.field(6, columnIndexOffset)
            writer.field(7, columnIndexLength)
            writer.field(8, cryptoMetadata)
            writer.field(9, binary: encryptedMetadata)
        }
    }
}

/// Where a column chunk's pages are and how they are written (`ColumnMetaData`).
public struct ColumnMetadata: Sendable, Hashable {
    public var type: PhysicalType
    public var encodings: [Encoding]?
    /// The names from below the root to the leaf.
    public var path: [String]?
    public var codec: CompressionCodec
    /// Missing values and empty lists included.
    public var valueCount: Int64
    /// Bytes when unpacked, headers included.
    public var uncompressedSize: Int64
    /// Bytes in the file, headers included.
    public var compressedSize: Int64
    public var keyValues: [KeyValue]?
    public var dataPageOffset: Int64
    public var indexPageOffset: Int64?
    public var dictionaryPageOffset: Int64?
    public var statistics: ColumnStatistics?
    public var encodingStatistics: [PageEncodingStatistics]?
    public var bloomFilterOffset: Int64?
    public var bloomFilterLength: Int32?
    public var sizeStatistics: SizeStatistics?

    /// Where the first page begins in the file, that of a dictionary if there is one: some writers say 0 where there is none.
    public var firstPageOffset: Int64 {
        guard let dictionary = dictionaryPageOffset, dictionary > 0 else { return dataPageOffset }
        return min(dictionary, dataPageOffset)
    }
}

extension ColumnMetadata: ThriftStruct {
    init(from reader: inout ThriftReader) throws(ParquetError) {
        var type: PhysicalType?
        var codec: CompressionCodec?
        var valueCount: Int64?
        var uncompressedSize: Int64?
        var compressedSize: Int64?
        var dataPageOffset: Int64?
        var encodings: [Encoding]?
        var path: [String]?
        var keyValues: [KeyValue]?
        var indexPageOffset: Int64?
        var dictionaryPageOffset: Int64?
        var statistics: ColumnStatistics?
        var encodingStatistics: [PageEncodingStatistics]?
        var bloomFilterOffset: Int64?
        var bloomFilterLength: Int32?
        var sizeStatistics: SizeStatistics?
        var fields = try reader.beginStruct()
        while let field = try reader.nextField(&fields) {
            switch field.id {
            case 1: type = try reader.value(field)
            case 2: encodings = try reader.value(field)
            case 3: path = try reader.value(field)
            case 4: codec = try reader.value(field)
            case 5: valueCount = try reader.value(field)
            case 6: uncompressedSize = try reader.value(field)
            case 7: compressedSize = try reader.value(field)
            case 8: keyValues = try reader.value(field)
            case 9: dataPageOffset = try reader.value(field)
            case 10: indexPageOffset = try reader.value(field)
            case 11: dictionaryPageOffset = try reader.value(field)
            case 12: statistics = try reader.value(field)
            case 13: encodingStatistics = try reader.value(field)
            case 14: bloomFilterOffset = try reader.value(field)
            case 15: bloomFilterLength = try reader.value(field)
            case 16: sizeStatistics = try reader.value(field)
            default: try reader.skip(field)
            }
        }
        self.type = try ThriftReader.required(type, "type")
        self.encodings = encodings
        self.path = path
        self.codec = try ThriftReader.required(codec, "codec")
        self.valueCount = try ThriftReader.required(valueCount, "num_values")
        self.uncompressedSize = try ThriftReader.required(uncompressedSize, "total_uncompressed_size")
        self.compressedSize = try ThriftReader.required(compressedSize, "total_compressed_size")
        self.keyValues = keyValues
        self.dataPageOffset = try ThriftReader.required(dataPageOffset, "data_page_offset")
        self.indexPageOffset = indexPageOffset
        self.dictionaryPageOffset = dictionaryPageOffset
        self.statistics = statistics
        self.encodingStatistics = encodingStatistics
        self.bloomFilterOffset = bloomFilterOffset
        self.bloomFilterLength = bloomFilterLength
        self.sizeStatistics = sizeStatistics
    }

    func write(to writer: inout ThriftWriter) {
        writer.structure { writer in
            writer.field(1, type)
            writer.field(2, encodings)
            writer.field(3, path)
            writer.field(4, codec)
            writer.field(5, valueCount)
            writer.field(6, uncompressedSize)
            writer.field(7, compressedSize)
            writer.field(8, keyValues)
            writer.field(9, dataPageOffset)
            writer.field(10, indexPageOffset)
            writer.field(11, dictionaryPageOffset)
            writer.field(12, statistics)
            writer.field(13, encodingStatistics)
            writer.field(14, bloomFilterOffset)
            writer.field(15, bloomFilterLength)
            writer.field(16, sizeStatistics)
        }
    }
}

/// How many pages of a kind and encoding a column chunk has (`PageEncodingStats`).
public struct PageEncodingStatistics: Sendable, Hashable {
    public var pageType: PageType
    public var encoding: Encoding
    public var count: Int32
}

extension PageEncodingStatistics: ThriftStruct {
    init(from reader: inout ThriftReader) throws(ParquetError) {
        var pageType: PageType?
        var encoding: Encoding?
        var count: Int32?
        var fields = try reader.beginStruct()
        while let field = try reader.nextField(&fields) {
            switch field.id {
            case 1: pageType = try reader.value(field)
            case 2: encoding = try reader.value(field)
            case 3: count = try reader.value(field)
            default: try reader.skip(field)
            }
        }
        self.pageType = try ThriftReader.required(pageType, "page_type")
        self.encoding = try ThriftReader.required(encoding, "encoding")
        self.count = try ThriftReader.required(count, "count")
    }

    func write(to writer: inout ThriftWriter) {
        writer.structure { writer in
            writer.field(1, pageType)
            writer.field(2, encoding)
            writer.field(3, count)
        }
    }
}

/// A note of the writer's (`KeyValue`).
public struct KeyValue: Sendable, Hashable {
    public var key: String
    public var value: String?
}

extension KeyValue: ThriftStruct {
    init(from reader: inout ThriftReader) throws(ParquetError) {
        var key: String?
        var value: String?
        var fields = try reader.beginStruct()
        while let field = try reader.nextField(&fields) {
            switch field.id {
            case 1: key = try reader.value(field)
            case 2: value = try reader.value(field)
            default: try reader.skip(field)
            }
        }
        self.key = try ThriftReader.required(key, "key")
        self.value = value
    }

    func write(to writer: inout ThriftWriter) {
        writer.structure { writer in
            writer.field(1, key)
            writer.field(2, value)
        }
    }
}
