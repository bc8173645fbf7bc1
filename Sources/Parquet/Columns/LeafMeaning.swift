import Tables

/// What the values of a leaf are, by how they are stored and what the schema says of them.
///
/// An annotation that doesn't fit the stored type, or whose parameters are out of range, says nothing.
enum LeafMeaning: Sendable, Hashable {
    case boolean
    case signed
    case unsigned
    case float
    case double
    case float16
    /// Of 1 through 38 digits, `scale` of them after the point.
    case decimal(precision: Int, scale: Int)
    /// Of more digits than 128 bits hold.
    case wideDecimal(scale: Int)
    case date
    case time(TimeUnit, isUTC: Bool)
    case timestamp(TimeUnit, isUTC: Bool)
    case int96
    case text
    case binary
    case uuid
    case interval
    /// Every value is missing.
    case nothing

    init(_ leaf: SchemaLeaf) { self = Self.annotated(leaf) ?? Self.stored(leaf.type) }

    private static func stored(_ type: PhysicalType) -> LeafMeaning {
        switch type {
        case .boolean: .boolean
        case .int32, .int64: .signed
        case .int96: .int96
        case .float: .float
        case .double: .double
        case .byteArray, .fixedLengthByteArray: .binary
        }
    }

    private static func annotated(_ leaf: SchemaLeaf) -> LeafMeaning? {
        let isBytes = leaf.type == .byteArray || leaf.type == .fixedLengthByteArray
        switch (leaf.annotation, leaf.type) {
        case (.unknown, _): return .nothing
        case (.string, _) where isBytes, (.enum, _) where isBytes, (.json, _) where isBytes: return .text
        case (.integer(_, let isSigned), .int32), (.integer(_, let isSigned), .int64):
            return isSigned ? .signed : .unsigned
        case (.decimal(let precision, let scale), let type):
            guard isBytes || type == .int32 || type == .int64 else { return nil }
            guard precision > 0, (0...precision).contains(scale) else { return nil }
            if precision <= DecimalNumber.maximumDigits { return .decimal(precision: precision, scale: scale) }
            return isBytes ? .wideDecimal(scale: scale) : nil
        case (.date, .int32): return .date
        case (.time(.milliseconds, let isUTC), .int32): return .time(.milliseconds, isUTC: isUTC)
        case (.time(let unit, let isUTC), .int64): return .time(unit, isUTC: isUTC)
        case (.timestamp(let unit, let isUTC), .int64): return .timestamp(unit, isUTC: isUTC)
        case (.uuid, .fixedLengthByteArray) where leaf.typeLength == 16: return .uuid
        case (.float16, .fixedLengthByteArray) where leaf.typeLength == 2: return .float16
        case (.interval, .fixedLengthByteArray) where leaf.typeLength == 12: return .interval
        default: return nil
        }
    }

    /// The type of a table's column of such values.
    var columnType: LogicalType {
        switch self {
        case .boolean: .boolean
        case .signed: .int64
        case .unsigned: .uint64
        case .float, .double, .float16: .float64
        case .decimal(let precision, let scale): .decimal(precision: precision, scale: scale)
        case .date: .date
        case .time: .time
        case .timestamp, .int96: .timestamp
        case .binary: .binary
        // A span of months has no length, and beyond 38 digits there is no number.
        case .text, .uuid, .interval, .wideDecimal, .nothing: .string
        }
    }
}
