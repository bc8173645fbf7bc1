import Files
public import Tables

extension SchemaNode {
    /// A field that holds values.
    public static func leaf(
        _ name: String, _ type: StoredType, isNullable: Bool = true, fieldID: Int32? = nil
    ) -> SchemaNode {
        let (physical, typeLength, annotation) = type.physical
        return SchemaNode(
            name, isNullable ? .optional : .required, .leaf(physical, typeLength: typeLength), annotation: annotation,
            fieldID: fieldID)
    }

    /// A field that holds other fields.
    public static func structure(
        _ name: String, _ fields: [SchemaNode], isNullable: Bool = true, fieldID: Int32? = nil
    ) -> SchemaNode {
        SchemaNode(name, isNullable ? .optional : .required, .group(fields), fieldID: fieldID)
    }

    /// A list in the three levels that the specification asks for; the element's name is `element` there.
    public static func list(
        _ name: String, of element: SchemaNode, isNullable: Bool = true, fieldID: Int32? = nil
    ) -> SchemaNode {
        SchemaNode(
            name, isNullable ? .optional : .required, .group([SchemaNode("list", .repeated, .group([element]))]),
            annotation: .list, fieldID: fieldID)
    }

    /// A map; its key is required, and the names of key and value are `key` and `value` by the specification.
    public static func map(
        _ name: String, key: SchemaNode, value: SchemaNode, isNullable: Bool = true, fieldID: Int32? = nil
    ) -> SchemaNode {
        SchemaNode(
            name, isNullable ? .optional : .required,
            .group([SchemaNode("key_value", .repeated, .group([key, value]))]), annotation: .map, fieldID: fieldID)
    }

    /// A field of a table's type: the widest storage of its kind, timestamps in microseconds UTC, times in microseconds
    /// on a local clock, durations as INT64 in microseconds without annotation.
    public static func field(_ name: String, _ type: LogicalType, isNullable: Bool = true) -> SchemaNode {
        switch type {
        case .boolean: leaf(name, .boolean, isNullable: isNullable)
        case .int64, .duration: leaf(name, .int64, isNullable: isNullable)
        case .uint64: leaf(name, .uint64, isNullable: isNullable)
        case .float64: leaf(name, .double, isNullable: isNullable)
        case .decimal(let precision, let scale):
            leaf(name, .decimal(precision: precision, scale: scale), isNullable: isNullable)
        case .string: leaf(name, .string, isNullable: isNullable)
        case .binary: leaf(name, .binary, isNullable: isNullable)
        case .date: leaf(name, .date, isNullable: isNullable)
        case .time: leaf(name, .time(.microseconds, isUTC: false), isNullable: isNullable)
        case .timestamp: leaf(name, .timestamp(.microseconds, isUTC: true), isNullable: isNullable)
        case .list(let element): list(name, of: field("element", element), isNullable: isNullable)
        case .structure(let fields):
            structure(
                name, fields.map { field($0.name, $0.type, isNullable: $0.isNullable) }, isNullable: isNullable)
        case .map(let key, let value):
            map(name, key: field("key", key, isNullable: false), value: field("value", value), isNullable: isNullable)
        }
    }
}

extension ParquetSchema {
    /// A schema of fields that were built for writing.
    ///
    /// Error: `unsupported` where they are nested too deeply.
    public init(writing fields: [SchemaNode]) throws(ParquetError) { try self.init(fields: fields) }

    /// The schema that a table's columns are written with; `SchemaNode.field` tells how.
    public init(_ schema: Schema) throws(ParquetError) {
        try self.init(fields: schema.fields.map { SchemaNode.field($0.name, $0.type, isNullable: $0.isNullable) })
    }

    /// Refuses what the writer has no form for, and what readers can't tell apart.
    func checkWritable(place: String) throws(OutputError) {
        for leaf in leaves where leaf.type == .int96 || leaf.annotation == .float16 {
            throw OutputError(
                code: "unsupported-type",
                message: "column '\(TextExcerpt.of(leaf.dottedPath))': \(leaf.type.name) is not written", place: place,
                hint: "write timestamps in microseconds, and floats of 32 bits")
        }
        try Self.checkNames(fields, place: place)
    }

    private static func checkNames(_ nodes: [SchemaNode], place: String) throws(OutputError) {
        var names: Set<ColumnName> = []
        for node in nodes {
            guard names.insert(ColumnName(node.name)).inserted else {
                throw OutputError(
                    code: "duplicate-column", message: "the schema has two fields '\(TextExcerpt.of(node.name))'",
                    place: place)
            }
            if !node.isLeaf, node.children.isEmpty {
                throw OutputError(
                    code: "unsupported-type",
                    message: "field '\(TextExcerpt.of(node.name))': a structure without fields is not written",
                    place: place)
            }
            try checkNames(node.children, place: place)
        }
    }
}
