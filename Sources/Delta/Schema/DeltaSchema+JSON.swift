public import Tables

/// The schema as the `schemaString` of the metadata (Delta protocol, Schema Serialization Format).
extension DeltaSchema {
    public var json: JSON { DeltaType.structure(fields).json }

    /// Reads a `schemaString`; the error says which field is not understood.
    public init(text: String, place: String) throws(DeltaError) {
        guard let json = JSON(text: text), case .structure(let fields) = try DeltaType(json, of: "the table", place)
        else {
            throw DeltaError(.corrupt, "the table's schema can't be read", place: place)
        }
        var seen: Set<ColumnName> = []
        if let twice = fields.first(where: { !seen.insert(ColumnName($0.name)).inserted }) {
            throw DeltaError(.corrupt, "the table's schema names the column \"\(twice.name)\" twice", place: place)
        }
        self.init(fields)
    }
}

extension DeltaType {
    var json: JSON {
        switch self {
        case .array(let element, let containsNull):
            .object([
                .init("type", .string("array")), .init("elementType", element.json),
                .init("containsNull", .boolean(containsNull)),
            ])
        case .map(let key, let value, let valueContainsNull):
            .object([
                .init("type", .string("map")), .init("keyType", key.json), .init("valueType", value.json),
                .init("valueContainsNull", .boolean(valueContainsNull)),
            ])
        case .structure(let fields):
            .object([
                .init("type", .string("struct")),
                .init(
                    "fields",
                    .array(
                        fields.map { field in
                            .object([
                                .init("name", .string(field.name)), .init("type", field.type.json),
                                .init("nullable", .boolean(field.isNullable)),
                                .init(
                                    "metadata",
                                    .object(field.metadata.map { .init($0.key, JSON(text: $0.value) ?? .null) })),
                            ])
                        })),
            ])
        default: .string(description)
        }
    }

    init(_ json: JSON, of owner: String, _ place: String) throws(DeltaError) {
        if let name = json.string {
            let type = DeltaType(primitive: name)
            guard type != nil || !name.hasPrefix("decimal") else {
                throw DeltaError(
                    .unsupportedFeature, "\(owner) has the type \"\(name)\", which is not read here", place: place)
            }
            self = type ?? .foreign(name)
            return
        }
        let kind = json["type"]?.string
        if kind == "array", let element = json["elementType"] {
            self = .array(
                try DeltaType(element, of: owner, place), containsNull: json["containsNull"]?.boolean ?? true)
        } else if kind == "map", let key = json["keyType"], let value = json["valueType"] {
            self = .map(
                try DeltaType(key, of: owner, place), try DeltaType(value, of: owner, place),
                valueContainsNull: json["valueContainsNull"]?.boolean ?? true)
        } else if kind == "struct", let items = json["fields"]?.items {
            var fields: [DeltaField] = []
            for item in items { fields.append(try DeltaField(item, place)) }
            self = .structure(fields)
        } else {
            throw DeltaError(.corrupt, "\(owner) has a type that can't be read", place: place)
        }
    }

    private init?(primitive name: String) {
        switch name {
        case "byte": self = .byte
        case "short": self = .short
        case "integer": self = .integer
        case "long": self = .long
        case "float": self = .float
        case "double": self = .double
        case "string": self = .string
        case "binary": self = .binary
        case "boolean": self = .boolean
        case "date": self = .date
        case "timestamp": self = .timestamp
        case "timestamp_ntz": self = .timestampNtz
        case "decimal": self = .decimal(precision: 10, scale: 0)
        case "void": self = .void
        case _ where name.hasPrefix("char(") || name.hasPrefix("varchar("): self = .limitedString(name)
        default:
            guard name.hasPrefix("decimal("), name.hasSuffix(")") else { return nil }
            let parts = name.dropFirst(8).dropLast().split(separator: ",").map { Int($0.filter { $0 != " " }) }
            guard parts.count == 2, let precision = parts[0], let scale = parts[1], (1...38).contains(precision),
                (0...precision).contains(scale)
            else { return nil }
            self = .decimal(precision: precision, scale: scale)
        }
    }
}

extension DeltaField {
    fileprivate init(_ json: JSON, _ place: String) throws(DeltaError) {
        guard let name = json["name"]?.string, let type = json["type"] else {
            throw DeltaError(.corrupt, "a field of the table's schema has no name or no type", place: place)
        }
        self.init(
            name, try DeltaType(type, of: "the column \"\(name)\"", place),
            isNullable: json["nullable"]?.boolean ?? true,
            metadata: (json["metadata"]?.members ?? []).map { Entry($0.name, $0.value) })
    }
}
