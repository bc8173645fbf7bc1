/// A file's schema: a tree of fields, of which the leaves hold the values.
public struct ParquetSchema: Sendable, Hashable {
    /// The root's name, which means nothing.
    public let name: String
    public let fields: [SchemaNode]
    /// Depth first: the order of a row group's column chunks.
    public let leaves: [SchemaLeaf]

    /// Levels of nesting, the root not counted; levels of definition and repetition fit in a byte therefore.
    static let maximumDepth = 100

    /// A leaf by its path.
    public func leaf(_ path: [String]) -> SchemaLeaf? { leaves.first { $0.path == path } }
}

/// A field: a leaf or a group of fields.
public struct SchemaNode: Sendable, Hashable {
    public let name: String
    public let repetition: Repetition
    /// From the logical type, else from the converted type.
    public let annotation: Annotation?
    public let fieldID: Int32?
    public let content: Content
    /// The definition level of a value that is there, counted from the root.
    public let definitionLevel: Int
    /// How many repeated fields lie on the way to it, itself included.
    public let repetitionLevel: Int
    /// The leaves beneath, by their place in the schema.
    public let leaves: Range<Int>

    public indirect enum Content: Sendable, Hashable {
        case leaf(PhysicalType, typeLength: Int)
        case group([SchemaNode])
    }

    public var isLeaf: Bool { if case .leaf = content { true } else { false } }
    public var children: [SchemaNode] { if case .group(let nodes) = content { nodes } else { [] } }
}

/// A field that holds values: one column chunk a row group.
public struct SchemaLeaf: Sendable, Hashable {
    /// Its place among the leaves, from 0.
    public let index: Int
    /// The names from below the root on.
    public let path: [String]
    public let type: PhysicalType
    /// Bytes of each value of a FIXED_LEN_BYTE_ARRAY; 0 else.
    public let typeLength: Int
    public let annotation: Annotation?
    public let maximumDefinitionLevel: Int
    public let maximumRepetitionLevel: Int

    /// The path as messages name it.
    public var dottedPath: String { path.joined(separator: ".") }
}

extension ParquetSchema {
    /// Builds the tree from a footer's list.
    init(_ elements: [SchemaElement]) throws(ParquetError) {
        guard let root = elements.first else { throw .corrupt("the schema is empty") }
        var builder = SchemaBuilder(elements)
        let count = root.childCount ?? 0
        fields = try builder.children(Int(count), of: SchemaBuilder.Parent())
        guard builder.isDone else { throw .corrupt("the schema has fields that belong to no group") }
        name = root.name
        leaves = builder.leaves
    }

    /// Builds the tree with its levels from fields without any; `content` and annotations count, levels are set anew.
    init(name: String = "schema", fields: [SchemaNode]) throws(ParquetError) {
        let root = SchemaElement(name: name, childCount: Int32(clamping: fields.count))
        try self.init([root] + fields.flatMap(\.elements))
    }

    /// The footer's list.
    var elements: [SchemaElement] {
        [SchemaElement(name: name, childCount: Int32(clamping: fields.count))] + fields.flatMap(\.elements)
    }
}

extension SchemaNode {
    /// A field whose levels are set when the schema is built.
    init(
        _ name: String, _ repetition: Repetition, _ content: Content, annotation: Annotation? = nil,
        fieldID: Int32? = nil
    ) {
        self.init(
            name: name, repetition: repetition, annotation: annotation, fieldID: fieldID, content: content,
            definitionLevel: 0, repetitionLevel: 0, leaves: 0..<0)
    }

    /// The field and those beneath, as the footer lists them; older readers understand the converted types.
    var elements: [SchemaElement] {
        var element = SchemaElement(
            repetition: repetition, name: name, convertedType: annotation?.convertedType, fieldID: fieldID,
            annotation: annotation)
        if case .decimal(let precision, let scale) = annotation {
            element.precision = Int32(clamping: precision)
            element.scale = Int32(clamping: scale)
        }
        switch content {
        case .leaf(let type, let typeLength):
            element.type = type
            if type == .fixedLengthByteArray { element.typeLength = Int32(clamping: typeLength) }
            return [element]
        case .group(let nodes):
            element.childCount = Int32(clamping: nodes.count)
            return [element] + nodes.flatMap(\.elements)
        }
    }
}

/// Builds the tree of fields and numbers its leaves.
private struct SchemaBuilder {
    private let elements: [SchemaElement]
    private var next = 1
    private(set) var leaves: [SchemaLeaf] = []
    /// Bytes that the paths of all leaves take.
    private var pathByteCount = 0

    /// A long name above many leaves is written once and stands in the path of each.
    private static let maximumPathByteCount = 1 << 25

    struct Parent {
        var path: [String] = []
        var byteCount = 0
        var definitionLevel = 0
        var repetitionLevel = 0
    }

    init(_ elements: [SchemaElement]) { self.elements = elements }

    var isDone: Bool { next == elements.count }

    mutating func children(_ count: Int, of parent: Parent) throws(ParquetError) -> [SchemaNode] {
        guard count >= 0, count <= elements.count - next else {
            throw .corrupt("the schema names \(count) fields it doesn't have")
        }
        guard parent.path.count < ParquetSchema.maximumDepth else {
            throw ParquetError(.unsupported, "the schema is nested more than \(ParquetSchema.maximumDepth) deep")
        }
        var nodes: [SchemaNode] = []
        for _ in 0..<count { nodes.append(try node(parent)) }
        return nodes
    }

    private mutating func node(_ parent: Parent) throws(ParquetError) -> SchemaNode {
        guard next < elements.count else { throw .corrupt("the schema names fields it doesn't have") }
        let element = elements[next]
        next += 1
        let repetition = element.repetition ?? .required
        var inner = parent
        inner.path.append(element.name)
        inner.byteCount += element.name.utf8.count + MemoryLayout<String>.stride
        if repetition != .required { inner.definitionLevel += 1 }
        if repetition == .repeated { inner.repetitionLevel += 1 }
        let annotation = element.annotation ?? element.convertedAnnotation
        let first = leaves.count
        let content: SchemaNode.Content
        pathByteCount += element.type == nil ? 0 : inner.byteCount
        guard pathByteCount <= Self.maximumPathByteCount else {
            throw ParquetError(
                .tooLarge, "the paths of the schema's columns take more than \(Self.maximumPathByteCount >> 20) MiB")
        }
        if let type = element.type, (element.childCount ?? 0) == 0 {
            content = .leaf(type, typeLength: try typeLength(type, element))
            leaves.append(
                SchemaLeaf(
                    index: first, path: inner.path, type: type, typeLength: try typeLength(type, element),
                    annotation: annotation, maximumDefinitionLevel: inner.definitionLevel,
                    maximumRepetitionLevel: inner.repetitionLevel))
        } else {
            guard element.type == nil else { throw .corrupt("a field of the schema is both a value and a group") }
            content = .group(try children(Int(element.childCount ?? 0), of: inner))
        }
        return SchemaNode(
            name: element.name, repetition: repetition, annotation: annotation, fieldID: element.fieldID,
            content: content,
            definitionLevel: inner.definitionLevel, repetitionLevel: inner.repetitionLevel, leaves: first..<leaves.count
        )
    }

    private func typeLength(_ type: PhysicalType, _ element: SchemaElement) throws(ParquetError) -> Int {
        guard type == .fixedLengthByteArray else { return 0 }
        guard let length = element.typeLength, length >= 0 else {
            throw .corrupt("a column of fixed length has no length")
        }
        return Int(length)
    }
}
