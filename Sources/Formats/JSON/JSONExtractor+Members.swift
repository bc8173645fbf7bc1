import Tables

extension JSONExtractor {
    /// Passes over the members of an object whose brace stands before `start`; gives the place behind its closing brace, or -1.
    mutating func members(_ scanner: inout JSONScanner, of parent: Int, _ start: Int) -> Int {
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
            let behind = expected >= 0 ? nodes[expected].behindGap(scanner.bytes, place, isFirst: isFirst) : -1
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
                if node >= 0, nodes[node].isAwaited { noteAwaited(node) }
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
            lastHash = hash
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
        if parent != unknownNode { unknownPath.node = parent }
        let around = unknownHash
        let hash = parent == unknownNode ? around.map { ($0 &* 31) ^ lastHash } : lastHash
        let isEntered = scanner.bytes[place] == 0x7B && scanner.depth < flattenedLevels
        if !isEntered || scanner.bytes[scanner.space(place &+ 1)] == 0x7D { noteLate(hash, place) }
        guard isEntered else { return scanner.value(place) }
        unknownPath.keys.append(lastKey)
        unknownHash = hash
        defer {
            unknownPath.keys.removeLast()
            unknownHash = around
        }
        return members(&scanner, of: unknownNode, place &+ 1)
    }

    /// Notes that a row has a key that was awaited.
    ///
    /// Nothing is expected before the value of a key until it was read once: none is passed over.
    private mutating func noteAwaited(_ node: Int) {
        nodes[node].isAwaited = false
        lateKeys?.note(JSONLateKeys.Key(row: firstRow + row, node: node))
    }

    /// Notes the last key as one that first appears here, where that is so.
    private mutating func noteLate(_ hash: Int?, _ place: Int) {
        guard let hash, lateKeys?.isNew(hash) == true else { return }
        lateKeys?.note(
            JSONLateKeys.Key(
                row: firstRow + row, node: unknownPath.node, path: unknownPath.keys + [lastKey], place: place,
                hash: hash))
    }

    /// Passes over an object of whose keys none is known.
    @inline(never)
    private mutating func objectWithoutKnownKeys(_ scanner: inout JSONScanner, of node: Int, _ place: Int) -> Int {
        guard scanner.depth < flattenedLevels else { return scanner.value(place) }
        unknownPath.node = node
        // The column has the whole object.
        let (wasUnfitting, around) = (isUnfitting, unknownHash)
        unknownHash = nil
        defer { (isUnfitting, unknownHash) = (wasUnfitting, around) }
        return members(&scanner, of: unknownNode, place &+ 1)
    }

    /// Remembers what stands before the value of a node, and that it follows `before`.
    private func learn(
        _ bytes: UnsafeRawBufferPointer, _ node: Int, _ start: Int, _ end: Int, _ isFirst: Bool, _ parent: Int,
        _ before: Int
    ) {
        if before >= 0 { nodes[before].next = node } else { nodes[parent].first = node }
        nodes[node].learnGap(bytes, start, end, isFirst: isFirst)
    }

    /// Empties the cells of the row that only an object said something about which was not the last one under its key.
    ///
    /// Once a row, however often keys stand in it.
    func forgetRepeated() {
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
            } else if cell == JSONExpectedKey.objectOnly {
                isUnfitting = true
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
        } else if cell == JSONExpectedKey.objectOnly {
            // The keys it would have as an object are absent.
            isUnfitting = true
        }
        return end
    }
}
