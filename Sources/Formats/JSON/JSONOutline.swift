import Tables

/// The paths that rows of a table have: a tree of keys, the row itself at its root.
struct JSONOutline: Sendable {
    struct Node: Sendable {
        /// As UTF-8, without escapes.
        let key: [UInt8]
        let parent: Int
        let level: Int
        /// Its place in the order of first appearance.
        fileprivate(set) var rank: Int
        fileprivate(set) var children: [Int] = []
        /// What its values look like.
        fileprivate(set) var inference = TypeInference()
        /// Whether something else than an object with keys stood there.
        fileprivate(set) var hasValues = false
        fileprivate(set) var isDeclared = false
        /// Whether a row has the key.
        fileprivate(set) var isSeen = false
        /// Whether all rows were read and none has the key.
        fileprivate(set) var isAbsent = false

        /// Whether the path is a column, besides those of its keys.
        var isColumn: Bool { level > 0 && !isAbsent && (hasValues || isDeclared || children.isEmpty) }
    }

    /// The root first, a parent before its children; in order of first appearance.
    private(set) var nodes = [Node(key: [], parent: -1, level: 0, rank: 0)]
    private var nextRank = 1
    private var places: [Place: Int] = [:]

    private struct Place: Hashable {
        let parent: Int
        let key: [UInt8]
    }

    /// The nodes that are columns, in order of first appearance.
    var columns: [Int] { nodes.indices.filter { nodes[$0].isColumn }.sorted { nodes[$0].rank < nodes[$1].rank } }

    private mutating func takeRank() -> Int {
        defer { nextRank += 1 }
        return nextRank
    }

    private mutating func child(_ key: [UInt8], of parent: Int) -> Int {
        let place = Place(parent: parent, key: key)
        if let known = places[place] { return known }
        let node = nodes.count
        nodes.append(Node(key: key, parent: parent, level: nodes[parent].level + 1, rank: takeRank()))
        nodes[parent].children.append(node)
        places[place] = node
        return node
    }

    /// Adds paths that rows to come may have; they are columns unless an object with keys was seen there.
    ///
    /// A name that differs from a column's in capitals alone stands for that one.
    mutating func expect(_ names: Set<ColumnName>) {
        let known = Set(nodes.indices.filter { nodes[$0].isColumn }.map { ColumnName(name($0)).folded })
        for name in names.sorted() where !known.contains(name.folded) {
            var node = 0
            for key in JSONPath.keys(name.text) { node = child(Array(key.utf8), of: node) }
        }
    }

    /// Adds a column that somebody named; gives its node.
    @discardableResult
    mutating func declare(_ name: String) -> Int {
        var node = 0
        for key in JSONPath.keys(name) { node = child(Array(key.utf8), of: node) }
        nodes[node].isDeclared = true
        return node
    }

    /// Adds a column that rows turned out to have, behind all others.
    mutating func add(_ name: String) {
        let node = declare(name)
        nodes[node].isSeen = true
        nodes[node].rank = takeRank()
    }

    /// Notes that all rows were read: columns that none has are none.
    mutating func dropUnseen() {
        for node in nodes.indices.dropFirst() where nodes[node].isColumn && !nodes[node].isSeen {
            nodes[node].isAbsent = true
        }
    }

    /// The name of a node's column.
    func name(_ node: Int) -> String { JSONPath.name(keys(node)) }

    /// The keys that lead to a node, outermost first.
    func keys(_ node: Int) -> [String] { path(node).map { String(decoding: $0, as: UTF8.self) } }

    /// The keys that lead to a node, outermost first, as UTF-8.
    func path(_ node: Int) -> [[UInt8]] {
        var keys: [[UInt8]] = []
        var node = node
        while node > 0 {
            keys.append(nodes[node].key)
            node = nodes[node].parent
        }
        return keys.reversed()
    }
}

extension JSONOutline {
    /// Takes in the paths and values of a row, where it is well-formed and an object; anything else is passed over.
    mutating func take(row start: Int, _ scanner: inout JSONScanner, _ options: JSONOptions) {
        let place = scanner.space(start)
        guard scanner.bytes[place] == 0x7B else { return }
        // A row with text behind its object is no JSON, and its keys are no columns.
        let end = scanner.value(place)
        guard end >= 0, scanner.isAtEnd(scanner.space(end)) else { return }
        _ = takeObject(0, place + 1, &scanner, options)
    }

    /// Takes in the value that starts somewhere in a well-formed row, under the keys that lead to it.
    mutating func take(_ keys: [[UInt8]], valueAt place: Int, _ scanner: inout JSONScanner, _ options: JSONOptions) {
        var node = 0
        for key in keys { node = child(key, of: node) }
        _ = takeValue(node, place, &scanner, options)
    }

    /// Gives the place behind the object whose `{` stands before `start`.
    ///
    /// The walk was made before: it cannot fail.
    private mutating func takeObject(
        _ node: Int, _ start: Int, _ scanner: inout JSONScanner, _ options: JSONOptions
    ) -> Int {
        let bytes = scanner.bytes
        var place = scanner.space(start)
        while bytes[place] != 0x7D {
            if bytes[place] == 0x2C { place = scanner.space(place + 1) }
            let keyStart = place + 1
            let keyEnd = scanner.string(keyStart)
            var key: [UInt8] = []
            JSONText.append(UnsafeRawBufferPointer(rebasing: bytes[keyStart..<keyEnd]), to: &key)
            place = scanner.space(scanner.space(keyEnd + 1) + 1)
            let isText = key.withUnsafeBytes { TextCheck.firstInvalid($0, from: 0) == nil }
            if isText {
                place = takeValue(child(key, of: node), place, &scanner, options)
            } else {
                place = scanner.value(place)
            }
            place = scanner.space(place)
        }
        return place + 1
    }

    private mutating func takeValue(
        _ node: Int, _ start: Int, _ scanner: inout JSONScanner, _ options: JSONOptions
    ) -> Int {
        let bytes = scanner.bytes
        nodes[node].isSeen = true
        if bytes[start] == 0x7B, nodes[node].level < options.flattenedLevels,
            bytes[scanner.space(start + 1)] != 0x7D
        {
            return takeObject(node, start + 1, &scanner, options)
        }
        let end = scanner.value(start)
        switch bytes[start] {
        case 0x6E: return end
        case 0x22:
            let raw = UnsafeRawBufferPointer(rebasing: bytes[start + 1..<end - 1])
            if !Self.isMissing(raw, options) { nodes[node].inference.take(Self.shape(ofText: raw)) }
        case 0x74, 0x66: nodes[node].inference.take(ValueShape.boolean)
        case 0x7B, 0x5B: nodes[node].inference.take(.text)
        default:
            let raw = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
            if !Self.isMissing(raw, options) { nodes[node].inference.take(.number(NumberFit(raw))) }
        }
        nodes[node].hasValues = true
        return end
    }

    private static func shape(ofText raw: UnsafeRawBufferPointer) -> ValueShape {
        guard raw.contains(0x5C) else { return ValueShape(raw, kind: JSONKind.text) }
        var text: [UInt8] = []
        JSONText.append(raw, to: &text)
        return text.withUnsafeBytes { ValueShape($0, kind: JSONKind.text) }
    }

    private static func isMissing(_ raw: UnsafeRawBufferPointer, _ options: JSONOptions) -> Bool {
        options.missingValues.contains { $0.utf8.count == raw.count && raw.elementsEqual($0.utf8) }
    }
}

extension ValueShape {
    /// What a JSON value looks like; of a text, what stands between the quotes, without escapes.
    ///
    /// Numbers in quotes are text.
    init(_ bytes: UnsafeRawBufferPointer, kind: UInt8) {
        switch kind {
        case JSONKind.text: self.init(time: NumberText.trimmed(bytes))
        case JSONKind.whole, JSONKind.fraction: self = .number(NumberFit(bytes))
        case JSONKind.yes, JSONKind.no: self = .boolean
        default: self = .text
        }
    }
}
