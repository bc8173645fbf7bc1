/// Where the data pages of a column chunk are (parquet.thrift, `OffsetIndex`).
public struct OffsetIndex: Sendable, Hashable {
    public var pages: [PageLocation]
    public var unencodedByteArrayBytes: [Int64]?
}

extension OffsetIndex: ThriftStruct {
    init(from reader: inout ThriftReader) throws(ParquetError) {
        var pages: [PageLocation]?
        var unencodedByteArrayBytes: [Int64]?
        var fields = try reader.beginStruct()
        while let field = try reader.nextField(&fields) {
            switch field.id {
            case 1: pages = try reader.value(field)
            case 2: unencodedByteArrayBytes = try reader.value(field)
            default: try reader.skip(field)
            }
        }
        self.pages = try ThriftReader.required(pages, "page_locations")
        self.unencodedByteArrayBytes = unencodedByteArrayBytes
    }

    func write(to writer: inout ThriftWriter) {
        writer.structure { writer in
            writer.field(1, pages)
            writer.field(2, unencodedByteArrayBytes)
        }
    }
}

/// A data page's place (`PageLocation`).
public struct PageLocation: Sendable, Hashable {
    /// Of its header, from the start of the file.
    public var offset: Int64
    /// Header included.
    public var compressedSize: Int32
    /// Within the row group, from 0.
    public var firstRow: Int64
}

extension PageLocation: ThriftStruct {
    init(from reader: inout ThriftReader) throws(ParquetError) {
        var offset: Int64?
        var compressedSize: Int32?
        var firstRow: Int64?
        var fields = try reader.beginStruct()
        while let field = try reader.nextField(&fields) {
            switch field.id {
            case 1: offset = try reader.value(field)
            case 2: compressedSize = try reader.value(field)
            case 3: firstRow = try reader.value(field)
            default: try reader.skip(field)
            }
        }
        self.offset = try ThriftReader.required(offset, "offset")
        self.compressedSize = try ThriftReader.required(compressedSize, "compressed_page_size")
        self.firstRow = try ThriftReader.required(firstRow, "first_row_index")
    }

    func write(to writer: inout ThriftWriter) {
        writer.structure { writer in
            writer.field(1, offset)
            writer.field(2, compressedSize)
            writer.field(3, firstRow)
        }
    }
}

/// The bounds of a column chunk's data pages (`ColumnIndex`).
public struct ColumnIndex: Sendable, Hashable {
    /// Whether all values of the page are missing; its bounds are then empty.
    public var nullPages: [Bool]
    public var minValues: [[UInt8]]
    public var maxValues: [[UInt8]]
    public var boundaryOrder: BoundaryOrder
    public var nullCounts: [Int64]?
    public var repetitionLevelHistograms: [Int64]?
    public var definitionLevelHistograms: [Int64]?
    public var nanCounts: [Int64]?
}

extension ColumnIndex: ThriftStruct {
    init(from reader: inout ThriftReader) throws(ParquetError) {
        var nullPages: [Bool]?
        var minValues: [[UInt8]]?
        var maxValues: [[UInt8]]?
        var boundaryOrder: BoundaryOrder?
        var nullCounts: [Int64]?
        var repetitionLevelHistograms: [Int64]?
        var definitionLevelHistograms: [Int64]?
        var nanCounts: [Int64]?
        var fields = try reader.beginStruct()
        while let field = try reader.nextField(&fields) {
            switch field.id {
            case 1: nullPages = try reader.booleans(field)
            case 2: minValues = try reader.binaries(field)
            case 3: maxValues = try reader.binaries(field)
            case 4: boundaryOrder = try reader.value(field)
            case 5: nullCounts = try reader.value(field)
            case 6: repetitionLevelHistograms = try reader.value(field)
            case 7: definitionLevelHistograms = try reader.value(field)
            case 8: nanCounts = try reader.value(field)
            default: try reader.skip(field)
            }
        }
        self.nullPages = try ThriftReader.required(nullPages, "null_pages")
        self.minValues = try ThriftReader.required(minValues, "min_values")
        self.maxValues = try ThriftReader.required(maxValues, "max_values")
        self.boundaryOrder = try ThriftReader.required(boundaryOrder, "boundary_order")
        self.nullCounts = nullCounts
        self.repetitionLevelHistograms = repetitionLevelHistograms
        self.definitionLevelHistograms = definitionLevelHistograms
        self.nanCounts = nanCounts
    }

    func write(to writer: inout ThriftWriter) {
        writer.structure { writer in
            writer.field(1, booleans: nullPages)
            writer.field(2, binaries: minValues)
            writer.field(3, binaries: maxValues)
            writer.field(4, boundaryOrder)
            writer.field(5, nullCounts)
            writer.field(6, repetitionLevelHistograms)
            writer.field(7, definitionLevelHistograms)
            writer.field(8, nanCounts)
        }
    }
}
