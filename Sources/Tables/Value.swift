/// One value, outside of the hot loops: a bound, a sample, an observed value.
public enum Value: Sendable, Hashable {
    case missing
    case boolean(Bool)
    case integer(Int128)
    case decimal(DecimalNumber)
    case float(Double)
    case text(String)
    case date(days: Int)
    /// Since midnight.
    case time(microseconds: Int64)
    /// Since 1970-01-01T00:00:00Z.
    case timestamp(microseconds: Int64)
    case duration(microseconds: Int64)

    public var isMissing: Bool { self == .missing }

    /// The nearest `Double` of a number; `nil` for everything else.
    public var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .decimal(let value): value.double
        case .float(let value): value
        default: nil
        }
    }

    /// The value as an exact decimal, where it is an integer or a decimal.
    public var exactNumber: DecimalNumber? {
        switch self {
        case .integer(let value): DecimalNumber(unscaled: value)
        case .decimal(let value): value
        default: nil
        }
    }
}

extension Value: CustomStringConvertible {
    public var description: String {
        switch self {
        case .missing: "missing"
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .decimal(let value): value.description
        case .float(let value): Value.format(value)
        case .text(let value): value
        case .date(let days): CivilTime.format(days: days)
        case .time(let microseconds): CivilTime.format(timeOfDay: microseconds)
        case .timestamp(let microseconds): CivilTime.format(microseconds: microseconds)
        case .duration(let microseconds): CivilTime.format(duration: microseconds)
        }
    }

    /// The shortest text that reads back as the same double; whole numbers keep `.0`, as Python and JSON users know it.
    public static func format(_ value: Double) -> String { value.description }

    public var json: JSON {
        switch self {
        case .missing: .null
        case .boolean(let value): .boolean(value)
        case .integer(let value): .number(String(value))
        case .decimal(let value): .number(value.description)
        case .float(let value): value.isFinite ? .number(value.description) : .string(value.description)
        default: .string(description)
        }
    }
}
