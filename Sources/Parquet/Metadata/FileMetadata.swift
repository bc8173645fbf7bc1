/// A file's footer (parquet.thrift, `FileMetaData`).
public struct FileMetadata: Sendable, Hashable {
    public var version: Int32?
    /// Depth first, the root at the head.
    public var schema: [SchemaElement]
    public var rowCount: Int64
    public var rowGroups: [RowGroup]
    public var keyValues: [KeyValue]?
    /// The writing program, as in `parquet-mr version 1.8.0 (build …)`.
    public var createdBy: String?
    /// By leaf, the order in which its bounds are to be understood.
    public var columnOrders: [ColumnOrder]?
    /// There where columns are encrypted and the footer isn't.
    public var encryptionAlgorithm: OpaqueStruct?
}

extension FileMetadata: ThriftStruct {
    init(from reader: inout ThriftReader) throws(ParquetError) {
        var schema: [SchemaElement]?
        var rowCount: Int64?
        var rowGroups: [RowGroup]?
        var version: Int32?
        var keyValues: [KeyValue]?
        var createdBy: String?
        var columnOrders: [ColumnOrder]?
        var encryptionAlgorithm: OpaqueStruct?
        var fields = try reader.beginStruct()
        while let field = try reader.nextField(&fields) {
            switch field.id {
            case 1: version = try reader.value(field)
            case 2: schema = try reader.value(field)
            case 3: rowCount = try reader.value(field)
            case 4: rowGroups = try reader.value(field)
            case 5: keyValues = try reader.value(field)
            case 6: createdBy = try reader.value(field)
            case 7: columnOrders = try reader.value(field)
            case 8: encryptionAlgorithm = try reader.value(field)
            default: try reader.skip(field)
            }
        }
        self.version = version
        self.schema = try ThriftReader.required(schema, "schema")
        self.rowCount = try ThriftReader.required(rowCount, "num_rows")
        self.rowGroups = try ThriftReader.required(rowGroups, "row_groups")
        self.keyValues = keyValues
        self.createdBy = createdBy
        self.columnOrders = columnOrders
        self.encryptionAlgorithm = encryptionAlgorithm
    }

    func write(to writer: inout ThriftWriter) {
        writer.structure { writer in
            writer.field(1, version)
            writer.field(2, schema)
            writer.field(3, rowCount)
            writer.field(4, rowGroups)
            writer.field(5, keyValues)
            writer.field(6, createdBy)
            writer.field(7, columnOrders)
            writer.field(8, encryptionAlgorithm)
        }
    }
}

/// A horizontal slice of the table (`RowGroup`).
public struct RowGroup: Sendable, Hashable {
    /// One a leaf, in the schema's order.
    public var columns: [ColumnChunk]
    /// Bytes of all columns when unpacked.
    public var byteCount: Int64?
    public var rowCount: Int64
    public var sortingColumns: [SortingColumn]?
    public var fileOffset: Int64?
    public var compressedSize: Int64?
    public var ordinal: Int16?
}

extension RowGroup: ThriftStruct {
    init(from reader: inout ThriftReader) throws(ParquetError) {
        var columns: [ColumnChunk]?
        var rowCount: Int64?
        var byteCount: Int64?
        var sortingColumns: [SortingColumn]?
        var fileOffset: Int64?
        var compressedSize: Int64?
        var ordinal: Int16?
        var fields = try reader.beginStruct()
        while let field = try reader.nextField(&fields) {
            switch field.id {
            case 1: columns = try reader.value(field)
            case 2: byteCount = try reader.value(field)
            case 3: rowCount = try reader.value(field)
            case 4: sortingColumns = try reader.value(field)
            case 5: fileOffset = try reader.value(field)
            case 6: compressedSize = try reader.value(field)
            case 7: ordinal = try reader.value(field)
            default: try reader.skip(field)
            }
        }
        self.columns = try ThriftReader.required(columns, "columns")
        self.byteCount = byteCount
        self.rowCount = try ThriftReader.required(rowCount, "num_rows")
        self.sortingColumns = sortingColumns
        self.fileOffset = fileOffset
        self.compressedSize = compressedSize
        self.ordinal = ordinal
    }

    func write(to writer: inout ThriftWriter) {
        writer.structure { writer in
            writer.field(1, columns)
            writer.field(2, byteCount)
            writer.field(3, rowCount)
            writer.field(4, sortingColumns)
            writer.field(5, fileOffset)
            writer.field(6, compressedSize)
            writer.field(7, ordinal)
        }
    }
}

/// A column that a row group's rows are ordered by (`SortingColumn`).
public struct SortingColumn: Sendable, Hashable {
    /// The leaf's place in the schema.
    public var column: Int32
    public var isDescending: Bool
    public var isNullsFirst: Bool
}

extension SortingColumn: ThriftStruct {
    init(from reader: inout ThriftReader) throws(ParquetError) {
        var column: Int32?
        var isDescending: Bool?
        var isNullsFirst: Bool?
        var fields = try reader.beginStruct()
        while let field = try reader.nextField(&fields) {
            switch field.id {
            case 1: column = try reader.value(field)
            case 2: isDescending = try reader.value(field)
            case 3: isNullsFirst = try reader.value(field)
            default: try reader.skip(field)
            }
        }
        self.column = try ThriftReader.required(column, "column_idx")
        self.isDescending = try ThriftReader.required(isDescending, "descending")
        self.isNullsFirst = try ThriftReader.required(isNullsFirst, "nulls_first")
    }

    func write(to writer: inout ThriftWriter) {
        writer.structure { writer in
            writer.field(1, column)
            writer.field(2, isDescending)
            writer.field(3, isNullsFirst)
        }
    }
}

/// The order of a column's bounds (`ColumnOrder`).
public enum ColumnOrder: Sendable, Hashable {
    /// The order that the specification gives the column's type.
    case typeDefined
    /// IEEE 754's total order of floats: −NaN, −∞ … −0, +0 … +∞, NaN.
    case totalOrder
    /// What a later version of the format may add.
    case other(field: Int16)
}

extension ColumnOrder: ThriftStruct {
    init(from reader: inout ThriftReader) throws(ParquetError) {
        self = .other(field: 0)
        var fields = try reader.beginStruct()
        while let field = try reader.nextField(&fields) {
            switch field.id {
            case 1: self = .typeDefined
            case 2: self = .totalOrder
            default: self = .other(field: field.id)
            }
            try reader.skip(field)
        }
    }

    func write(to writer: inout ThriftWriter) {
        writer.structure { writer in
            switch self {
            case .typeDefined: writer.emptyField(1)
            case .totalOrder: writer.emptyField(2)
            case .other(let field): writer.emptyField(field)
            }
        }
    }
}

/// A structure of which only the presence matters here.
public struct OpaqueStruct: Sendable, Hashable {}

extension OpaqueStruct: ThriftStruct {
    init(from reader: inout ThriftReader) throws(ParquetError) { try reader.skip(.structure) }
    func write(to writer: inout ThriftWriter) { writer.structure { _ in } }
}
