import Tables

/// What values of a field look like, its lists and maps understood: the tree that rows are put together by.
///
/// Older writers nest lists otherwise; the rules are those of LogicalTypes.md, "Backward-compatibility rules".
indirect enum ValueShape: Sendable {
    case leaf(Int)
    /// Missing where the definition level is lower.
    case optional(definitionLevel: Int, ValueShape)
    case structure([(name: String, shape: ValueShape)], leaves: Range<Int>)
    /// An element begins where the definition level is reached; another where the repetition level is.
    case list(ListLevels, ValueShape)
    case map(ListLevels, key: ValueShape, value: ValueShape)

    /// The levels of a repeated field.
    struct ListLevels: Sendable {
        let definition: Int
        let repetition: Int
        /// The leaf whose levels tell how many elements there are: the first beneath.
        let leaf: Int
        let leaves: Range<Int>
    }

    init(_ node: SchemaNode) {
        let shape = Self.present(node)
        switch node.repetition {
        case .required: self = shape
        case .optional: self = .optional(definitionLevel: node.definitionLevel, shape)
        // Without an annotation: a list of values that are there.
        case .repeated: self = node.leaves.isEmpty ? shape : .list(ListLevels(node), shape)
        }
    }

    /// A value of a field that is there.
    private static func present(_ node: SchemaNode) -> ValueShape {
        guard case .group(let children) = node.content else { return .leaf(node.leaves.lowerBound) }
        if let only = children.first, children.count == 1, only.repetition == .repeated, !only.leaves.isEmpty {
            switch node.annotation {
            case .list: return .list(ListLevels(only), element(only, of: node))
            case .map where only.children.count == 2:
                let fields = only.children.map { ValueShape($0) }
                return .map(ListLevels(only), key: fields[0], value: fields[1])
            // A map without values is the list of its keys.
            case .map where only.children.count == 1:
                return .list(ListLevels(only), ValueShape(only.children[0]))
            default: break
            }
        }
        return .structure(children.map { ($0.name, ValueShape($0)) }, leaves: node.leaves)
    }

    /// The element of a list, by its repeated field.
    private static func element(_ repeated: SchemaNode, of list: SchemaNode) -> ValueShape {
        let fields = repeated.children
        let isElement =
            fields.count != 1 || fields[0].repetition == .repeated || repeated.name == "array"
            || repeated.name == "\(list.name)_tuple"
        return isElement ? present(repeated) : ValueShape(fields[0])
    }

    /// The type of a table's column of such values.
    func columnType(_ leaves: [SchemaLeaf]) -> LogicalType {
        switch self {
        case .leaf(let index): LeafMeaning(leaves[index]).columnType
        case .optional(_, let shape): shape.columnType(leaves)
        case .structure(let fields, _):
            .structure(fields.map { Field($0.name, $0.shape.columnType(leaves), isNullable: $0.shape.isOptional) })
        case .list(_, let element): .list(element.columnType(leaves))
        case .map(_, let key, let value): .map(key: key.columnType(leaves), value: value.columnType(leaves))
        }
    }

    private var isOptional: Bool { if case .optional = self { true } else { false } }

    /// The leaves beneath.
    var leaves: Range<Int> {
        switch self {
        case .leaf(let index): index..<index + 1
        case .optional(_, let shape): shape.leaves
        case .structure(_, let leaves): leaves
        case .list(let levels, _), .map(let levels, _, _): levels.leaves
        }
    }
}

extension ValueShape.ListLevels {
    fileprivate init(_ node: SchemaNode) {
        self.init(
            definition: node.definitionLevel, repetition: node.repetitionLevel, leaf: node.leaves.lowerBound,
            leaves: node.leaves)
    }
}
