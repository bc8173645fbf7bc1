import Tables

/// Which rows of an optional nested field hold a value, by the levels of one of its leaves.
///
/// No value is read: a row has one where the level of definition of its first slot reaches the field's own.
final class NestedPresence {
    private let level: UInt8
    private let type: LogicalType
    private let leaf: SchemaLeaf
    private var reader: LeafReader?
    private var rowGroup = -1
    private var repetitions: [UInt8] = []
    private var definitions: [UInt8] = []

    /// `nil` for a field without leaves.
    init?(_ field: SchemaNode, _ leaves: [SchemaLeaf], _ type: LogicalType) {
        // The fewer levels of repetition, the fewer slots.
        let beneath = leaves[field.leaves]
        guard let leaf = beneath.min(by: { $0.maximumRepetitionLevel < $1.maximumRepetitionLevel }) else { return nil }
        self.leaf = leaf
        self.type = type
        level = UInt8(field.definitionLevel)
    }

    /// The rows of a batch; stretches of rows are asked for in ascending order.
    func column(_ place: BatchPlan.Place, _ file: ParquetFile) throws(ParquetError) -> Column {
        if rowGroup != place.rowGroup || (reader?.row ?? .max) > place.firstRow {
            rowGroup = place.rowGroup
            reader = try LeafReader(file, rowGroup: rowGroup, leaf: leaf, levelsOnly: true)
        }
        guard let reader else { preconditionFailure("a reader was made") }
        try reader.skip(toRow: place.firstRow)
        let present =
            leaf.maximumRepetitionLevel == 0
            ? try flat(reader, place.rowCount) : try repeating(reader, place.rowCount)
        return Column(type: type, present: present, values: .none)
    }

    /// A slot is a row.
    private func flat(_ reader: LeafReader, _ rows: Int) throws(ParquetError) -> Bitmap {
        var present = Bitmap(repeating: false, count: rows)
        var row = 0
        while row < rows {
            let count = try reader.slots(rows - row)
            try reader.readDefinitions(count, into: &definitions)
            for slot in 0..<count where definitions[slot] >= level { present[row + slot] = true }
            row += count
        }
        return present
    }

    /// A slot of repetition level 0 begins a row.
    private func repeating(_ reader: LeafReader, _ rows: Int) throws(ParquetError) -> Bitmap {
        var present = Bitmap(repeating: false, count: rows)
        var row = 0
        while true {
            let (slots, _) = try reader.readRepeating(beginning: rows - row, &repetitions, &definitions)
            if slots == 0 { break }
            for slot in 0..<slots where repetitions[slot] == 0 {
                if definitions[slot] >= level { present[row] = true }
                row += 1
            }
        }
        guard row == rows else {
            throw ParquetError(.corrupt, "it ends before its row group", column: leaf.dottedPath)
        }
        return present
    }
}
