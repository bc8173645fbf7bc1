import Expectations
import Tables

/// Reads the keys that say how files of text are written: those of an asset, or of a pipeline's source.
enum TextFormReader {
    static let keys = [
        "delimiter", "header", "quote", "null", "missing_values", "timezone", "columns", "max_row_bytes", "compression",
    ]

    static func form(_ mapping: MappingReader, _ problems: inout Problems) -> TextForm {
        let missing = ["null", "missing_values"].compactMap { key in
            mapping.entry(key)?.value.texts(key, &problems)
        }
        let delimiter = mapping["delimiter"].flatMap { character($0, "delimiter", &problems) }
        let quote = quote(mapping, &problems)
        if let delimiter, delimiter == quote, let node = mapping["delimiter"] {
            problems.add("bad-value", "delimiter must not be the character that quotes fields", at: node.mark)
        }
        return TextForm(
            delimiter: delimiter, header: mapping["header"].flatMap { header($0, &problems) } ?? .automatic,
            quote: quote, missingValues: missing.flatMap(\.self), timezone: mapping.text("timezone", &problems),
            timezoneMark: mapping["timezone"]?.mark,
            declaredTypes: mapping["columns"].map { types($0, &problems) } ?? [:],
            columnsMark: mapping["columns"]?.mark,
            maximumRowBytes: mapping["max_row_bytes"].flatMap { maximumRowBytes($0, &problems) },
            compression: mapping["compression"]?.choice("compression", &problems) ?? .automatic)
    }

    private static func maximumRowBytes(_ node: YAMLNode, _ problems: inout Problems) -> Int? {
        guard let count = node.byteCount("max_row_bytes", &problems) else { return nil }
        if count > 1 << 30 { problems.add("bad-value", "max_row_bytes must be at most 1GiB", at: node.mark) }
        return Int(min(count, 1 << 30))
    }

    private static func character(_ node: YAMLNode, _ name: String, _ problems: inout Problems) -> UInt8? {
        guard let text = node.text(name, &problems) else { return nil }
        let written = text == "\\t" || text == "tab" ? "\t" : text
        guard written.utf8.count == 1, let byte = written.utf8.first, byte == 0x09 || (0x20..<0x7F).contains(byte)
        else {
            problems.add("bad-value", "\(name) must be one ASCII character, got \(node.found)", at: node.mark)
            return nil
        }
        return byte
    }

    /// A character, or `false` for none.
    private static func quote(_ mapping: MappingReader, _ problems: inout Problems) -> UInt8? {
        guard let node = mapping["quote"] else { return 0x22 }
        if case .boolean(false) = node.argument.content { return nil }
        return character(node, "quote", &problems)
    }

    private static func header(_ node: YAMLNode, _ problems: inout Problems) -> TextForm.Header? {
        if let items = node.items {
            guard let names = node.texts("header", &problems) else { return nil }
            var seen: Set<ColumnName> = []
            for (name, item) in zip(names, items) where !seen.insert(ColumnName(name)).inserted {
                problems.add("bad-value", "header names \(quoted(name)) twice", at: item.mark)
            }
            if names.isEmpty { problems.add("bad-value", "header must not be an empty list", at: node.mark) }
            return .names(names)
        }
        guard case .boolean(let isThere) = node.argument.content else {
            problems.add(
                "bad-value", "header must be true, false or a list of columns' names, got \(node.found)", at: node.mark)
            return nil
        }
        return isThere ? .firstRow : .absent
    }

    private static func types(_ node: YAMLNode, _ problems: inout Problems) -> [ColumnName: TypeName] {
        guard let entries = node.entries else {
            problems.add("bad-value", "columns must be a mapping of columns to types, got \(node.found)", at: node.mark)
            return [:]
        }
        var types: [ColumnName: TypeName] = [:]
        for entry in entries where !problems.isFull {
            guard let text = entry.value.text("the type of \(quoted(entry.key))", &problems) else { continue }
            guard let type = TypeName(text) else {
                let hint = entry.value.isFilled ? nil : Suggestion.nearest(to: text, among: TypeName.known)
                problems.add(
                    "bad-value", "there is no type \(entry.value.quotedText)", at: entry.value.mark,
                    hint: hint.map { "did you mean \($0)?" }
                        ?? "boolean, int64, uint64, float64, decimal(p,s), string, binary, date, time, timestamp, duration are"
                )
                continue
            }
            types[ColumnName(entry.key)] = type
        }
        return types
    }
}
