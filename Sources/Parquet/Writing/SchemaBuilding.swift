import Files
public import Tables

/// How the values of a leaf are to be stored.
public enum StoredType: Sendable, Hashable {
    case boolean
    case int8, int16, int32, int64
    case uint8, uint16, uint32, uint64
    case float, double
    /// `precision` digits in all, 1 through 38: in INT32 up to 9, in INT64 up to 18, else in as few bytes as hold them.
    case decimal(precision: Int, scale: Int)
    case string, json, binary
    /// So many bytes each.
    case fixed(Int)
    case uuid
    case date
    /// Of a day, on a local clock unless `isUTC`.
    case time(TimeUnit, isUTC: Bool)
    case timestamp(TimeUnit, isUTC: Bool)

    var physical: (type: PhysicalType, typeLength: Int, annotation: Annotation?) {
        switch self {
        case .boolean: (.boolean, 0, nil)
        case .int8: (.int32, 0, .integer(bitWidth: 8, isSigned: true))
        case .int16: (.int32, 0, .integer(bitWidth: 16, isSigned: true))
        case .int32: (.int32, 0, nil)
        case .int64: (.int64, 0, nil)
        case .uint8: (.int32, 0, .integer(bitWidth: 8, isSigned: false))
        case .uint16: (.int32, 0, .integer(bitWidth: 16, isSigned: false))
        case .uint32: (.int32, 0, .integer(bitWidth: 32, isSigned: false))
        case .uint64: (.int64, 0, .integer(bitWidth: 64, isSigned: false))
        case .float: (.float, 0, nil)
        case .double: (.double, 0, nil)
        case .decimal(let precision, let scale):
            Self.decimal(precision, annotation: .decimal(precision: precision, scale: scale))
        case .string: (.byteArray, 0, .string)
        case .json: (.byteArray, 0, .json)
        case .binary: (.byteArray, 0, nil)
        case .fixed(let length): (.fixedLengthByteArray, length, nil)
        case .uuid: (.fixedLengthByteArray, 16, .uuid)
        case .date: (.int32, 0, .date)
        case .time(let unit, let isUTC): (unit == .milliseconds ? .int32 : .int64, 0, .time(unit, isUTC: isUTC))
        case .timestamp(let unit, let isUTC): (.int64, 0, .timestamp(unit, isUTC: isUTC))
        }
    }

    private static func decimal(_ precision: Int, annotation: Annotation) -> (PhysicalType, Int, Annotation?) {
        if precision <= 9 { return (.int32, 0, annotation) }
        if precision <= 18 { return (.int64, 0, annotation) }
        let largest = DecimalDigits.largest(precision)
        // One bit more for the sign.
        let bits = Int128.bitWidth - largest.leadingZeroBitCount + 1
        return (.fixedLengthByteArray, (bits + 7) / 8, annotation)
    }
}

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
        var names: Set<String> = []
        for node in nodes {
            guard names.insert(node.name).inserted else {
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
