public import Tables

/// The type of a column as the table's schema has it.
///
/// Narrower than `LogicalType`: whoever writes data files must keep a `short` a `short`.
public indirect enum DeltaType: Sendable, Hashable {
    case byte, short, integer, long
    case float, double
    case decimal(precision: Int, scale: Int)
    case string, binary, boolean
    case date
    /// An instant.
    case timestamp
    /// A date and time without a zone.
    case timestampNtz
    case array(DeltaType, containsNull: Bool)
    case map(DeltaType, DeltaType, valueContainsNull: Bool)
    case structure([DeltaField])
    /// A text whose length writers are to see to, by its name: `char(3)`, `varchar(5)`.
    case limitedString(String)
    /// Without a value in any row.
    case void
    /// One whose values are not read here, by its name: `variant`, `geometry(OGC:CRS84)`.
    case foreign(String)

    /// What the values are in batches; timestamps without a zone count as UTC, and there are none of foreign types.
    public var logical: LogicalType {
        switch self {
        case .byte, .short, .integer, .long: .int64
        case .float, .double: .float64
        case .decimal(let precision, let scale): .decimal(precision: precision, scale: scale)
        case .string, .limitedString, .void, .foreign: .string
        case .binary: .binary
        case .boolean: .boolean
        case .date: .date
        case .timestamp, .timestampNtz: .timestamp
        case .array(let element, _): .list(element.logical)
        case .map(let key, let value, _): .map(key: key.logical, value: value.logical)
        case .structure(let fields): .structure(fields.map(\.logical))
        }
    }

    /// The type that a table gets for a column of batches; `nil` where Delta has none (`time`, `duration`).
    public init?(_ type: LogicalType) {
        switch type {
        case .boolean: self = .boolean
        case .int64: self = .long
        case .uint64: self = .decimal(precision: 20, scale: 0)
        case .float64: self = .double
        case .decimal(let precision, let scale): self = .decimal(precision: precision, scale: scale)
        case .string: self = .string
        case .binary: self = .binary
        case .date: self = .date
        case .timestamp: self = .timestamp
        case .time, .duration: return nil
        case .list(let element):
            guard let element = DeltaType(element) else { return nil }
            self = .array(element, containsNull: true)
        case .map(let key, let value):
            guard let key = DeltaType(key), let value = DeltaType(value) else { return nil }
            self = .map(key, value, valueContainsNull: true)
        case .structure(let fields):
            var own: [DeltaField] = []
            for field in fields {
                guard let type = DeltaType(field.type) else { return nil }
                own.append(DeltaField(field.name, type, isNullable: field.isNullable))
            }
            self = .structure(own)
        }
    }

    /// Whether the type is one value, not several.
    public var isPrimitive: Bool {
        switch self {
        case .array, .map, .structure: false
        default: true
        }
    }

    /// The name of the type, this or one inside of it, whose values are not read here.
    var foreignName: String? {
        switch self {
        case .foreign(let name): name
        case .array(let element, _): element.foreignName
        case .map(let key, let value, _): key.foreignName ?? value.foreignName
        case .structure(let fields): fields.lazy.compactMap(\.type.foreignName).first
        default: nil
        }
    }

    /// Whether this type or one inside of it fulfils a test.
    func contains(_ test: (DeltaType) -> Bool) -> Bool {
        if test(self) { return true }
        return switch self {
        case .array(let element, _): element.contains(test)
        case .map(let key, let value, _): key.contains(test) || value.contains(test)
        case .structure(let fields): fields.contains { $0.type.contains(test) }
        default: false
        }
    }
}

extension DeltaType: CustomStringConvertible {
    public var description: String {
        switch self {
        case .byte: "byte"
        case .short: "short"
        case .integer: "integer"
        case .long: "long"
        case .float: "float"
        case .double: "double"
        case .decimal(let precision, let scale): "decimal(\(precision),\(scale))"
        case .string: "string"
        case .binary: "binary"
        case .boolean: "boolean"
        case .date: "date"
        case .timestamp: "timestamp"
        case .timestampNtz: "timestamp_ntz"
        case .array(let element, _): "array<\(element)>"
        case .map(let key, let value, _): "map<\(key), \(value)>"
        case .structure(let fields): "struct<\(fields.map { "\($0.name): \($0.type)" }.joined(separator: ", "))>"
        case .void: "void"
        case .limitedString(let name), .foreign(let name): name
        }
    }
}

/// A column, or a field inside of one.
public struct DeltaField: Sendable, Hashable {
    public let name: String
    public let type: DeltaType
    public let isNullable: Bool
    /// What else the schema says of the column, in its order; values as JSON text.
    public let metadata: [Entry]

    /// A key of a column's metadata.
    public struct Entry: Sendable, Hashable {
        public let key: String
        /// JSON text.
        public let value: String

        public init(_ key: String, _ value: JSON) {
            self.key = key
            self.value = value.text()
        }
    }

    public init(_ name: String, _ type: DeltaType, isNullable: Bool = true, metadata: [Entry] = []) {
        self.name = name
        self.type = type
        self.isNullable = isNullable
        self.metadata = metadata
    }

    public var logical: Field { Field(name, type.logical, isNullable: isNullable) }

    func metadata(_ key: String) -> JSON? { metadata.last { $0.key == key }.flatMap { JSON(text: $0.value) } }

    /// The column's name in data files, where the table maps names.
    var physicalName: String? { metadata("delta.columnMapping.physicalName")?.string }

    /// The column's number in data files, where the table maps numbers.
    var fieldID: Int? { metadata("delta.columnMapping.id")?.integer.map(Int.init) }
}
