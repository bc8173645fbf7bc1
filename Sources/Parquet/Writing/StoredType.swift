/// How the values of a leaf are to be stored.
public enum StoredType: Sendable, Hashable {
    case boolean
    case int8, int16, int32, int64
    case uint8, uint16, uint32, uint64
    case float, double
    /// `precision` digits in all, 1 through 38: in INT32 up to 9, in INT64 up to 18, else in as few bytes as hold them.
    case decimal(precision: Int, scale: Int)
    case string, json, binary
    /// So many bytes each.
    case fixed(Int)
    case uuid
    case date
    /// Of a day, on a local clock unless `isUTC`.
    case time(TimeUnit, isUTC: Bool)
    case timestamp(TimeUnit, isUTC: Bool)

    var physical: (type: PhysicalType, typeLength: Int, annotation: Annotation?) {
        switch self {
        case .boolean: (.boolean, 0, nil)
        case .int8: (.int32, 0, .integer(bitWidth: 8, isSigned: true))
        case .int16: (.int32, 0, .integer(bitWidth: 16, isSigned: true))
        case .int32: (.int32, 0, nil)
        case .int64: (.int64, 0, nil)
        case .uint8: (.int32, 0, .integer(bitWidth: 8, isSigned: false))
        case .uint16: (.int32, 0, .integer(bitWidth: 16, isSigned: false))
        case .uint32: (.int32, 0, .integer(bitWidth: 32, isSigned: false))
        case .uint64: (.int64, 0, .integer(bitWidth: 64, isSigned: false))
        case .float: (.float, 0, nil)
        case .double: (.double, 0, nil)
        case .decimal(let precision, let scale):
            Self.decimal(precision, annotation: .decimal(precision: precision, scale: scale))
        case .string: (.byteArray, 0, .string)
        case .json: (.byteArray, 0, .json)
        case .binary: (.byteArray, 0, nil)
        case .fixed(let length): (.fixedLengthByteArray, length, nil)
        case .uuid: (.fixedLengthByteArray, 16, .uuid)
        case .date: (.int32, 0, .date)
        case .time(let unit, let isUTC): (unit == .milliseconds ? .int32 : .int64, 0, .time(unit, isUTC: isUTC))
        case .timestamp(let unit, let isUTC): (.int64, 0, .timestamp(unit, isUTC: isUTC))
        }
    }

    private static func decimal(_ precision: Int, annotation: Annotation) -> (PhysicalType, Int, Annotation?) {
        if precision <= 9 { return (.int32, 0, annotation) }
        if precision <= 18 { return (.int64, 0, annotation) }
        let largest = DecimalDigits.largest(precision)
        // One bit more for the sign.
        let bits = Int128.bitWidth - largest.leadingZeroBitCount + 1
        return (.fixedLengthByteArray, (bits + 7) / 8, annotation)
    }
}
