/// What the values of a column are, whatever engine or file holds them.
public indirect enum LogicalType: Sendable, Hashable {
    case boolean
    case int64
    case uint64
    case float64
    /// `precision` digits in all (1 through 38), `scale` of them after the point.
    case decimal(precision: Int, scale: Int)
    /// UTF-8 text.
    case string
    case binary
    /// Days since 1970-01-01.
    case date
    /// Microseconds since midnight.
    case time
    /// Microseconds since 1970-01-01T00:00:00Z.
    case timestamp
    /// Microseconds.
    case duration
    case list(LogicalType)
    case structure([Field])
    case map(key: LogicalType, value: LogicalType)

    public var isNumeric: Bool {
        switch self {
        case .int64, .uint64, .float64, .decimal: true
        default: false
        }
    }

    public var isTemporal: Bool {
        switch self {
        case .date, .time, .timestamp, .duration: true
        default: false
        }
    }

    /// The narrowest type that holds the values of both, where there is one other than text.
    ///
    /// Used where a type was guessed from a sample and a later value is wider: int64 and float64 make float64, either
    /// of them and a decimal of 38 digits make that decimal, date and timestamp make timestamp. Whether it holds the very
    /// digits of all values is for who guesses to see.
    public func widened(toInclude other: LogicalType) -> LogicalType? {
        switch (self, other) {
        case _ where self == other: self
        case (.int64, .float64), (.float64, .int64): .float64
        case (.int64, .decimal(38, _)), (.float64, .decimal(38, _)): other
        case (.decimal(38, _), .int64), (.decimal(38, _), .float64): self
        case (.decimal(38, let scale), .decimal(38, let otherScale)):
            .decimal(precision: 38, scale: max(scale, otherScale))
        case (.date, .timestamp), (.timestamp, .date): .timestamp
        default: nil
        }
    }

    /// The narrowest type that holds the values of both, be it text.
    public func widenedOrText(toInclude other: LogicalType) -> LogicalType { widened(toInclude: other) ?? .string }
}

extension LogicalType: CustomStringConvertible {
    public var description: String {
        switch self {
        case .boolean: "boolean"
        case .int64: "int64"
        case .uint64: "uint64"
        case .float64: "float64"
        case .decimal(let precision, let scale): "decimal(\(precision),\(scale))"
        case .string: "string"
        case .binary: "binary"
        case .date: "date"
        case .time: "time"
        case .timestamp: "timestamp"
        case .duration: "duration"
        case .list(let element): "list<\(element)>"
        case .structure(let fields): "struct<\(fields.map { "\($0.name): \($0.type)" }.joined(separator: ", "))>"
        case .map(let key, let value): "map<\(key), \(value)>"
        }
    }
}

extension LogicalType {
    /// The type that a name of ours, pandas, SQL or Spark stands for; `nil` where the name is unknown.
    ///
    /// Names are compared without regard to case; `decimal(12,2)`, `NUMERIC(12, 2)` and `VARCHAR(20)` carry
    /// parameters (a text's length is not part of its type). A decimal without parameters is `decimal(38,0)` where
    /// `isExact` matters and otherwise matches any decimal: see `TypeName`.
    public init?(named name: String) {
        guard let parsed = TypeName(name) else { return nil }
        self = parsed.type
    }
}

/// A type as a person wrote it: its logical type, and whether the parameters were given.
public struct TypeName: Sendable, Hashable {
    public let text: String
    public let type: LogicalType
    /// False for `decimal` without precision and scale, which then matches every decimal type.
    public let hasParameters: Bool

    public init?(_ text: String) {
        let trimmed = text.filter { $0 != " " }
        let (base, parameters): (String, [Int])
        if let open = trimmed.firstIndex(of: "("), trimmed.hasSuffix(")") {
            base = String(trimmed[..<open])
            let inside = trimmed[trimmed.index(after: open)...].dropLast()
            let numbers = inside.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
            guard !numbers.isEmpty, !numbers.contains(nil) else { return nil }
            parameters = numbers.compactMap { $0 }
        } else {
            (base, parameters) = (trimmed, [])
        }
        guard let alias = Self.aliases[base.lowercased()] else { return nil }
        self.text = text
        switch alias {
        case .decimal:
            guard parameters.count <= 2 else { return nil }
            let precision = parameters.first ?? DecimalNumber.maximumDigits
            let scale = parameters.count > 1 ? parameters[1] : 0
            guard (1...DecimalNumber.maximumDigits).contains(precision), (0...precision).contains(scale) else {
                return nil
            }
            type = .decimal(precision: precision, scale: scale)
            hasParameters = !parameters.isEmpty
        case .string, .timestamp, .time, .binary:
            guard parameters.count <= 1 else { return nil }
            type = alias
            hasParameters = true
        default:
            guard parameters.isEmpty || Self.takesDisplayWidth.contains(base.lowercased()) else { return nil }
            type = alias
            hasParameters = true
        }
    }

    /// Whether a column of the type is what the name asks for.
    public func matches(_ other: LogicalType) -> Bool {
        if case .decimal = type, !hasParameters, case .decimal = other { return true }
        return type == other
    }

    /// All names that are understood, for suggestions.
    public static var known: [String] { aliases.keys.sorted() }

    private static let takesDisplayWidth: Set<String> = [
        "int", "integer", "tinyint", "smallint", "mediumint", "bigint", "float", "double",
    ]

    private static let aliases: [String: LogicalType] = {
        let families: [(LogicalType, String)] = [
            (.boolean, "boolean bool bool_ booleandtype booleantype bit"),
            (
                .int64,
                """
                int64 int integer bigint long smallint tinyint mediumint short byte int8 int16 int32 int4 int2 serial \
                bigserial int_ int64dtype int32dtype integertype longtype shorttype bytetype
                """
            ),
            (.uint64, "uint64 uint uint8 uint16 uint32 ubigint uinteger usmallint utinyint uint64dtype"),
            (
                .float64,
                """
                float64 float double real float32 float4 float8 double_precision doubleprecision float_ floattype \
                doubletype float64dtype
                """
            ),
            (.decimal(precision: 38, scale: 0), "decimal numeric number decimaltype bignumeric"),
            (
                .string,
                """
                string str text varchar char character nvarchar nchar object object_ o stringtype stringdtype clob \
                varchartype chartype charactervarying str_ enum uuid
                """
            ),
            (.binary, "binary bytes varbinary bytea blob binarytype"),
            (.date, "date date32 datetype"),
            (.time, "time time64 timetype"),
            (
                .timestamp,
                """
                timestamp datetime datetime64 datetime64[ns] datetime64[us] datetime64[ns,utc] timestamptz timestamp_ntz \
                timestamp_ltz timestamptype timestampntztype datetimetz datetimetzdtype timestampwithtimezone \
                timestampwithouttimezone datetime2
                """
            ),
            (.duration, "duration timedelta timedelta64 interval timedelta64[ns] daytimeintervaltype"),
        ]
        var aliases: [String: LogicalType] = [:]
        for (type, names) in families {
            for name in names.split(separator: " ") { aliases[String(name)] = type }
        }
        return aliases
    }()
}
