import Tables

/// A schema as text and back, whatever its types.
///
/// The names of types are our own and chosen by hand: `decimal` has a precision and a scale, `list` an element, `struct` its
/// fields, `map` a key and a value.
enum SchemaText {
    static func text(_ schema: Schema) -> String { fields(schema.fields).text() }

    static func schema(_ text: String) -> Schema? {
        guard let json = JSON(text: text) else { return nil }
        return fields(json).map { Schema($0) }
    }

    private static func fields(_ fields: [Field]) -> JSON {
        .array(
            fields.map { field in
                .object(
                    [JSON.Member("name", .string(field.name)), JSON.Member("type", type(field.type))]
                        + (field.isNullable ? [] : [JSON.Member("nullable", .boolean(false))]))
            })
    }

    private static func fields(_ json: JSON) -> [Field]? {
        guard case .array(let items) = json else { return nil }
        let fields = items.map { item -> Field? in
            guard case .string(let name)? = item["name"], let type = item["type"].flatMap({ type($0) }) else {
                return nil
            }
            return Field(name, type, isNullable: item["nullable"] != .boolean(false))
        }
        return fields.contains(nil) ? nil : fields.compactMap { $0 }
    }

    private static func type(_ type: LogicalType) -> JSON {
        switch type {
        case .decimal(let precision, let scale):
            .object([JSON.Member("decimal", .array([.integer(precision), .integer(scale)]))])
        case .list(let element): .object([JSON.Member("list", Self.type(element))])
        case .structure(let fields): .object([JSON.Member("struct", Self.fields(fields))])
        case .map(let key, let value): .object([JSON.Member("map", .array([Self.type(key), Self.type(value)]))])
        case .boolean, .int64, .uint64, .float64, .string, .binary, .date, .time, .timestamp, .duration:
            .string(type.description)
        }
    }

    private static let simple: [LogicalType] = [
        .boolean, .int64, .uint64, .float64, .string, .binary, .date, .time, .timestamp, .duration,
    ]

    private static func type(_ json: JSON) -> LogicalType? {
        if case .string(let name) = json { return simple.first { $0.description == name } }
        guard case .object(let members) = json, let member = members.first else { return nil }
        switch (member.name, member.value) {
        case ("decimal", .array(let numbers)):
            let digits = numbers.compactMap { if case .number(let text) = $0 { Int(text) } else { nil } }
            return digits.count == 2 ? .decimal(precision: digits[0], scale: digits[1]) : nil
        case ("list", let element): return type(element).map { .list($0) }
        case ("struct", let inner): return fields(inner).map { .structure($0) }
        case ("map", .array(let pair)) where pair.count == 2:
            guard let key = type(pair[0]), let value = type(pair[1]) else { return nil }
            return .map(key: key, value: value)
        default: return nil
        }
    }
}

extension JSON {
    /// The member of an object; `nil` where there is none.
    subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }
}
