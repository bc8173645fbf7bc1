/// A time's unit, by ticks a second.
public enum TimeUnit: Sendable, Hashable, CaseIterable {
    case milliseconds
    case microseconds
    case nanoseconds

    public var ticksPerSecond: Int64 {
        switch self {
        case .milliseconds: 1_000
        case .microseconds: 1_000_000
        case .nanoseconds: 1_000_000_000
        }
    }
}

/// What a field means, beyond how it is stored (parquet.thrift, `LogicalType`).
///
/// Named so because `LogicalType` is the type of a table's column.
public enum Annotation: Sendable, Hashable {
    case string
    case map
    case list
    case `enum`
    case decimal(precision: Int, scale: Int)
    case date
    case time(TimeUnit, isUTC: Bool)
    case timestamp(TimeUnit, isUTC: Bool)
    case integer(bitWidth: Int, isSigned: Bool)
    /// Every value is missing.
    case unknown
    case json
    case bson
    case uuid
    case float16
    case variant
    case geometry
    case geography
    /// Months, days and milliseconds; it has a converted type only.
    case interval
    /// What a later version of the format may add.
    case other(field: Int16)
}

extension TimeUnit: ThriftStruct {
    init(from reader: inout ThriftReader) throws(ParquetError) {
        var unit: TimeUnit?
        var fields = try reader.beginStruct()
        while let field = try reader.nextField(&fields) {
            switch field.id {
            case 1: unit = .milliseconds
            case 2: unit = .microseconds
            case 3: unit = .nanoseconds
            default: break
            }
            try reader.skip(field)
        }
        self = try ThriftReader.required(unit, "unit")
    }

    func write(to writer: inout ThriftWriter) {
        writer.structure { writer in
            switch self {
            case .milliseconds: writer.emptyField(1)
            case .microseconds: writer.emptyField(2)
            case .nanoseconds: writer.emptyField(3)
            }
        }
    }
}

extension Annotation: ThriftStruct {
    init(from reader: inout ThriftReader) throws(ParquetError) {
        var result: Annotation?
        var fields = try reader.beginStruct()
        while let field = try reader.nextField(&fields) {
            guard field.type == .structure else { throw .corrupt("a logical type is no structure") }
            result = try Self.member(field, &reader)
        }
        self = try ThriftReader.required(result, "logicalType")
    }

    private static let plain: [Int16: Annotation] = [
        1: .string, 2: .map, 3: .list, 4: .enum, 6: .date, 11: .unknown, 12: .json, 13: .bson, 14: .uuid, 15: .float16,
        16: .variant, 17: .geometry, 18: .geography,
    ]

    private static func member(_ field: ThriftReader.Field, _ reader: inout ThriftReader) throws(ParquetError)
        -> Annotation
    {
        switch field.id {
        case 5: return try decimal(&reader)
        case 7, 8:
            let (unit, isUTC) = try time(&reader)
            return field.id == 7 ? .time(unit, isUTC: isUTC) : .timestamp(unit, isUTC: isUTC)
        case 10: return try integer(&reader)
        default:
            try reader.skip(field)
            return plain[field.id] ?? .other(field: field.id)
        }
    }

    private static func decimal(_ reader: inout ThriftReader) throws(ParquetError) -> Annotation {
        var scale: Int32 = 0
        var precision: Int32?
        var fields = try reader.beginStruct()
        while let field = try reader.nextField(&fields) {
            switch field.id {
            case 1: scale = try reader.value(field)
            case 2: precision = try reader.value(field)
            default: try reader.skip(field)
            }
        }
        return .decimal(precision: Int(try ThriftReader.required(precision, "precision")), scale: Int(scale))
    }

    private static func time(_ reader: inout ThriftReader) throws(ParquetError) -> (TimeUnit, Bool) {
        var isUTC = false
        var unit: TimeUnit?
        var fields = try reader.beginStruct()
        while let field = try reader.nextField(&fields) {
            switch field.id {
            case 1: isUTC = try reader.value(field)
            case 2: unit = try reader.value(field)
            default: try reader.skip(field)
            }
        }
        return (try ThriftReader.required(unit, "unit"), isUTC)
    }

    private static func integer(_ reader: inout ThriftReader) throws(ParquetError) -> Annotation {
        var bitWidth: Int8?
        var isSigned = true
        var fields = try reader.beginStruct()
        while let field = try reader.nextField(&fields) {
            switch field.id {
            case 1: bitWidth = try reader.value(field)
            case 2: isSigned = try reader.value(field)
            default: try reader.skip(field)
            }
        }
        return .integer(bitWidth: Int(try ThriftReader.required(bitWidth, "bitWidth")), isSigned: isSigned)
    }

    /// Whether `LogicalType` has a member for it; an interval has none.
    var hasLogicalType: Bool {
        switch self {
        case .interval, .other: false
        default: true
        }
    }

    func write(to writer: inout ThriftWriter) {
        writer.structure { writer in
            switch self {
            case .decimal(let precision, let scale):
                writer.field(5) { writer in
                    writer.field(1, Int32(scale))
                    writer.field(2, Int32(precision))
                }
            case .time(let unit, let isUTC), .timestamp(let unit, let isUTC):
                var id: Int16 = 7
                if case .timestamp = self { id = 8 }
                writer.field(id) { writer in
                    writer.field(1, isUTC)
                    writer.field(2, unit)
                }
            case .integer(let bitWidth, let isSigned):
                writer.field(10) { writer in
                    writer.field(1, Int8(bitWidth))
                    writer.field(2, isSigned)
                }
            default:
                if let id = Self.plain.first(where: { $0.value == self })?.key { writer.emptyField(id) }
            }
        }
    }
}
