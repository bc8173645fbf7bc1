extension SchemaElement {
    /// What the converted type says, in the words of the newer logical types (LogicalTypes.md gives the correspondence).
    ///
    /// The older types of times are all in UTC.
    var convertedAnnotation: Annotation? {
        switch convertedType {
        case nil: nil
        case .utf8: .string
        case .map, .mapKeyValue: .map
        case .list: .list
        case .enum: .enum
        case .decimal: .decimal(precision: Int(precision ?? 0), scale: Int(scale ?? 0))
        case .date: .date
        case .timeMillis: .time(.milliseconds, isUTC: true)
        case .timeMicros: .time(.microseconds, isUTC: true)
        case .timestampMillis: .timestamp(.milliseconds, isUTC: true)
        case .timestampMicros: .timestamp(.microseconds, isUTC: true)
        case .uint8: .integer(bitWidth: 8, isSigned: false)
        case .uint16: .integer(bitWidth: 16, isSigned: false)
        case .uint32: .integer(bitWidth: 32, isSigned: false)
        case .uint64: .integer(bitWidth: 64, isSigned: false)
        case .int8: .integer(bitWidth: 8, isSigned: true)
        case .int16: .integer(bitWidth: 16, isSigned: true)
        case .int32: .integer(bitWidth: 32, isSigned: true)
        case .int64: .integer(bitWidth: 64, isSigned: true)
        case .json: .json
        case .bson: .bson
        case .interval: .interval
        }
    }
}

extension Annotation {
    /// What readers that don't know logical types are told; `nil` where the older types have no word for it.
    var convertedType: ConvertedType? {
        switch self {
        case .string: .utf8
        case .map: .map
        case .list: .list
        case .enum: .enum
        case .decimal: .decimal
        case .date: .date
        case .time(.milliseconds, isUTC: true): .timeMillis
        case .time(.microseconds, isUTC: true): .timeMicros
        case .timestamp(.milliseconds, isUTC: true): .timestampMillis
        case .timestamp(.microseconds, isUTC: true): .timestampMicros
        case .integer(let bitWidth, let isSigned):
            switch bitWidth {
            case 8: isSigned ? .int8 : .uint8
            case 16: isSigned ? .int16 : .uint16
            case 32: isSigned ? .int32 : .uint32
            case 64: isSigned ? .int64 : .uint64
            default: nil
            }
        case .json: .json
        case .bson: .bson
        case .interval: .interval
        case .time, .timestamp, .unknown, .uuid, .float16, .variant, .geometry, .geography, .other: nil
        }
    }
}
