import Tables

/// Reads nested values from JSON texts, which is how batches hold them: what `ParquetValue.appendJSON` makes.
struct NestedText {
    private let shape: ValueShape
    private let leaves: [SchemaLeaf]

    init(_ field: SchemaNode, leaves: [SchemaLeaf]) {
        shape = ValueShape(field)
        self.leaves = leaves
    }

    /// The value of the field; `nil` where the text is no JSON or no value of the field's type.
    func value(of text: String) -> ParquetValue? { JSON(text: text).flatMap { value($0, shape) } }

    private func value(_ json: JSON, _ shape: ValueShape) -> ParquetValue? {
        switch (shape, json) {
        case (.optional, .null): .null
        case (.optional(_, let inner), _): value(json, inner)
        case (.leaf(let index), _): leaves[index].value(json)
        case (.list(_, let element), .array(let items)): all(items) { value($0, element) }.map { .list($0) }
        case (.map(_, let key, let inner), .object(let members)):
            all(members) { entry(.string($0.name), $0.value, key, inner) }.map { .map($0, hasTextKeys: true) }
        // A map whose keys are no texts.
        case (.map(_, let key, let inner), .array(let pairs)):
            all(pairs) { pair -> ParquetValue.Entry? in
                guard case .array(let parts) = pair, parts.count == 2 else { return nil }
                return entry(parts[0], parts[1], key, inner)
            }.map { .map($0, hasTextKeys: false) }
        case (.structure(let fields, _), .object(let members)):
            all(members) { member -> ParquetValue.Member? in
                guard let field = fields.first(where: { $0.name == member.name }) else { return nil }
                return value(member.value, field.shape).map { ParquetValue.Member(name: member.name, value: $0) }
            }.map { .structure($0) }
        default: nil
        }
    }

    private func entry(_ key: JSON, _ value: JSON, _ keyShape: ValueShape, _ valueShape: ValueShape) -> ParquetValue
        .Entry?
    {
        guard let key = self.value(key, keyShape), let value = self.value(value, valueShape) else { return nil }
        return ParquetValue.Entry(key: key, value: value)
    }

    /// What each item makes; `nil` where one of them makes nothing.
    private func all<Item, Made>(_ items: [Item], _ make: (Item) -> Made?) -> [Made]? {
        var made: [Made] = []
        for item in items {
            guard let one = make(item) else { return nil }
            made.append(one)
        }
        return made
    }
}
