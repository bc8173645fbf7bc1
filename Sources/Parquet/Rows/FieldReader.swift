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
    /// Slots of one leaf that a row may have.
    private let rowLimit: Int
    private var levels: [UInt8] = []
    private var repetitions: [UInt8] = []
    private var spelling = Spelling.exact

    /// Slots of one leaf after which no more rows are read ahead.
    private static let portion = 1 << 16

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
        rowLimit = (1 << 22) + 64 * Int(clamping: min(file.byteCount, 1 << 40))
    }

    /// Passes over rows; all that were ready have been taken.
    func skip(toRow target: Int64) throws(ParquetError) {
        for reader in readers { try reader.skip(toRow: target) }
    }

    /// Reads ahead until some of the next rows can be taken; how many: at most `limit`, the fewer the longer their lists are.
    ///
    /// Callers ask for no more rows than there are, and for no fewer than were ready and not taken.
    func ready(_ limit: Int) throws(ParquetError) -> Int {
        var rows = limit
        for index in readers.indices {
            do throws(ParquetError) {
                cursors[index].forgetTaken()
                let isRepeating = readers[index].leaf.maximumRepetitionLevel > 0
                rows = min(rows, try isRepeating ? readRepeating(limit, index) : readFlat(limit, index))
            } catch { throw error.adding(column: readers[index].leaf.dottedPath) }
        }
        return rows
    }

    /// The values of the next rows, which are ready.
    func take(_ rows: Int, _ body: (ParquetValue) throws(ParquetError) -> Void) throws(ParquetError) {
        for row in 1...max(1, rows) where rows > 0 {
            let value = try assemble(shape)
            for index in cursors.indices where cursors[index].takenRows != row || cursors[index].repetition != 0 {
                throw ParquetError(
                    .corrupt, "its lists don't end where those of its neighbours do",
                    column: readers[index].leaf.dottedPath)
            }
            try body(value)
        }
    }

    /// The worst spelling of the values since somebody asked.
    func takeSpelling() -> Spelling {
        defer { spelling = .exact }
        return spelling
    }

    private func readFlat(_ rows: Int, _ index: Int) throws(ParquetError) -> Int {
        let reader = readers[index]
        while cursors[index].rows < rows {
            let count = try reader.slots(rows - cursors[index].rows)
            try reader.readDefinitions(count, into: &levels)
            try append(count, index)
            cursors[index].rows += count
        }
        return cursors[index].rows
    }

    private func readRepeating(_ rows: Int, _ index: Int) throws(ParquetError) -> Int {
        let reader = readers[index]
        // The last row may go on.
        while cursors[index].rows < 2 || cursors[index].slots < Self.portion {
            let (slots, begun) = try reader.readRepeating(
                beginning: rows - cursors[index].rows, &repetitions, &levels)
            if slots == 0 {
                guard cursors[index].rows == rows else { throw .corrupt("it ends before its row group") }
                return rows
            }
            cursors[index].repetitions.append(contentsOf: repetitions)
            try append(slots, index)
            cursors[index].rows += begun
            guard cursors[index].rows > 1 || cursors[index].slots <= rowLimit else {
                throw ParquetError(.tooLarge, "a row has more than \(rowLimit) list elements")
            }
        }
        return cursors[index].rows - 1
    }

    /// Appends the slots whose definition levels were read, with their values.
    private func append(_ slots: Int, _ index: Int) throws(ParquetError) {
        let maximum = UInt8(readers[index].leaf.maximumDefinitionLevel)
        cursors[index].definitions.append(contentsOf: levels[..<slots])
        var present = 0
        for slot in 0..<slots where levels[slot] == maximum { present += 1 }
        try makers[index].append(present, of: readers[index], to: &cursors[index].values)
    }

    private func assemble(_ shape: ValueShape) throws(ParquetError) -> ParquetValue {
        switch shape {
        case .leaf(let leaf):
            let value = try cursors[leaf - base].take() ?? .null
            spelling = max(spelling, makers[leaf - base].meaning.spelling(of: value))
            return value
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
            return .map(entries, hasTextKeys: isText(key))
        }
    }

    private func isText(_ shape: ValueShape) -> Bool {
        switch shape {
        case .leaf(let leaf): makers[leaf - base].meaning == .text
        case .optional(_, let inner): isText(inner)
        case .structure, .list, .map: false
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
