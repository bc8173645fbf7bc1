import Expectations
import Tables

/// Reads a mapping whose keys are known, and complains about all others.
struct MappingReader {
    /// As in `a suite`, `the contract of amount`.
    let subject: String
    let mark: SourceMark
    /// Those with known keys, in the order they were written.
    let entries: [YAMLNode.Entry]
    private let byKey: [String: YAMLNode.Entry]

    /// `nil` where the node is no mapping, which is a problem; nothing at all reads as an empty mapping.
    ///
    /// `tolerated` are keys that may stand there and that nobody is told of; `absent` are those that a later version
    /// may know.
    init?(
        _ node: YAMLNode, _ subject: String, keys: [String], tolerated: [String] = [], absent: [String] = [],
        problems: inout Problems
    ) {
        let written: [YAMLNode.Entry]
        if let entries = node.entries {
            written = entries
        } else if node.isNull {
            written = []
        } else {
            problems.add("bad-value", "\(subject) must be a mapping, got \(node.found)", at: node.mark)
            return nil
        }
        self.subject = subject
        mark = node.mark
        var kept: [YAMLNode.Entry] = []
        for entry in written where !problems.isFull {
            if keys.contains(entry.key) || tolerated.contains(entry.key) {
                kept.append(entry)
            } else if absent.contains(entry.key) {
                problems.add(
                    "not-supported", "\(entry.key) is not supported by this version", at: entry.mark)
            } else {
                problems.add(
                    "unknown-key", "\(subject) has no key \(quoted(entry.key))", at: entry.mark,
                    hint: Suggestion.hint(for: entry.key, among: keys))
            }
        }
        entries = kept
        byKey = Dictionary(kept.map { ($0.key, $0) }) { first, _ in first }
    }

    /// The entry of that key, be its value null.
    func entry(_ key: String) -> YAMLNode.Entry? { byKey[key] }

    /// The value of that key; `nil` where it is absent or null.
    subscript(key: String) -> YAMLNode? {
        guard let value = byKey[key]?.value, !value.isNull else { return nil }
        return value
    }

    /// The text of that key; `nil` where it is absent, null, or something else, which is a problem.
    func text(_ key: String, _ problems: inout Problems) -> String? { self[key]?.text(key, &problems) }
}

extension YAMLNode {
    /// The text; anything else is a problem.
    func text(_ name: String, _ problems: inout Problems) -> String? {
        guard case .scalar(let scalar) = content, case .text(let text) = scalar.resolved else {
            problems.add(
                "bad-value", "\(name) must be text, got \(found)", at: mark,
                hint: items == nil && entries == nil && !isNull ? "put it in quotes" : nil)
            return nil
        }
        return text
    }

    /// The texts of a list, or a single one; anything else is a problem.
    func texts(_ name: String, _ problems: inout Problems) -> [String]? {
        guard let items else { return text(name, &problems).map { [$0] } }
        let texts = items.compactMap { $0.text(name, &problems) }
        return texts.count == items.count ? texts : nil
    }

    /// True or false; anything else is a problem.
    func flag(_ name: String, _ problems: inout Problems) -> Bool? {
        guard case .scalar(let scalar) = content, case .boolean(let flag) = scalar.resolved else {
            problems.add("bad-value", "\(name) must be true or false, got \(found)", at: mark)
            return nil
        }
        return flag
    }

    /// A whole number of a range; anything else is a problem.
    func integer(_ name: String, in range: ClosedRange<Int>, _ problems: inout Problems) -> Int? {
        guard case .scalar(let scalar) = content, case .number(let number) = scalar.resolved,
            let integer = number.integer.flatMap({ Int(exactly: $0) }), range.contains(integer)
        else {
            problems.add(
                "bad-value",
                "\(name) must be a whole number from \(Wording.count(range.lowerBound)) through "
                    + "\(Wording.count(range.upperBound)), got \(found)", at: mark)
            return nil
        }
        return integer
    }

    /// One of a few words; anything else is a problem.
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, _ problems: inout Problems
    ) -> Choice? where Choice.RawValue == String {
        guard let text = text(name, &problems) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let words = Choice.allCases.map(\.rawValue)
        problems.add(
            "bad-value", "\(name) must be one of \(words.joined(separator: ", ")), got \(quotedText)", at: mark,
            hint: isFilled ? nil : Suggestion.nearest(to: text, among: words).map { "did you mean \($0)?" })
        return nil
    }

    /// A text in quotes, as it was written.
    var quotedText: String {
        guard case .scalar(let scalar) = content else { return found }
        return quoted(scalar.written ?? scalar.text)
    }

    /// Whether the environment filled something in.
    var isFilled: Bool {
        guard case .scalar(let scalar) = content else { return false }
        return scalar.written != nil
    }
}
