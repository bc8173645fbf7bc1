import Tables

/// Takes rows apart: validates all of a row, and notes where the values of the wanted columns lie.
///
/// Rows of a file look alike, so each key is expected to be the one that followed last time (`JSONExpectedKey`). Only where that
/// fails are keys read and looked up. Keys that stand twice in an object are reported whether or not they are known or their columns wanted, so that what is wrong with
/// a row depends neither on what is asked of it nor on how much of the file was looked at before.
///
/// One thread's own. `deallocate()` frees it.
struct JSONExtractor {
    let nodes: UnsafeMutableBufferPointer<JSONExpectedKey>
    private let containers: UnsafeMutableBufferPointer<Bool>
    let table: JSONKeyTable
    let outline: JSONOutline
    var cells: JSONCells
    /// Cells with backslashes.
    var escaped: [(column: Int, row: Int)] = []
    private(set) var problems: [RowProblem] = []
    /// Rows that are longer than rows may be, where those are kept.
    private(set) var longRows: [Int] = []
    /// Rows with a value under a key that isn't known, or where only an object is.
    private(set) var unfitting: [Int] = []
    var isUnfitting = false
    /// Where each row begins of those that were taken apart last.
    private(set) var rowStarts: [UInt32] = []
    /// How much of the chunk was taken apart: where the next row may begin, and how many come before it.
    private(set) var taken = (place: 0, rows: 0)
    /// How many rows come before those that were taken apart last.
    private(set) var firstRow = 0
    /// How the rows of the last chunk stood in their file.
    private var form = JSONForm.lines
    /// The row at hand, within those that are taken apart.
    var row = 0
    /// So many rows are taken apart at once.
    private let mostRows: Int
    /// Objects met so far, in all chunks: what they are told apart by.
    var objectCount = 0
    /// Nodes by the columns of the cells.
    let wanted: [Int]
    /// The path of the first key that stands twice.
    var duplicate: String?
    var unknownKeys = JSONUnknownKeys()
    /// Stands for every object whose path isn't known; it has no keys that are.
    let unknownNode: Int
    /// The known object or column that objects without a known path are inside of, and the keys from there.
    var unknownPath: (node: Int, keys: [Range<Int>]) = (0, [])
    /// What the path of the object without a known one is told apart by; `nil` inside of a column.
    var unknownHash: Int?
    /// The key that was read last, between its quotes, and the hash of it and the object around it.
    var lastKey = 0..<0
    var lastHash = 0
    /// `nil` where nobody wants to know of them.
    var lateKeys: JSONLateKeys?
    let flattenedLevels: Int
    /// Whether a row that is too long is a malformed one, and no error.
    private let keepsLongRows: Bool

    /// `wanted`: nodes of the outline, in the order of the cells' columns; `mostRows`: so many are taken apart at once.
    init(
        _ outline: JSONOutline, wanted: [Int], flattenedLevels: Int, mostRows: Int = .max,
        keepsLongRows: Bool = false, notesLateKeys: Bool = false
    ) {
        self.keepsLongRows = keepsLongRows
        lateKeys = notesLateKeys ? JSONLateKeys() : nil
        self.flattenedLevels = flattenedLevels
        unknownNode = outline.nodes.count
        self.outline = outline
        self.wanted = wanted
        table = JSONKeyTable(outline)
        cells = JSONCells(columnCount: wanted.count)
        self.mostRows = mostRows
        nodes = .allocate(capacity: outline.nodes.count + 1)
        nodes.initialize(repeating: JSONExpectedKey())
        containers = .allocate(capacity: JSONScanner.maximumDepth)
        containers.initialize(repeating: false)
        for (index, node) in outline.nodes.enumerated() {
            nodes[index].hasChildren = !node.children.isEmpty
            nodes[index].isAwaited = notesLateKeys && node.isColumn && !node.isSeen
            if !node.isColumn { nodes[index].cell = JSONExpectedKey.objectOnly }
        }
        for (column, node) in wanted.enumerated() { nodes[node].cell = column }
    }

    func deallocate() {
        nodes.deallocate()
        containers.deallocate()
        cells.deallocate()
    }
}

extension JSONExtractor {
    /// Begins with another chunk.
    mutating func begin() {
        taken = (0, 0)
        lateKeys?.beginChunk()
    }

    /// Takes apart the next rows of a chunk, forgetting those before; ``taken`` tells how far that came.
    ///
    /// - Returns: the place of a row that is longer than `maximum`, and how many are before it; `nil` where those are kept.
    mutating func extract(_ rows: JSONRows, maximum: Int) -> (place: Int, rowsBefore: Int)? {
        cells.clear()
        escaped.removeAll(keepingCapacity: true)
        problems.removeAll(keepingCapacity: true)
        unfitting.removeAll(keepingCapacity: true)
        longRows.removeAll(keepingCapacity: true)
        rowStarts.removeAll(keepingCapacity: true)
        row = 0
        firstRow = taken.rows
        // Between the members of an element line feeds are space; matched in a line, such a gap would pass over its end.
        if rows.form == .lines, form != .lines {
            for node in nodes.indices { nodes[node].forgetGap() }
        }
        form = rows.form
        return rows.bytes.withUnsafeBytes { bytes in
            var scanner = JSONScanner(
                bytes, end: rows.count, isLine: rows.form != .elements, containers: containers)
            switch rows.form {
            case .lines: return lines(&scanner, maximum)
            case .elements: return elements(&scanner, rows, maximum)
            case .behindArray: return linesBehindArray(&scanner, maximum)
            }
        }
    }

    private mutating func lines(_ scanner: inout JSONScanner, _ maximum: Int) -> (Int, Int)? {
        var start = taken.place
        defer { taken = (start, firstRow + row) }
        while start < scanner.end, row < mostRows {
            let place = scanner.space(start)
            let rowsBefore = row
            var end = place
            // Space goes up to the line feed; anything else is a row.
            if place < scanner.end, scanner.bytes[place] != 0x0A {
                beginRow(start)
                end = object(&scanner, from: place, start)
                if end < 0 { end = JSONBlock.lineEnd(scanner.bytes, scanner.mistakePlace, scanner.end) }
                endRow()
            }
            if end - start > maximum {
                guard keepsLongRows else { return (start, rowsBefore) }
                if row == rowsBefore {
                    beginRow(start)
                    endRow()
                }
                noteLong(rowsBefore, end - start, maximum)
            }
            start = end &+ 1
        }
        return nil
    }

    private mutating func elements(
        _ scanner: inout JSONScanner, _ rows: JSONRows, _ maximum: Int
    ) -> (Int, Int)? {
        var start = taken.place
        defer { taken = (start, firstRow + row) }
        for index in rows.elementEnds.indices.dropFirst(firstRow).prefix(mostRows) {
            let end = Int(rows.elementEnds[index])
            scanner.end = end
            let place = scanner.space(start)
            let isLast = index == rows.elementEnds.count - 1
            if end - start > maximum {
                guard keepsLongRows else { return (start, row) }
                beginRow(start)
                endRow()
                noteLong(row - 1, end - start, maximum)
                start = end + 1
                continue
            }
            start = end + 1
            // The array has no elements.
            if place == end, index == 0, isLast, rows.isFirst, rows.isClosed { break }
            beginRow(place)
            let behind = object(&scanner, from: place, place)
            if isLast, rows.isLast, !rows.isClosed, behind >= 0 {
                report(.invalidJSON, JSONMistake.unclosedArray.text)
            }
            endRow()
        }
        return nil
    }

    private mutating func linesBehindArray(_ scanner: inout JSONScanner, _ maximum: Int) -> (Int, Int)? {
        var start = taken.place
        defer { taken = (start, firstRow + row) }
        while start < scanner.end, row < mostRows {
            let place = scanner.space(start)
            let end = JSONBlock.lineEnd(scanner.bytes, place, scanner.end)
            if end - start > maximum {
                guard keepsLongRows else { return (start, row) }
                beginRow(start)
                endRow()
                noteLong(row - 1, end - start, maximum)
            } else if place < end {
                beginRow(start)
                report(.invalidJSON, Self.detail(.textBehindArray, place - start))
                endRow()
            }
            start = end + 1
        }
        return nil
    }

    @inline(__always)
    private mutating func beginRow(_ start: Int) {
        cells.makeRoom(row)
        unknownKeys.beginRow(firstObject: objectCount)
        rowStarts.append(UInt32(truncatingIfNeeded: start))
    }

    @inline(__always)
    private mutating func endRow() {
        if isUnfitting { noteUnfitting() }
        row &+= 1
    }

    @inline(never)
    private mutating func noteUnfitting() {
        isUnfitting = false
        unfitting.append(row)
    }

    /// Forgets what was found in a row that is too long: how much of one is looked at depends on where chunks end.
    private mutating func noteLong(_ row: Int, _ byteCount: Int, _ maximum: Int) {
        while problems.last?.row == row { problems.removeLast() }
        problems.append(.tooLong(row, byteCount, maximum))
        cells.setMissing(row: row)
        if unfitting.last != row { unfitting.append(row) }
        forgetLateKeys(row)
        longRows.append(row)
    }

    private mutating func forgetLateKeys(_ row: Int) {
        for key in lateKeys?.forget(row: firstRow + row) ?? [] where key.isAwaited {
            nodes[key.node].isAwaited = true
            nodes[key.node].forgetGap()
        }
    }

    private mutating func report(_ kind: RowProblem.Kind, _ detail: String) {
        problems.append(RowProblem(row: row, kind: kind, detail: detail))
    }

    /// Bytes are counted from 1.
    private static func detail(_ mistake: JSONMistake, _ offset: Int) -> String {
        "\(mistake.text), at byte \(offset + 1)"
    }

    /// Takes apart the row that `start` began; gives the place where it ends, or -1 where it is no JSON.
    private mutating func object(_ scanner: inout JSONScanner, from place: Int, _ start: Int) -> Int {
        scanner.depth = 0
        scanner.loneSurrogate = nil
        let isObject = scanner.bytes[place] == 0x7B && place < scanner.end
        var end = isObject ? members(&scanner, of: 0, place &+ 1) : scanner.value(place)
        if end >= 0 {
            end = scanner.space(end)
            if !scanner.isAtEnd(end) { end = scanner.fail(.textBehind, at: end) }
        }
        if end < 0 || !isObject || duplicate != nil || scanner.loneSurrogate != nil {
            reportRow(scanner, isObject: isObject, isJSON: end >= 0, first: scanner.bytes[place], start)
        }
        return end
    }

    @inline(never)
    private mutating func reportRow(
        _ scanner: JSONScanner, isObject: Bool, isJSON: Bool, first: UInt8, _ start: Int
    ) {
        defer { duplicate = nil }
        isUnfitting = true
        guard isJSON else {
            cells.setMissing(row: row)
            forgetLateKeys(row)
            report(.invalidJSON, Self.detail(scanner.mistake, scanner.mistakePlace - start))
            return
        }
        if duplicate != nil { forgetRepeated() }
        if let duplicate { report(.duplicateKey, "the key \(duplicate) stands there twice") }
        if let place = scanner.loneSurrogate {
            report(.loneSurrogate, "an escape is half of a surrogate pair, at byte \(place - start + 1)")
        }
        if !isObject { report(.notAnObject, "the row is \(Self.word(first)), not an object") }
    }

    private static func word(_ first: UInt8) -> String {
        switch first {
        case 0x22: "a text"
        case 0x5B: "an array"
        case 0x74, 0x66: "a Boolean"
        case 0x6E: "null"
        default: "a number"
        }
    }
}
