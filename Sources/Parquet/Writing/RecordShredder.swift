import Files

/// Takes rows apart into the values and levels of their leaves (the Dremel paper, §4.1).
///
/// A definition level counts the optional and repeated fields on the way that are there, a repetition level tells at
/// which repeated field a value begins a new item.
struct RecordShredder {
    let schema: ParquetSchema
    let leaves: [LeafWriter]
    let file: String

    /// Takes in a row: a structure whose members are the schema's fields, in any order; absent ones are missing.
    func append(row value: ParquetValue, number: Int64) throws(OutputError) {
        guard case .structure(let members) = value else {
            throw OutputError(
                code: "unfit-value", message: "row \(number + 1): it is no structure of the schema's fields",
                place: file)
        }
        try appendMembers(members, of: schema.fields, Level(row: number))
    }

    /// Takes in the value of a field at the top of the schema.
    func append(_ value: ParquetValue, field: SchemaNode, rowNumber: Int64) throws(OutputError) {
        try append(value, field, Level(row: rowNumber))
    }

    /// Where in its row a value stands.
    private struct Level {
        let row: Int64
        var repetition = 0
        var definition = 0
    }

    private func append(_ value: ParquetValue, _ node: SchemaNode, _ level: Level) throws(OutputError) {
        var level = level
        switch node.repetition {
        case .required:
            if value.isNull { throw place(node, level).missing(at: 0) }
        case .optional:
            if value.isNull { return appendMissing(node, level) }
            level.definition = node.definitionLevel
        case .repeated:
            // A repeated field that is no list's: its items lie in the group itself.
            guard case .list(let items) = value else { throw place(node, level).unfit(at: 0) }
            return try appendItems(items, node, level) { item, level throws(OutputError) in
                try appendContent(item, node, level)
            }
        }
        try appendContent(value, node, level)
    }

    private func appendContent(_ value: ParquetValue, _ node: SchemaNode, _ level: Level) throws(OutputError) {
        switch (node.content, value) {
        case (.leaf, _): try appendLeaf(value, node, level)
        case (.group(let children), .list(let items)):
            guard node.annotation == .list, let list = children.first, children.count == 1, list.repetition == .repeated
            else { throw place(node, level).unfit(at: 0) }
            try appendItems(items, list, level) { item, level throws(OutputError) in
                // The usual form has a group between the list and its element; older ones repeat the element itself.
                if let element = list.children.first, list.children.count == 1 {
                    try append(item, element, level)
                } else {
                    try appendContent(item, list, level)
                }
            }
        case (.group(let children), .map(let entries)):
            guard node.annotation == .map, let pair = children.first, pair.children.count == 2,
                pair.repetition == .repeated
            else { throw place(node, level).unfit(at: 0) }
            try appendItems(entries, pair, level) { entry, level throws(OutputError) in
                try append(entry.key, pair.children[0], level)
                try append(entry.value, pair.children[1], level)
            }
        case (.group(let children), .structure(let members)):
            try appendMembers(members, of: children, level)
        case (.group, _): throw place(node, level).unfit(at: 0)
        }
    }

    /// The items of a list or map; without any, the list itself is noted.
    private func appendItems<Item>(
        _ items: [Item], _ node: SchemaNode, _ level: Level,
        each: (Item, Level) throws(OutputError) -> Void
    ) throws(OutputError) {
        guard !items.isEmpty else { return appendMissing(node, level) }
        var inner = level
        inner.definition = node.definitionLevel
        for item in items {
            try each(item, inner)
            inner.repetition = node.repetitionLevel
        }
    }

    private func appendMembers(
        _ members: [ParquetValue.Member], of nodes: [SchemaNode], _ level: Level
    ) throws(OutputError) {
        var found = 0
        for (index, node) in nodes.enumerated() {
            // Members are usually in the schema's order.
            if index < members.count, members[index].name == node.name {
                try append(members[index].value, node, level)
                found += 1
            } else if let member = members.first(where: { $0.name == node.name }) {
                try append(member.value, node, level)
                found += 1
            } else {
                try append(.null, node, level)
            }
        }
        guard found == members.count else {
            let names = Set(nodes.map(\.name))
            let unknown = members.first { !names.contains($0.name) }?.name ?? members.last?.name ?? ""
            throw OutputError(
                code: "unfit-value",
                message: "row \(level.row + 1): the file's schema has no place for '\(TextExcerpt.of(unknown))'",
                place: file)
        }
    }

    private func appendLeaf(_ value: ParquetValue, _ node: SchemaNode, _ level: Level) throws(OutputError) {
        let leaf = leaves[node.leaves.lowerBound]
        switch leaf.append(value) {
        case .fits: leaf.appendLevels(repetition: level.repetition, definition: level.definition)
        case .unfit: throw place(node, level).unfit(at: 0)
        case .invalidText: throw place(node, level).invalidText(at: 0)
        }
    }

    /// Notes in all leaves beneath how far the way to them goes.
    private func appendMissing(_ node: SchemaNode, _ level: Level) {
        for index in node.leaves {
            leaves[index].appendLevels(repetition: level.repetition, definition: level.definition)
        }
    }

    private func place(_ node: SchemaNode, _ level: Level) -> CellPlace {
        let column =
            leaves.indices.contains(node.leaves.lowerBound)
            ? leaves[node.leaves.lowerBound].leaf.dottedPath : node.name
        return CellPlace(file: file, column: column, firstRow: level.row)
    }
}

extension LeafWriter {
    func appendLevels(repetition: Int, definition: Int) {
        if leaf.maximumRepetitionLevel > 0 { repetitionLevels.append(UInt8(repetition)) }
        if leaf.maximumDefinitionLevel > 0 { definitionLevels.append(UInt8(definition)) }
    }
}
