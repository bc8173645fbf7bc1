import Tables

/// Nested values out of JSON texts, which is how batches hold them.
enum NestedText {
    /// The value of a field; `nil` where the text is no JSON or no value of the field's type.
    static func value(of text: String, _ node: SchemaNode) -> ParquetValue? {
        JSON(text: text).flatMap { value($0, node) }
    }

    private static func value(_ json: JSON, _ node: SchemaNode) -> ParquetValue? {
        if json == .null { return .null }
        if node.repetition == .repeated {
            guard case .array(let items) = json else { return nil }
            return list(items) { content($0, node) }
        }
        return content(json, node)
    }

    private static func content(_ json: JSON, _ node: SchemaNode) -> ParquetValue? {
        switch (node.content, json) {
        case (.leaf, _): return leaf(json, node)
        case (.group(let children), .array(let items)):
            guard node.annotation == .list, let list = children.first, children.count == 1 else { return nil }
            return self.list(items) { item in
                if let element = list.children.first, list.children.count == 1 { return value(item, element) }
                return content(item, list)
            }
        case (.group(let children), .object(let members)):
            if node.annotation == .map {
                guard let pair = children.first?.children, pair.count == 2 else { return nil }
                return map(members, key: pair[0], value: pair[1])
            }
            return structure(members, children)
        default: return nil
        }
    }

    private static func list(_ items: [JSON], _ element: (JSON) -> ParquetValue?) -> ParquetValue? {
        let values = items.compactMap(element)
        return values.count == items.count ? .list(values) : nil
    }

    private static func map(_ members: [JSON.Member], key: SchemaNode, value: SchemaNode) -> ParquetValue? {
        var entries: [ParquetValue.Entry] = []
        for member in members {
            // An object's keys are texts, whatever the map's are.
            guard let key = leaf(.string(member.name), key) ?? JSON(text: member.name).flatMap({ leaf($0, key) }),
                let value = self.value(member.value, value)
            else { return nil }
            entries.append(ParquetValue.Entry(key: key, value: value))
        }
        return .map(entries)
    }

    private static func structure(_ members: [JSON.Member], _ nodes: [SchemaNode]) -> ParquetValue? {
        var values: [ParquetValue.Member] = []
        for member in members {
            guard let node = nodes.first(where: { $0.name == member.name }), let value = value(member.value, node)
            else {
                return nil
            }
            values.append(ParquetValue.Member(name: member.name, value: value))
        }
        return .structure(values)
    }
}
