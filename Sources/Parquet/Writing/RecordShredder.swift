import Files

/// Takes rows apart into the values and levels of their leaves (the Dremel paper, §4.1).
///
/// A definition level counts the optional and repeated fields on the way that are there, a repetition level tells at
/// which repeated field a value begins a new item.
struct RecordShredder {
    private let leaves: [LeafWriter]
    private let file: String
    private let names: [String]
    /// By the schema's fields.
    private let shapes: [ValueShape]

    init(_ schema: ParquetSchema, leaves: [LeafWriter], file: String) {
        self.leaves = leaves
        self.file = file
        names = schema.fields.map(\.name)
        shapes = schema.fields.map { ValueShape($0) }
    }

    /// Where in its row a value stands.
    private struct Level {
        /// From 0.
        let row: Int64
        var repetition = 0
        var definition = 0
    }

    /// Takes in a row: a structure whose members are the schema's fields, in any order; absent ones are missing.
    func append(row value: ParquetValue, number: Int64) throws(OutputError) {
        guard case .structure(let members) = value else {
            throw error("it is no structure of the schema's fields", Level(row: number))
        }
        try append(members, Level(row: number), names.count) { (names[$0], shapes[$0]) }
    }

    /// Takes in the value of a field at the top of the schema, by its place there.
    func append(_ value: ParquetValue, field: Int, rowNumber: Int64) throws(OutputError) {
        try append(value, shapes[field], Level(row: rowNumber))
    }

    private func append(_ value: ParquetValue, _ shape: ValueShape, _ level: Level) throws(OutputError) {
        switch (shape, value) {
        case (.optional(_, let inner), .null): appendMissing(inner.leaves, level)
        case (.optional(let definition, let inner), _):
            var level = level
            level.definition = definition
            try append(value, inner, level)
        case (_, .null): throw place(shape, level).missing(at: 0)
        case (.leaf(let index), _): try append(value, leaves[index], level)
        case (.list(let levels, let element), .list(let items)):
            try append(items, levels, level) { item, level throws(OutputError) in try append(item, element, level) }
        case (.map(let levels, let key, let inner), .map(let entries, _)):
            try append(entries, levels, level) { entry, level throws(OutputError) in
                try append(entry.key, key, level)
                try append(entry.value, inner, level)
            }
        case (.structure(let fields, _), .structure(let members)):
            try append(members, level, fields.count) { fields[$0] }
        case (.list, _), (.map, _), (.structure, _): throw place(shape, level).unfit(at: 0)
        }
    }

    /// The items of a list or map; without any, that the list itself is there.
    private func append<Item>(
        _ items: [Item], _ levels: ValueShape.ListLevels, _ level: Level,
        each: (Item, Level) throws(OutputError) -> Void
    ) throws(OutputError) {
        guard !items.isEmpty else { return appendMissing(levels.leaves, level) }
        var inner = level
        inner.definition = levels.definition
        for item in items {
            try each(item, inner)
            inner.repetition = levels.repetition
        }
    }

    /// The members of a structure; `field` gives the name and shape of each of its fields.
    private func append(
        _ members: [ParquetValue.Member], _ level: Level, _ count: Int,
        field: (Int) -> (name: String, shape: ValueShape)
    ) throws(OutputError) {
        var found = 0
        for index in 0..<count {
            let (name, shape) = field(index)
            // Members are usually in the schema's order.
            let member =
                index < members.count && members[index].name == name
                ? members[index] : members.first { $0.name == name }
            try append(member?.value ?? .null, shape, level)
            found += member == nil ? 0 : 1
        }
        guard found == members.count else {
            let names = Set((0..<count).map { field($0).name })
            let surplus = members.first { !names.contains($0.name) } ?? members[members.count - 1]
            throw error("the file's schema has no place for '\(TextExcerpt.of(surplus.name))'", level)
        }
    }

    private func append(_ value: ParquetValue, _ leaf: LeafWriter, _ level: Level) throws(OutputError) {
        switch leaf.append(value) {
        case .fits: leaf.appendLevels(repetition: level.repetition, definition: level.definition)
        case .unfit: throw place(leaf, level).unfit(at: 0)
        case .invalidText: throw place(leaf, level).invalidText(at: 0)
        }
    }

    /// Notes in all leaves beneath how far the way to them goes.
    private func appendMissing(_ range: Range<Int>, _ level: Level) {
        for index in range {
            leaves[index].appendLevels(repetition: level.repetition, definition: level.definition)
        }
    }

    private func error(_ message: String, _ level: Level) -> OutputError {
        OutputError(code: "unfit-value", message: "row \(level.row + 1): \(message)", place: file)
    }

    private func place(_ shape: ValueShape, _ level: Level) -> CellPlace {
        place(leaves[shape.leaves.lowerBound], level)
    }

    private func place(_ leaf: LeafWriter, _ level: Level) -> CellPlace {
        CellPlace(file: file, column: leaf.leaf.dottedPath, firstRow: level.row)
    }
}

extension LeafWriter {
    func appendLevels(repetition: Int, definition: Int) {
        if leaf.maximumRepetitionLevel > 0 { repetitionLevels.append(UInt8(repetition)) }
        if leaf.maximumDefinitionLevel > 0 { definitionLevels.append(UInt8(definition)) }
    }
}
