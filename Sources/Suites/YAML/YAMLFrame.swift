import Expectations
import Tables

/// A list or mapping that is being read.
struct YAMLFrame {
    let mark: SourceMark
    let properties: YAMLProperties
    let isFlow: Bool
    let isMapping: Bool
    private var items: [YAMLNode] = []
    private var entries: [YAMLNode.Entry] = []
    private var merged: [YAMLNode.Entry] = []
    // By their bytes: names of columns are keys that are only equal by Unicode's rules are two.
    private var mergedKeys: Set<ColumnName> = []
    private var keys: [ColumnName: SourceMark] = [:]
    private var pending: (key: String, isPlain: Bool, mark: SourceMark)?
    private var weight = 1
    private var height = 1

    init(mark: SourceMark, properties: YAMLProperties, isFlow: Bool, isMapping: Bool) {
        self.mark = mark
        self.properties = properties
        self.isFlow = isFlow
        self.isMapping = isMapping
    }

    /// Whether the next node is a key.
    var wantsKey: Bool { isMapping && pending == nil }

    var built: YAMLComposer.Built {
        guard isMapping else {
            return YAMLComposer.Built(
                node: YAMLNode(content: .sequence(items), mark: mark), weight: weight, height: height)
        }
        let inherited = merged.filter { keys[ColumnName($0.key)] == nil }
        return YAMLComposer.Built(
            node: YAMLNode(content: .mapping(inherited + entries), mark: mark), weight: weight, height: height)
    }

    /// Adds the next item, key or value; `keyMark` is where an alias stands.
    mutating func add(_ built: YAMLComposer.Built, keyMark: SourceMark?, problems: inout Problems) throws(SuiteError) {
        weight += built.weight
        height = max(height, built.height + 1)
        let node = built.node
        guard isMapping else {
            if isFlow, let whole = FlowParentheses.joined(items.last, node) {
                items[items.count - 1] = whole
            } else {
                items.append(node)
            }
            return
        }
        guard let (key, isPlain, mark) = pending else {
            try begin(node, keyMark ?? node.mark)
            return
        }
        pending = nil
        if key == "<<", isPlain {
            merge(node, at: mark, problems: &problems)
        } else if isFlow, isPlain, let whole = FlowParentheses.joined(entries.last?.value, key: key, value: node) {
            entries[entries.count - 1].value = whole
        } else if let first = keys[ColumnName(key)] {
            problems.add(
                "yaml-duplicate-key", "the key \(quoted(key)) stands here a second time", at: mark,
                hint: "the first is at \(first.line):\(first.column)")
        } else {
            keys[ColumnName(key)] = mark
            entries.append(YAMLNode.Entry(key: key, mark: mark, value: node))
        }
    }

    private mutating func begin(_ node: YAMLNode, _ mark: SourceMark) throws(SuiteError) {
        guard case .scalar(let scalar) = node.content else {
            throw SuiteError(
                code: "yaml-syntax", message: "a key must be text, got \(node.found)", location: mark,
                hint: "a text with brackets or braces needs quotes")
        }
        guard scalar.text.utf8.count <= Limits.keyBytes else {
            throw .limit("a key is longer than \(Wording.count(Limits.keyBytes)) bytes", mark)
        }
        pending = (scalar.text, scalar.isPlain, mark)
    }

    /// Takes over what `<<` names: own keys win over merged ones, earlier merged ones over later ones.
    private mutating func merge(_ node: YAMLNode, at mark: SourceMark, problems: inout Problems) {
        for source in node.items ?? [node] {
            guard let inherited = source.entries else {
                problems.add(
                    "yaml-syntax", "<< takes a mapping or a list of mappings, got \(source.found)", at: source.mark)
                return
            }
            for entry in inherited where mergedKeys.insert(ColumnName(entry.key)).inserted { merged.append(entry) }
        }
    }
}

/// `decimal(12,2)` in braces or brackets, where YAML ends a text at each comma.
///
/// A text like `decimal(12` that is followed by one like `2)` was one text: nothing else is spelt so.
enum FlowParentheses {
    static func joined(_ head: YAMLNode?, _ tail: YAMLNode) -> YAMLNode? {
        guard case .scalar(let scalar) = tail.content, scalar.isPlain else { return nil }
        return joined(head, text: scalar.text)
    }

    static func joined(_ head: YAMLNode?, key: String, value: YAMLNode) -> YAMLNode? {
        guard case .scalar(let scalar) = value.content, scalar.isPlain, scalar.text.isEmpty else { return nil }
        return joined(head, text: key)
    }

    private static func joined(_ head: YAMLNode?, text tail: String) -> YAMLNode? {
        guard tail.last == ")", isNumber(tail.dropLast()), let head, case .scalar(let scalar) = head.content,
            scalar.isPlain, scalar.written == nil, let open = scalar.text.firstIndex(of: "("),
            open > scalar.text.startIndex,
            isNumber(scalar.text[scalar.text.index(after: open)...])
        else { return nil }
        return YAMLNode(
            content: .scalar(YAMLScalar(text: scalar.text + "," + tail, isPlain: true)), mark: head.mark)
    }

    private static func isNumber(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.count < 4 && text.utf8.allSatisfy { $0 &- 0x30 <= 9 }
    }
}
