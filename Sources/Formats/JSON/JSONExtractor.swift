import Tables

/// Takes rows apart: validates all of a row, and notes where the values of the wanted columns lie.
///
/// Rows of a file look alike, so each key is expected to be the one that followed last time: with its quotes, colon, comma and
/// the space between, it is one comparison of up to 32 bytes. Only where that fails are keys read and looked up. Keys
/// that stand twice in an object are reported whether or not they are known or their columns wanted, so that what is wrong with
/// a row depends neither on what is asked of it nor on how much of the file was looked at before.
///
/// One thread's own. `deallocate()` frees it.
struct JSONExtractor {
    /// A path that is known, and what to expect around it.
    private struct Node {
        /// What stood last time between the value or brace before and the value of this key, and which bits of that count.
        var gap: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        var mask: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        /// 0 where it isn't known.
        var gapLength = 0
        /// Whether the key was the first of its object, so that the gap has no comma.
        var isGapFirst = false
        var hasChildren = false
        /// Place among the cells, or one of the two below.
        var cell = Self.unwanted
        /// The known sibling that stood behind this one; -1 for none.
        var next = -1
        /// The child that stood first; -1 for none.
        var first = -1
        /// The object around it that had the key last.
        var seenIn = -1
        /// The object that is its last value; -1 where that is no object.
        var object = -1

        static let unwanted = -1
        /// The path is no column: only an object is expected there.
        static let objectOnly = -2
    }

    private let nodes: UnsafeMutableBufferPointer<Node>
    private let containers: UnsafeMutableBufferPointer<Bool>
    private let table: JSONKeyTable
    private let outline: JSONOutline
    private(set) var cells: JSONCells
    /// Cells with backslashes.
    private(set) var escaped: [(column: Int, row: Int)] = []
    private(set) var problems: [RowProblem] = []
    /// Rows with a value under a key that isn't known, or where only an object is.
    private(set) var unfitting: [Int] = []
    private var isUnfitting = false
    /// Where each row of the chunk begins.
    private(set) var rowStarts: [UInt32] = []
    /// How the rows of the last chunk stood in their file.
    private var form = JSONForm.lines
    /// The row at hand, within the rows.
    private var row = 0
    /// Objects met so far, in all chunks: what they are told apart by.
    private var objectCount = 0
    /// Nodes by the columns of the cells.
    private let wanted: [Int]
    /// The path of the first key that stands twice.
    private var duplicate: String?
    private var unknownKeys = JSONUnknownKeys()
    /// Stands for every object whose path isn't known; it has no keys that are.
    private let unknownNode: Int
    /// The known object or column that objects without a known path are inside of, and the keys from there.
    private var unknownPath: (node: Int, keys: [Range<Int>]) = (0, [])
    /// The key that was read last, between its quotes.
    private var lastKey = 0..<0
    private let flattenedLevels: Int
    private var noObject: (node: Int, place: Int)?

    /// `wanted`: nodes of the outline, in the order of the cells' columns.
    init(_ outline: JSONOutline, wanted: [Int], flattenedLevels: Int) {
        self.flattenedLevels = flattenedLevels
        unknownNode = outline.nodes.count
        self.outline = outline
        self.wanted = wanted
        table = JSONKeyTable(outline)
        cells = JSONCells(columnCount: wanted.count)
        nodes = .allocate(capacity: outline.nodes.count + 1)
        nodes.initialize(repeating: Node())
        containers = .allocate(capacity: JSONScanner.maximumDepth)
        containers.initialize(repeating: false)
        for (index, node) in outline.nodes.enumerated() {
            nodes[index].hasChildren = !node.children.isEmpty
            if !node.isColumn { nodes[index].cell = Node.objectOnly }
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
    /// Takes apart the rows of a chunk, forgetting those of the one before.
    ///
    /// - Returns: the place of a row that is longer than `maximum`, and how many are before it.
    mutating func extract(_ rows: JSONRows, maximum: Int) -> (place: Int, rowsBefore: Int)? {
        cells.clear()
        escaped.removeAll(keepingCapacity: true)
        problems.removeAll(keepingCapacity: true)
        unfitting.removeAll(keepingCapacity: true)
        rowStarts.removeAll(keepingCapacity: true)
        row = 0
        // Between the members of an element line feeds are space; matched in a line, such a gap would pass over its end.
        if rows.form == .lines, form != .lines { forgetGaps() }
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
        var start = 0
        while start < scanner.end {
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
            if end - start > maximum { return (start, rowsBefore) }
            start = end &+ 1
        }
        return nil
    }

    private mutating func elements(
        _ scanner: inout JSONScanner, _ rows: JSONRows, _ maximum: Int
    ) -> (Int, Int)? {
        var start = 0
        for (index, elementEnd) in rows.elementEnds.enumerated() {
            let end = Int(elementEnd)
            scanner.end = end
            let place = scanner.space(start)
            let isLast = index == rows.elementEnds.count - 1
            if end - start > maximum { return (start, row) }
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
        var start = 0
        while start < scanner.end {
            let place = scanner.space(start)
            let end = JSONBlock.lineEnd(scanner.bytes, place, scanner.end)
            if end - start > maximum { return (start, row) }
            if place < end {
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
        if end < 0 || !isObject || duplicate != nil || noObject != nil || scanner.loneSurrogate != nil {
            reportRow(scanner, isObject: isObject, isJSON: end >= 0, first: scanner.bytes[place], start)
        }
        return end
    }

    @inline(never)
    private mutating func reportRow(
        _ scanner: JSONScanner, isObject: Bool, isJSON: Bool, first: UInt8, _ start: Int
    ) {
        defer { (duplicate, noObject) = (nil, nil) }
        isUnfitting = true
        guard isJSON else {
            cells.setMissing(row: row)
            report(.invalidJSON, Self.detail(scanner.mistake, scanner.mistakePlace - start))
            return
        }
        if duplicate != nil { forgetRepeated() }
        if let duplicate { report(.duplicateKey, "the key \(duplicate) stands there twice") }
        if let place = scanner.loneSurrogate {
            report(.loneSurrogate, "an escape is half of a surrogate pair, at byte \(place - start + 1)")
        }
        if !isObject {
            report(.notAnObject, "the row is \(Self.word(first)), not an object")
        } else if let noObject {
            let word = Self.word(scanner.bytes[noObject.place])
            report(.notAnObject, "\(outline.name(noObject.node)) is \(word), not an object")
        }
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

extension JSONExtractor {
    /// Passes over the members of an object whose brace stands before `start`; gives the place behind its closing brace, or -1.
    private mutating func members(_ scanner: inout JSONScanner, of parent: Int, _ start: Int) -> Int {
        guard scanner.depth < JSONScanner.maximumDepth else { return scanner.fail(.tooDeep, at: start &- 1) }
        scanner.depth &+= 1
        let object = objectCount
        objectCount &+= 1
        nodes[parent].object = object
        var place = start
        var isFirst = true
        var before = -1
        var expected = nodes[parent].first
        while true {
            var node = expected
            let behind = expected >= 0 ? behindGap(scanner.bytes, expected, place, isFirst: isFirst) : -1
            if behind >= 0, behind <= scanner.end {
                place = behind
            } else {
                let gapStart = place
                place = scanner.space(place)
                if scanner.bytes[place] == 0x7D, place < scanner.end { break }
                if !isFirst {
                    guard scanner.bytes[place] == 0x2C else { return scanner.fail(.noSeparatorInObject, at: place) }
                    place = scanner.space(place &+ 1)
                }
                node = key(&scanner, of: parent, object, &place)
                if place < 0 { return -1 }
                // A key with escapes is always read: one may be half of a surrogate pair.
                if node >= 0, !scanner.isEscaped {
                    learn(scanner.bytes, node, gapStart, place, isFirst, parent, before)
                }
            }
            if node >= 0 {
                if nodes[node].seenIn == object { duplicate = duplicate ?? outline.name(node) }
                nodes[node].seenIn = object
                nodes[node].object = -1
                place = value(&scanner, of: node, place)
                before = node
                expected = nodes[node].next
            } else {
                place = unknownValue(&scanner, in: parent, place)
            }
            if place < 0 { return -1 }
            isFirst = false
            if scanner.bytes[place] == 0x7D, place < scanner.end { break }
        }
        scanner.depth &-= 1
        return place &+ 1
    }

    /// Behind what is expected before the value of a node; -1 where something else stands there.
    @inline(__always)
    private func behindGap(_ bytes: UnsafeRawBufferPointer, _ node: Int, _ place: Int, isFirst: Bool) -> Int {
        let length = nodes[node].gapLength
        // The padding behind the rows has room for 32 bytes that begin before their end.
        let first = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
        let second = bytes.loadUnaligned(fromByteOffset: place &+ 8, as: UInt64.self)
        var difference =
            (first ^ nodes[node].gap.0) & nodes[node].mask.0 | (second ^ nodes[node].gap.1) & nodes[node].mask.1
        if length > 16 {
            let third = bytes.loadUnaligned(fromByteOffset: place &+ 16, as: UInt64.self)
            let fourth = bytes.loadUnaligned(fromByteOffset: place &+ 24, as: UInt64.self)
            difference |=
                (third ^ nodes[node].gap.2) & nodes[node].mask.2 | (fourth ^ nodes[node].gap.3) & nodes[node].mask.3
        }
        return difference == 0 && length > 0 && nodes[node].isGapFirst == isFirst ? place &+ length : -1
    }

    /// Reads a key and what stands between it and its value; gives the node, or -1 for a key that isn't known.
    ///
    /// `place` is then where the value begins, or -1 where that is no JSON.
    @inline(never)
    private mutating func key(
        _ scanner: inout JSONScanner, of parent: Int, _ object: Int, _ place: inout Int
    ) -> Int {
        let bytes = scanner.bytes
        guard bytes[place] == 0x22 else {
            place = scanner.fail(.noKey, at: place)
            return -1
        }
        let start = place &+ 1
        place = scanner.string(start)
        if place < 0 { return -1 }
        let range = start..<place
        let isEscaped = scanner.isEscaped
        place = scanner.space(place &+ 1)
        guard bytes[place] == 0x3A else {
            place = scanner.fail(.noColon, at: place)
            return -1
        }
        place = scanner.space(place &+ 1)
        var hash = 0
        var node = -1
        let raw = UnsafeRawBufferPointer(rebasing: bytes[range])
        if isEscaped {
            var text: [UInt8] = []
            JSONText.append(raw, to: &text)
            node = text.withUnsafeBytes { table.find($0, in: parent, hash: &hash) }
        } else {
            node = table.find(raw, in: parent, hash: &hash)
        }
        if node < 0 {
            lastKey = range
            if duplicate == nil, !unknownKeys.insert(range, hash: hash, of: object, in: bytes) {
                let parents = outline.keys(parent == unknownNode ? unknownPath.node : parent)
                let between = parent == unknownNode ? unknownPath.keys + [range] : [range]
                duplicate = JSONPath.name(parents + between.map { JSONUnknownKeys.name(bytes, $0) })
            }
        }
        return node
    }

    /// Passes over the value of a key that isn't known; of an object that would be columns had it stood at the head of the
    /// file, the keys are looked at.
    private mutating func unknownValue(_ scanner: inout JSONScanner, in parent: Int, _ place: Int) -> Int {
        // Null says no more than an absent key.
        if scanner.bytes[place] != 0x6E { isUnfitting = true }
        guard scanner.bytes[place] == 0x7B, scanner.depth < flattenedLevels else { return scanner.value(place) }
        if parent != unknownNode { unknownPath.node = parent }
        unknownPath.keys.append(lastKey)
        defer { unknownPath.keys.removeLast() }
        return members(&scanner, of: unknownNode, place &+ 1)
    }

    /// Passes over an object of whose keys none is known.
    @inline(never)
    private mutating func objectWithoutKnownKeys(_ scanner: inout JSONScanner, of node: Int, _ place: Int) -> Int {
        guard scanner.depth < flattenedLevels else { return scanner.value(place) }
        unknownPath.node = node
        // The column has the whole object.
        let wasUnfitting = isUnfitting
        defer { isUnfitting = wasUnfitting }
        return members(&scanner, of: unknownNode, place &+ 1)
    }

    /// Remembers what stands before the value of a node, and that it follows `before`.
    private func learn(
        _ bytes: UnsafeRawBufferPointer, _ node: Int, _ start: Int, _ end: Int, _ isFirst: Bool, _ parent: Int,
        _ before: Int
    ) {
        if before >= 0 { nodes[before].next = node } else { nodes[parent].first = node }
        let length = end - start
        guard length <= 32 else {
            nodes[node].gapLength = 0
            return
        }
        func word(_ index: Int) -> (UInt64, UInt64) {
            let used = min(8, max(0, length - index * 8))
            let mask: UInt64 = used == 8 ? ~0 : (1 << UInt64(used * 8)) - 1
            return (bytes.loadUnaligned(fromByteOffset: start + index * 8, as: UInt64.self), UInt64(littleEndian: mask))
        }
        let words = (word(0), word(1), word(2), word(3))
        nodes[node].gap = (words.0.0, words.1.0, words.2.0, words.3.0)
        nodes[node].mask = (words.0.1, words.1.1, words.2.1, words.3.1)
        nodes[node].gapLength = length
        nodes[node].isGapFirst = isFirst
    }

    private func forgetGaps() {
        for node in nodes.indices { nodes[node].gapLength = 0 }
    }

    /// Empties the cells of the row that only an object said something about which was not the last one under its key.
    ///
    /// Once a row, however often keys stand in it.
    private func forgetRepeated() {
        for (cell, node) in wanted.enumerated() {
            var node = node
            while node > 0, nodes[node].seenIn == nodes[outline.nodes[node].parent].object {
                node = outline.nodes[node].parent
            }
            if node > 0 { cells.setMissing(cell, row) }
        }
    }

    /// Passes over the value of a node and notes where it lies.
    @inline(__always)
    private mutating func value(_ scanner: inout JSONScanner, of node: Int, _ start: Int) -> Int {
        var start = start
        if scanner.bytes[start] <= 0x20 { start = scanner.space(start) }
        let cell = nodes[node].cell
        var end: Int
        let kind: UInt8
        switch scanner.bytes[start] {
        case 0x22:
            end = scanner.string(start &+ 1)
            if end < 0 { return -1 }
            if cell >= 0 {
                kind = scanner.isEscaped ? JSONKind.escapedText : JSONKind.text
                if scanner.isEscaped { escaped.append((cell, row)) }
                cells.put(cell, row, start &+ 1, end, kind)
            } else if cell == Node.objectOnly {
                noObject = noObject ?? (node, start)
            }
            return end &+ 1
        case 0x2D, 0x30...0x39:
            var isWhole = false
            end = scanner.number(start, isWhole: &isWhole)
            kind = isWhole ? JSONKind.whole : JSONKind.fraction
        case 0x6E:
            // An object that the key of this one had before may have left a value.
            if cell >= 0 { cells.setMissing(cell, row) }
            return scanner.word(start)
        case 0x7B where nodes[node].hasChildren:
            end = members(&scanner, of: node, start &+ 1)
            if end >= 0, cell >= 0 { cells.put(cell, row, start, end, JSONKind.container) }
            return end
        case 0x7B:
            end = objectWithoutKnownKeys(&scanner, of: node, start)
            kind = JSONKind.container
        case 0x5B:
            end = scanner.value(start)
            kind = JSONKind.container
        default:
            end = scanner.word(start)
            kind = scanner.bytes[start] == 0x74 ? JSONKind.yes : JSONKind.no
        }
        if end < 0 { return -1 }
        if cell >= 0 {
            cells.put(cell, row, start, end, kind)
        } else if cell == Node.objectOnly {
            noObject = noObject ?? (node, start)
        }
        return end
    }
}
