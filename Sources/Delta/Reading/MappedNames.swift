import Parquet

/// The names that a table shows for the fields of its data files, which have others (Delta protocol, Column Mapping).
///
/// A file is renamed as a whole when it is opened, nested fields and all; from then on it is read as one of a table that maps
/// nothing.
struct MappedNames: Sendable {
    private let schema: DeltaSchema
    private let isByID: Bool

    /// `nil` for a table that maps nothing.
    init?(_ schema: DeltaSchema, _ mapping: ColumnMapping) {
        guard mapping == .name || mapping == .id else { return nil }
        self.schema = schema
        isByID = mapping == .id
    }

    func renamed(_ file: ParquetFile) -> ParquetFile { file.renamed(renamed(file.schema.fields, schema.fields)) }

    /// Fields of a structure; those that the table doesn't have get names that it can't have.
    private func renamed(_ nodes: [SchemaNode], _ fields: [DeltaField]) -> [SchemaNode] {
        nodes.map { node in
            guard let field = fields.first(where: { matches(node, $0) }) else {
                return node.renamed("\u{0}\(node.name)", node.children)
            }
            return node.renamed(field.name, children(of: node, field.type))
        }
    }

    private func matches(_ node: SchemaNode, _ field: DeltaField) -> Bool {
        isByID
            ? node.fieldID.map { Int($0) == field.fieldID } ?? false
            : node.name.utf8.elementsEqual((field.physicalName ?? field.name).utf8)
    }

    /// What lies in a field of the type; the fields that make lists and maps keep their names.
    private func children(of node: SchemaNode, _ type: DeltaType) -> [SchemaNode] {
        switch type {
        case .structure(let fields): return renamed(node.children, fields)
        case .array(let element, _):
            return node.children.map { repeated in
                // In older files the repeated field is the element itself.
                guard repeated.children.count == 1 else {
                    return repeated.renamed(repeated.name, children(of: repeated, element))
                }
                return repeated.renamed(
                    repeated.name, repeated.children.map { $0.renamed($0.name, children(of: $0, element)) })
            }
        case .map(let key, let value, _):
            return node.children.map { repeated in
                let inner = zip(repeated.children, [key, value]).map { $0.renamed($0.name, children(of: $0, $1)) }
                return repeated.renamed(repeated.name, inner + repeated.children.dropFirst(inner.count))
            }
        default: return node.children
        }
    }
}
