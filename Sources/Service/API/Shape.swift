import Tables

/// What a document looks like, for the description of the interface.
indirect enum Shape: Sendable {
    case text(limit: Int? = nil, pattern: String? = nil)
    case choice([String])
    case integer(ClosedRange<Int>? = nil)
    case number
    case boolean
    /// As in `2026-11-01T10:00:00Z`.
    case time
    case anything
    case nullable(Shape)
    case array(Shape)
    /// Members that are there; those behind `optional` may be absent.
    case object([Property])
    /// One of the named shapes of `Shapes`.
    case named(String)

    struct Property: Sendable {
        let name: String
        let shape: Shape
        var isOptional = false
        var summary: String?

        init(_ name: String, _ shape: Shape, isOptional: Bool = false, _ summary: String? = nil) {
            self.name = name
            self.shape = shape
            self.isOptional = isOptional
            self.summary = summary
        }
    }

    /// The same as a schema of JSON Schema 2020-12, which OpenAPI 3.1 takes.
    var schema: JSON {
        switch self {
        case .text(let limit, let pattern):
            return Self.type(
                "string", [("maxLength", limit.map { .integer($0) }), ("pattern", pattern.map { .string($0) })])
        case .choice(let names):
            return Self.type("string", [("enum", .array(names.map { .string($0) }))])
        case .integer(let range):
            return Self.type(
                "integer",
                [
                    ("minimum", range.map { .integer($0.lowerBound) }),
                    ("maximum", range.map { .integer($0.upperBound) }),
                ])
        case .number: return Self.type("number", [])
        case .boolean: return Self.type("boolean", [])
        case .time: return Self.type("string", [("format", .string("date-time"))])
        case .anything: return .object([])
        case .nullable(let shape):
            return .object([JSON.Member("anyOf", .array([shape.schema, Self.type("null", [])]))])
        case .array(let items): return Self.type("array", [("items", items.schema)])
        case .object(let properties):
            let members = properties.map { property -> JSON.Member in
                guard let summary = property.summary, case .object(let schema) = property.shape.schema else {
                    return JSON.Member(property.name, property.shape.schema)
                }
                return JSON.Member(property.name, .object(schema + [JSON.Member("description", .string(summary))]))
            }
            let required = properties.filter { !$0.isOptional }.map { JSON.string($0.name) }
            return Self.type(
                "object",
                [
                    ("properties", .object(members)), ("required", required.isEmpty ? nil : .array(required)),
                    ("additionalProperties", .boolean(false)),
                ])
        case .named(let name):
            return .object([JSON.Member("$ref", .string("#/components/schemas/\(name)"))])
        }
    }

    private static func type(_ name: String, _ members: [(String, JSON?)]) -> JSON {
        .object(
            [JSON.Member("type", .string(name))]
                + members.compactMap { name, value in value.map { JSON.Member(name, $0) } })
    }
}
