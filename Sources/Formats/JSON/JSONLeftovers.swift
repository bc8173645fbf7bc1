public import Tables

/// Finds what of a JSON record is in none of a table's columns.
///
/// The record is walked as the reader of batches walks it: objects on the way to columns are entered, everything else is a value. One
/// thread's own; made for the few rows that need it.
public struct JSONLeftovers {
    /// A value that is in no column, as it stands in the record.
    public struct Value {
        public enum Reason {
            /// The key is none of the columns.
            case unknown
            /// The value is none of the column's type, or stands where only an object does.
            case unfit
            /// The same key follows later in the same object.
            case repeated
        }

        /// The column's name, or what it would be.
        public let name: String
        /// Valid for the call only.
        public let raw: UnsafeRawBufferPointer
        public let reason: Reason
    }

    private let outline: JSONOutline
    private let table: JSONKeyTable
    /// By node: the column, or -1.
    private var columns: [Int]
    private let flattenedLevels: Int
    private var text: [UInt8] = []

    /// `columns` are names of the table's columns, in its order.
    public init(columns names: [String], flattenedLevels: Int) {
        var outline = JSONOutline()
        let nodes = names.map { outline.declare($0) }
        columns = [Int](repeating: -1, count: outline.nodes.count)
        for (column, node) in nodes.enumerated() { columns[node] = column }
        table = JSONKeyTable(outline)
        self.outline = outline
        self.flattenedLevels = flattenedLevels
    }

    /// Calls `body` with each value of the record that is in no column, in their order; `isUnfit` says of a column whether its cell is
    /// no value of its type.
    ///
    /// Null and an empty object where only objects are say no more than an absent key, and are left out.
    ///
    /// - Returns: false where the record is no JSON object; nothing was called then.
    public mutating func find(
        in record: UnsafeRawBufferPointer, isUnfit: (Int) -> Bool, _ body: (Value) -> Void
    ) -> Bool {
        text.removeAll(keepingCapacity: true)
        text.append(contentsOf: record)
        text.append(contentsOf: JSONScanner.padding)
        return text.withUnsafeBytes { bytes in
            JSONScanner.withContainers { containers in
                var scanner = JSONScanner(bytes, end: record.count, isLine: false, containers: containers)
                let start = scanner.space(0)
                guard start < record.count, bytes[start] == 0x7B else { return false }
                let end = scanner.value(start)
                guard end >= 0, scanner.space(end) == record.count else { return false }
                var walk = Walk(scanner: scanner, outline: outline, table: table, columns: columns)
                walk.members(of: 0, from: start + 1, isUnfit, body)
                return true
            }
        }
    }

    /// The paths below a value, and what their values look like, as the beginning of a file would show them.
    public func paths(
        of name: String, _ raw: UnsafeRawBufferPointer, missingValues: Set<String>,
        _ body: (_ name: String, _ type: LogicalType?) -> Void
    ) {
        var options = JSONOptions()
        options.missingValues = missingValues
        options.flattenedLevels = flattenedLevels
        let keys = JSONPath.keys(name)
        var outline = JSONOutline()
        // The value stands under its keys again, so that levels are counted alike.
        var row = keys.map { "{" + JSON.string($0).text() + ":" }.joined().utf8.map { $0 }
        row.append(contentsOf: raw)
        row.append(contentsOf: [UInt8](repeating: 0x7D, count: keys.count))
        let count = row.count
        row.append(contentsOf: JSONScanner.padding)
        row.withUnsafeBytes { bytes in
            JSONScanner.withContainers { containers in
                var scanner = JSONScanner(bytes, end: count, isLine: false, containers: containers)
                outline.take(row: 0, &scanner, options)
            }
        }
        for node in outline.nodes.indices where outline.nodes[node].isColumn {
            let guess = outline.nodes[node].inference
            body(outline.name(node), guess.isEmpty ? nil : guess.result)
        }
    }

    /// One record's walk; it was made once before and cannot fail.
    private struct Walk {
        var scanner: JSONScanner
        let outline: JSONOutline
        let table: JSONKeyTable
        let columns: [Int]

        private struct Member {
            let key: [UInt8]
            let node: Int
            let value: Range<Int>
        }

        mutating func members(
            of parent: Int, from start: Int, _ isUnfit: (Int) -> Bool, _ body: (Value) -> Void
        ) {
            let members = list(of: parent, from: start)
            // The last one of a key counts.
            var last: [[UInt8]: Int] = [:]
            for (place, member) in members.enumerated() { last[member.key] = place }
            for (place, member) in members.enumerated() {
                let first = scanner.bytes[member.value.lowerBound]
                if last[member.key] != place {
                    report(member, of: parent, .repeated, body)
                } else if first == 0x6E {
                    continue
                } else if member.node < 0 {
                    report(member, of: parent, .unknown, body)
                } else {
                    let column = columns[member.node]
                    let isEntered = first == 0x7B && !outline.nodes[member.node].children.isEmpty
                    if column >= 0 ? isUnfit(column) : !isEntered {
                        report(member, of: parent, .unfit, body)
                    } else if isEntered {
                        self.members(of: member.node, from: member.value.lowerBound + 1, isUnfit, body)
                    }
                }
            }
        }

        /// The members of an object whose brace stands before `start`.
        private mutating func list(of parent: Int, from start: Int) -> [Member] {
            var members: [Member] = []
            var place = scanner.space(start)
            while scanner.bytes[place] != 0x7D {
                if scanner.bytes[place] == 0x2C { place = scanner.space(place + 1) }
                let keyEnd = scanner.string(place + 1)
                var key: [UInt8] = []
                JSONText.append(UnsafeRawBufferPointer(rebasing: scanner.bytes[place + 1..<keyEnd]), to: &key)
                let value = scanner.space(scanner.space(keyEnd + 1) + 1)
                place = scanner.value(value)
                var hash = 0
                let node = key.withUnsafeBytes { table.find($0, in: parent, hash: &hash) }
                members.append(Member(key: key, node: node, value: value..<place))
                place = scanner.space(place)
            }
            return members
        }

        private func report(
            _ member: Member, of parent: Int, _ reason: Value.Reason, _ body: (Value) -> Void
        ) {
            let name = JSONPath.name(outline.keys(parent) + [String(decoding: member.key, as: UTF8.self)])
            body(
                Value(
                    name: name, raw: UnsafeRawBufferPointer(rebasing: scanner.bytes[member.value]), reason: reason))
        }
    }
}
