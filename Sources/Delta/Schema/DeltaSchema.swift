public import Tables

/// The columns of a table, as its metadata has them.
public struct DeltaSchema: Sendable, Hashable {
    public let fields: [DeltaField]

    public init(_ fields: [DeltaField]) { self.fields = fields }

    /// The schema that a table gets for batches; fails with the first column that Delta has no type for.
    public init(_ schema: Schema) throws(DeltaError) {
        var fields: [DeltaField] = []
        for field in schema.fields {
            guard let type = DeltaType(field.type) else {
                throw DeltaError(
                    .schemaMismatch, "the column \"\(field.name)\" is of type \(field.type), which Delta doesn't have",
                    place: field.name)
            }
            fields.append(DeltaField(field.name, type, isNullable: field.isNullable))
        }
        self.init(fields)
    }

    public var logical: Schema { Schema(fields.map(\.logical)) }

    public func index(of name: String) -> Int? { fields.firstIndex { $0.name.utf8.elementsEqual(name.utf8) } }

    public subscript(name: String) -> DeltaField? { index(of: name).map { fields[$0] } }

    /// Every field of the schema, those inside of others too.
    var allFields: [DeltaField] { fields.flatMap(Self.fields(from:)) }

    private static func fields(from field: DeltaField) -> [DeltaField] { [field] + inside(field.type) }

    private static func inside(_ type: DeltaType) -> [DeltaField] {
        switch type {
        case .array(let element, _): inside(element)
        case .map(let key, let value, _): inside(key) + inside(value)
        case .structure(let fields): fields.flatMap(Self.fields(from:))
        default: []
        }
    }
}
