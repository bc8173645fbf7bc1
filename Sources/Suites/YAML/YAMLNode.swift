import Expectations

/// A value as a person wrote it in a YAML or JSON file, with its place.
struct YAMLNode: Sendable {
    indirect enum Content: Sendable {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        /// Entries in the order they were written; no key stands there twice.
        case mapping([Entry])
    }

    struct Entry: Sendable {
        let key: String
        let mark: SourceMark
        var value: YAMLNode
    }

    let content: Content
    let mark: SourceMark

    /// Whether nothing was written, or `null`.
    var isNull: Bool {
        guard case .scalar(let scalar) = content, case .null = scalar.resolved else { return false }
        return true
    }

    /// The items; `nil` for anything but a list.
    var items: [YAMLNode]? {
        guard case .sequence(let items) = content else { return nil }
        return items
    }

    /// The entries; `nil` for anything but a mapping.
    var entries: [Entry]? {
        guard case .mapping(let entries) = content else { return nil }
        return entries
    }

    /// Where its texts and numbers stand, those in lists and mappings included.
    var scalarMarks: Set<SourceMark> {
        switch content {
        case .scalar: [mark]
        case .sequence(let items): items.reduce(into: []) { $0.formUnion($1.scalarMarks) }
        case .mapping(let entries): entries.reduce(into: []) { $0.formUnion($1.value.scalarMarks) }
        }
    }

    /// The same value for the readers of arguments.
    var argument: Argument {
        switch content {
        case .scalar(let scalar): Argument(scalar.resolved, mark: mark, written: scalar.written)
        case .sequence(let items): Argument(.list(items.map(\.argument)), mark: mark)
        case .mapping(let entries): Argument(.map(entries.map(\.argument)), mark: mark)
        }
    }

    /// What kind of thing was found, for messages; quotes the text as written, never what the environment put in.
    var found: String {
        if case .scalar(let scalar) = content, let written = scalar.written { return quoted(written) }
        return argument.found
    }
}

extension YAMLNode.Entry {
    var argument: Argument.Member { Argument.Member(name: key, mark: mark, value: value.argument) }
}

/// A text in quotes for a message, cut where it is long.
func quoted(_ text: some StringProtocol) -> String {
    let scalars = text.unicodeScalars
    guard scalars.count > 60 else { return "\"\(text)\"" }
    return "\"\(String(String.UnicodeScalarView(scalars.prefix(60))))…\""
}
