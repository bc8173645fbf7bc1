/// What stands before each page's bytes (parquet.thrift, `PageHeader`).
public struct PageHeader: Sendable, Hashable {
    public var type: PageType
    /// Bytes of the page when unpacked, levels included, the header not.
    public var uncompressedSize: Int32
    /// Bytes of the page in the file, levels included, the header not.
    public var compressedSize: Int32
    /// CRC-32 (as in gzip) of the page's bytes in the file.
    public var crc: Int32?
    public var dataPage: DataPageHeader?
    public var dictionaryPage: DictionaryPageHeader?
    public var dataPageV2: DataPageHeaderV2?
}

extension PageHeader: ThriftStruct {
    init(from reader: inout ThriftReader) throws(ParquetError) {
        var type: PageType?
        var uncompressedSize: Int32?
        var compressedSize: Int32?
        var crc: Int32?
        var dataPage: DataPageHeader?
        var dictionaryPage: DictionaryPageHeader?
        var dataPageV2: DataPageHeaderV2?
        var fields = try reader.beginStruct()
        while let field = try reader.nextField(&fields) {
            switch field.id {
            case 1: type = try reader.value(field)
            case 2: uncompressedSize = try reader.value(field)
            case 3: compressedSize = try reader.value(field)
            case 4: crc = try reader.value(field)
            case 5: dataPage = try reader.value(field)
            case 7: dictionaryPage = try reader.value(field)
            case 8: dataPageV2 = try reader.value(field)
            default: try reader.skip(field)
            }
        }
        self.type = try ThriftReader.required(type, "type")
        self.uncompressedSize = try ThriftReader.required(uncompressedSize, "uncompressed_page_size")
        self.compressedSize = try ThriftReader.required(compressedSize, "compressed_page_size")
        self.crc = crc
        self.dataPage = dataPage
        self.dictionaryPage = dictionaryPage
        self.dataPageV2 = dataPageV2
    }

    func write(to writer: inout ThriftWriter) {
        writer.structure { writer in
            writer.field(1, type)
            writer.field(2, uncompressedSize)
            writer.field(3, compressedSize)
            writer.field(4, crc)
            writer.field(5, dataPage)
            writer.field(7, dictionaryPage)
            writer.field(8, dataPageV2)
        }
    }
}

/// A data page of the first version: levels and values are packed together (`DataPageHeader`).
public struct DataPageHeader: Sendable, Hashable {
    /// Missing values included.
    public var valueCount: Int32
    public var encoding: Encoding
    public var definitionLevelEncoding: Encoding
    public var repetitionLevelEncoding: Encoding
    public var statistics: ColumnStatistics?
}

extension DataPageHeader: ThriftStruct {
    init(from reader: inout ThriftReader) throws(ParquetError) {
        var valueCount: Int32?
        var encoding: Encoding?
        var definitionLevelEncoding: Encoding?
        var repetitionLevelEncoding: Encoding?
        var statistics: ColumnStatistics?
        var fields = try reader.beginStruct()
        while let field = try reader.nextField(&fields) {
            switch field.id {
            case 1: valueCount = try reader.value(field)
            case 2: encoding = try reader.value(field)
            case 3: definitionLevelEncoding = try reader.value(field)
            case 4: repetitionLevelEncoding = try reader.value(field)
            case 5: statistics = try reader.value(field)
            default: try reader.skip(field)
            }
        }
        self.valueCount = try ThriftReader.required(valueCount, "num_values")
        self.encoding = try ThriftReader.required(encoding, "encoding")
        self.definitionLevelEncoding = try ThriftReader.required(definitionLevelEncoding, "definition_level_encoding")
        self.repetitionLevelEncoding = try ThriftReader.required(repetitionLevelEncoding, "repetition_level_encoding")
        self.statistics = statistics
    }

    func write(to writer: inout ThriftWriter) {
        writer.structure { writer in
            writer.field(1, valueCount)
            writer.field(2, encoding)
            writer.field(3, definitionLevelEncoding)
            writer.field(4, repetitionLevelEncoding)
            writer.field(5, statistics)
        }
    }
}

/// A data page of the second version: levels stand unpacked before the values (`DataPageHeaderV2`).
public struct DataPageHeaderV2: Sendable, Hashable {
    /// Missing values included.
    public var valueCount: Int32
    public var nullCount: Int32
    public var rowCount: Int32
    public var encoding: Encoding
    public var definitionLevelsByteCount: Int32
    public var repetitionLevelsByteCount: Int32
    /// True where absent.
    public var isCompressed: Bool?
    public var statistics: ColumnStatistics?
}

extension DataPageHeaderV2: ThriftStruct {
    init(from reader: inout ThriftReader) throws(ParquetError) {
        var valueCount: Int32?
        var nullCount: Int32?
        var rowCount: Int32?
        var encoding: Encoding?
        var definitionLevelsByteCount: Int32?
        var repetitionLevelsByteCount: Int32?
        var isCompressed: Bool?
        var statistics: ColumnStatistics?
        var fields = try reader.beginStruct()
        while let field = try reader.nextField(&fields) {
            switch field.id {
            case 1: valueCount = try reader.value(field)
            case 2: nullCount = try reader.value(field)
            case 3: rowCount = try reader.value(field)
            case 4: encoding = try reader.value(field)
            case 5: definitionLevelsByteCount = try reader.value(field)
            case 6: repetitionLevelsByteCount = try reader.value(field)
            case 7: isCompressed = try reader.value(field)
            case 8: statistics = try reader.value(field)
            default: try reader.skip(field)
            }
        }
        self.valueCount = try ThriftReader.required(valueCount, "num_values")
        self.nullCount = try ThriftReader.required(nullCount, "num_nulls")
        self.rowCount = try ThriftReader.required(rowCount, "num_rows")
        self.encoding = try ThriftReader.required(encoding, "encoding")
        self.definitionLevelsByteCount = try ThriftReader.required(
            definitionLevelsByteCount, "definition_levels_byte_length")
        self.repetitionLevelsByteCount = try ThriftReader.required(
            repetitionLevelsByteCount, "repetition_levels_byte_length")
        self.isCompressed = isCompressed
        self.statistics = statistics
    }

    func write(to writer: inout ThriftWriter) {
        writer.structure { writer in
            writer.field(1, valueCount)
            writer.field(2, nullCount)
            writer.field(3, rowCount)
            writer.field(4, encoding)
            writer.field(5, definitionLevelsByteCount)
            writer.field(6, repetitionLevelsByteCount)
            writer.field(7, isCompressed)
            writer.field(8, statistics)
        }
    }
}

/// The page of a column chunk's different values (`DictionaryPageHeader`).
public struct DictionaryPageHeader: Sendable, Hashable {
    public var valueCount: Int32
    public var encoding: Encoding
    public var isSorted: Bool?
}

extension DictionaryPageHeader: ThriftStruct {
    init(from reader: inout ThriftReader) throws(ParquetError) {
        var valueCount: Int32?
        var encoding: Encoding?
        var isSorted: Bool?
        var fields = try reader.beginStruct()
        while let field = try reader.nextField(&fields) {
            switch field.id {
            case 1: valueCount = try reader.value(field)
            case 2: encoding = try reader.value(field)
            case 3: isSorted = try reader.value(field)
            default: try reader.skip(field)
            }
        }
        self.valueCount = try ThriftReader.required(valueCount, "num_values")
        self.encoding = try ThriftReader.required(encoding, "encoding")
        self.isSorted = isSorted
    }

    func write(to writer: inout ThriftWriter) {
        writer.structure { writer in
            writer.field(1, valueCount)
            writer.field(2, encoding)
            writer.field(3, isSorted)
        }
    }
}
