/// How values are stored, before their meaning (parquet.thrift, `Type`).
public enum PhysicalType: Int32, Sendable, Hashable, CaseIterable {
    case boolean = 0
    case int32 = 1
    case int64 = 2
    case int96 = 3
    case float = 4
    case double = 5
    case byteArray = 6
    case fixedLengthByteArray = 7

    /// As the specification writes it.
    public var name: String {
        switch self {
        case .boolean: "BOOLEAN"
        case .int32: "INT32"
        case .int64: "INT64"
        case .int96: "INT96"
        case .float: "FLOAT"
        case .double: "DOUBLE"
        case .byteArray: "BYTE_ARRAY"
        case .fixedLengthByteArray: "FIXED_LEN_BYTE_ARRAY"
        }
    }
}

/// How often a field occurs in its group (`FieldRepetitionType`).
public enum Repetition: Int32, Sendable, Hashable {
    case required = 0
    case optional = 1
    case repeated = 2
}

/// The older annotation of a field's meaning (`ConvertedType`).
public enum ConvertedType: Int32, Sendable, Hashable, CaseIterable {
    case utf8 = 0
    case map = 1
    case mapKeyValue = 2
    case list = 3
    case `enum` = 4
    case decimal = 5
    case date = 6
    case timeMillis = 7
    case timeMicros = 8
    case timestampMillis = 9
    case timestampMicros = 10
    case uint8 = 11
    case uint16 = 12
    case uint32 = 13
    case uint64 = 14
    case int8 = 15
    case int16 = 16
    case int32 = 17
    case int64 = 18
    case json = 19
    case bson = 20
    case interval = 21
}

/// How values or levels are written in a page (`Encoding`).
public struct Encoding: ThriftEnumeration {
    public let rawValue: Int32
    public init(rawValue: Int32) { self.rawValue = rawValue }

    public static let plain = Encoding(rawValue: 0)
    public static let plainDictionary = Encoding(rawValue: 2)
    public static let rle = Encoding(rawValue: 3)
    public static let bitPacked = Encoding(rawValue: 4)
    public static let deltaBinaryPacked = Encoding(rawValue: 5)
    public static let deltaLengthByteArray = Encoding(rawValue: 6)
    public static let deltaByteArray = Encoding(rawValue: 7)
    public static let rleDictionary = Encoding(rawValue: 8)
    public static let byteStreamSplit = Encoding(rawValue: 9)

    /// As the specification writes it; the number of one that is unknown.
    public var name: String {
        let names = [
            "PLAIN", "GROUP_VAR_INT", "PLAIN_DICTIONARY", "RLE", "BIT_PACKED", "DELTA_BINARY_PACKED",
            "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY", "RLE_DICTIONARY", "BYTE_STREAM_SPLIT",
        ]
        return names.indices.contains(Int(rawValue)) ? names[Int(rawValue)] : "number \(rawValue)"
    }

    var isDictionary: Bool { self == .plainDictionary || self == .rleDictionary }
}

/// How pages are packed (`CompressionCodec`).
public struct CompressionCodec: ThriftEnumeration {
    public let rawValue: Int32
    public init(rawValue: Int32) { self.rawValue = rawValue }

    public static let uncompressed = CompressionCodec(rawValue: 0)
    public static let snappy = CompressionCodec(rawValue: 1)
    public static let gzip = CompressionCodec(rawValue: 2)
    public static let lzo = CompressionCodec(rawValue: 3)
    public static let brotli = CompressionCodec(rawValue: 4)
    /// The older one, whose framing was never specified.
    public static let lz4 = CompressionCodec(rawValue: 5)
    public static let zstd = CompressionCodec(rawValue: 6)
    public static let lz4Raw = CompressionCodec(rawValue: 7)

    /// As the specification writes it; the number of one that is unknown.
    public var name: String {
        let names = ["UNCOMPRESSED", "SNAPPY", "GZIP", "LZO", "BROTLI", "LZ4", "ZSTD", "LZ4_RAW"]
        return names.indices.contains(Int(rawValue)) ? names[Int(rawValue)] : "number \(rawValue)"
    }
}

/// What a page holds (`PageType`).
public struct PageType: ThriftEnumeration {
    public let rawValue: Int32
    public init(rawValue: Int32) { self.rawValue = rawValue }

    public static let data = PageType(rawValue: 0)
    public static let index = PageType(rawValue: 1)
    public static let dictionary = PageType(rawValue: 2)
    public static let dataV2 = PageType(rawValue: 3)
}

/// Whether the bounds of a column's pages are in order (`BoundaryOrder`).
public struct BoundaryOrder: ThriftEnumeration {
    public let rawValue: Int32
    public init(rawValue: Int32) { self.rawValue = rawValue }

    public static let unordered = BoundaryOrder(rawValue: 0)
    public static let ascending = BoundaryOrder(rawValue: 1)
    public static let descending = BoundaryOrder(rawValue: 2)
}

extension PhysicalType: ThriftValue {
    static var thriftType: ThriftType { .int32 }

    init(from reader: inout ThriftReader) throws(ParquetError) {
        let number: Int32 = try reader.integer()
        guard let type = PhysicalType(rawValue: number) else { throw .corrupt("physical type \(number) is unknown") }
        self = type
    }

    func write(to writer: inout ThriftWriter) { writer.appendZigzag(Int64(rawValue)) }
}

extension Repetition: ThriftValue {
    static var thriftType: ThriftType { .int32 }

    init(from reader: inout ThriftReader) throws(ParquetError) {
        let number: Int32 = try reader.integer()
        guard let repetition = Repetition(rawValue: number) else {
            throw .corrupt("repetition type \(number) is unknown")
        }
        self = repetition
    }

    func write(to writer: inout ThriftWriter) { writer.appendZigzag(Int64(rawValue)) }
}
