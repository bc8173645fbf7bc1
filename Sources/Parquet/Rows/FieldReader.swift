import Files

/// Reads a field of the root, nested as it may be, as exact values.
///
/// Rows are put together from the levels of the leaves (Dremel's record assembly). Not safe for use by several threads at once.
final class FieldReader {
    private let shape: ValueShape
    private let readers: [LeafReader]
    private let makers: [ValueMaker]
    private var cursors: [SlotCursor]
    /// The first leaf's place in the schema.
    private let base: Int
    /// Slots of one leaf that a call may take.
    private let slotLimit: Int
    private var levels: [UInt8] = []
    private var repetitions: [UInt8] = []

    init(_ file: ParquetFile, rowGroup: Int, field: SchemaNode) throws(ParquetError) {
        shape = ValueShape(field)
        let leaves = file.schema.leaves[field.leaves]
        var readers: [LeafReader] = []
        for leaf in leaves { readers.append(try LeafReader(file, rowGroup: rowGroup, leaf: leaf)) }
        self.readers = readers
        makers = leaves.map { ValueMaker($0) }
        cursors = leaves.map { SlotCursor($0) }
        base = field.leaves.lowerBound
        // Runs of levels can claim any number of empty slots in a few bytes.
        slotLimit = (1 << 22) + 64 * Int(clamping: min(file.byteCount, 1 << 40))
    }

    func skip(toRow target: Int64) throws(ParquetError) {
        for reader in readers { try reader.skip(toRow: target) }
    }

    /// The values of the next rows; callers ask for a few hundred at once and not for more than there are.
    func read(_ rows: Int, _ body: (ParquetValue) throws(ParquetError) -> Void) throws(ParquetError) {
        for index in readers.indices {
            cursors[index].rewind()
            let reader = readers[index]
            do throws(ParquetError) {
                if reader.leaf.maximumRepetitionLevel == 0 {
                    try readFlat(rows, index)
                } else {
                    try readRepeating(rows, index)
                }
            } catch { throw error.adding(column: reader.leaf.dottedPath) }
        }
        for row in 1...max(1, rows) where rows > 0 {
            let value = try assemble(shape)
            for index in cursors.indices where cursors[index].rows != row || cursors[index].repetition != 0 {
                throw ParquetError(
                    .corrupt, "its lists don't end where those of its neighbours do",
                    column: readers[index].leaf.dottedPath)
            }
            try body(value)
        }
    }

    private func readFlat(_ rows: Int, _ index: Int) throws(ParquetError) {
        let reader = readers[index]
        let maximum = UInt8(reader.leaf.maximumDefinitionLevel)
        var left = rows
        while left > 0 {
            let count = try reader.slots(left)
            try reader.readDefinitions(count, into: &levels)
            cursors[index].definitions.append(contentsOf: levels[..<count])
            var present = 0
            for slot in 0..<count where levels[slot] == maximum { present += 1 }
            try makers[index].append(present, of: reader, to: &cursors[index].values)
            left -= count
        }
    }

    private func readRepeating(_ rows: Int, _ index: Int) throws(ParquetError) {
        let reader = readers[index]
        let maximum = UInt8(reader.leaf.maximumDefinitionLevel)
        var left = rows
        while true {
            let (slots, begun) = try reader.readRepeating(beginning: left, &repetitions, &levels)
            if slots == 0 { break }
            left -= begun
            guard slots <= slotLimit - cursors[index].definitions.count else {
                throw ParquetError(.tooLarge, "\(rows) rows have more than \(slotLimit) list elements")
            }
            cursors[index].definitions.append(contentsOf: levels[..<slots])
            cursors[index].repetitions.append(contentsOf: repetitions)
            var present = 0
            for slot in 0..<slots where levels[slot] == maximum { present += 1 }
            try makers[index].append(present, of: reader, to: &cursors[index].values)
        }
        guard left == 0 else { throw .corrupt("it ends before its row group") }
    }

    private func assemble(_ shape: ValueShape) throws(ParquetError) -> ParquetValue {
        switch shape {
        case .leaf(let leaf): return try cursors[leaf - base].take() ?? .null
        case .optional(let level, let inner):
            let leaves = inner.leaves
            guard !leaves.isEmpty else { return try assemble(inner) }
            guard try cursors[leaves.lowerBound - base].definition < level else { return try assemble(inner) }
            try pass(leaves)
            return .null
        case .structure(let fields, _):
            var members: [ParquetValue.Member] = []
            members.reserveCapacity(fields.count)
            for (name, shape) in fields { members.append(ParquetValue.Member(name: name, value: try assemble(shape))) }
            return .structure(members)
        case .list(let levels, let element):
            var elements: [ParquetValue] = []
            try forEachElement(levels) { () throws(ParquetError) in elements.append(try assemble(element)) }
            return .list(elements)
        case .map(let levels, let key, let value):
            var entries: [ParquetValue.Entry] = []
            try forEachElement(levels) { () throws(ParquetError) in
                let key = try assemble(key)
                entries.append(ParquetValue.Entry(key: key, value: try assemble(value)))
            }
            return .map(entries)
        }
    }

    private func forEachElement(
        _ levels: ValueShape.ListLevels, _ body: () throws(ParquetError) -> Void
    ) throws(ParquetError) {
        guard try cursors[levels.leaf - base].definition >= levels.definition else { return try pass(levels.leaves) }
        repeat { try body() } while cursors[levels.leaf - base].repetition == levels.repetition
    }

    /// Takes one slot of each leaf, which stands for something that is missing or empty.
    private func pass(_ leaves: Range<Int>) throws(ParquetError) {
        for leaf in leaves { _ = try cursors[leaf - base].take() }
    }
}
