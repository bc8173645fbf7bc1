import Expectations
import Tables

/// Reads one asset of a project file.
struct AssetReader {
    /// The folder that relative paths begin at.
    let folder: String

    private static let keys = [
        "csv", "json", "parquet", "delta", "delimiter", "header", "quote", "null", "missing_values", "timezone",
        "columns",
        "tags", "max_row_bytes", "compression", "version", "timestamp", "upstream", "description",
    ]
    /// Keys that only some formats have, and what is said of the others.
    private static let limits: [(keys: [String], formats: Set<Asset.Format>, reason: String)] = [
        (["delimiter", "header", "quote"], [.csv], "is for delimited files"),
        (
            ["null", "missing_values", "columns", "max_row_bytes", "compression"], [.csv, .json],
            "is for files of text"
        ),
        (["version", "timestamp"], [.delta], "is for Delta tables"),
    ]
    private static let absentKeys = [
        "avro", "orc", "excel", "sqlite", "postgres", "postgresql", "mysql",
        "duckdb",
        "bigquery", "snowflake", "spark", "sql", "query", "connection",
    ]

    /// `nil` where something is wrong that leaves no asset.
    func asset(_ entry: YAMLNode.Entry, _ problems: inout Problems) -> Asset? {
        let subject = "the asset \(quoted(entry.key))"
        let before = problems.errors.count
        guard
            let mapping = MappingReader(
                entry.value, subject, keys: Self.keys, absent: Self.absentKeys, problems: &problems)
        else { return nil }
        guard let format = Asset.Format.allCases.first(where: { mapping[$0.rawValue] != nil }),
            let pattern = mapping[format.rawValue]
        else {
            if problems.errors.count == before {
                problems.add(
                    "missing-key", "\(subject) needs csv, json, parquet or delta, the path of its files", at: entry.mark
                )
            }
            return nil
        }
        let name = format.rawValue
        let patterns = pattern.texts(name, &problems) ?? []
        for case (let text, let node) in zip(patterns, pattern.items ?? [pattern]) where text.isEmpty {
            problems.add("bad-value", "\(name) must not be empty", at: node.mark)
        }
        if pattern.items?.isEmpty == true { problems.add("bad-value", "\(name) must not be empty", at: pattern.mark) }
        for other in Asset.Format.allCases where other != format {
            guard let entry = mapping.entry(other.rawValue) else { continue }
            problems.add("bad-value", "\(subject) is \(name) or \(other.rawValue), not both", at: entry.mark)
        }
        for limit in Self.limits where !limit.formats.contains(format) {
            for entry in limit.keys.compactMap({ mapping.entry($0) }) {
                problems.add("bad-value", "\(entry.key) \(limit.reason), and \(subject) is \(name)", at: entry.mark)
            }
        }
        if format == .delta, patterns.count > 1 {
            problems.add("bad-value", "delta must be the folder of one table, got \(pattern.found)", at: pattern.mark)
        }
        return Asset(
            name: entry.key, format: format, patterns: patterns.map { Path.joined(folder, $0) },
            text: TextFormReader.form(mapping, &problems),
            personalColumns: mapping["tags"].map { personalColumns($0, &problems) } ?? [],
            version: version(mapping, &problems),
            upstream: mapping["upstream"]?.texts("upstream", &problems) ?? [], mark: entry.mark)
    }

    private func version(_ mapping: MappingReader, _ problems: inout Problems) -> Asset.Version {
        if let number = mapping["version"]?.integer("version", in: 0...(.max), &problems) {
            if let other = mapping.entry("timestamp") {
                problems.add("bad-value", "a table has a version or a timestamp, not both", at: other.mark)
            }
            return .number(number)
        }
        guard let node = mapping["timestamp"], var text = node.text("timestamp", &problems) else { return .latest }
        guard let reading = text.withUTF8({ CivilTime.parseTimestamp(UnsafeRawBufferPointer($0)) }) else {
            problems.add(
                "bad-value", "timestamp must be a date and time, got \(node.found)", at: node.mark,
                hint: "write it as in 2026-11-01T10:00:00Z")
            return .latest
        }
        return .timestamp(microseconds: reading.local - Int64(reading.offset ?? 0) * CivilTime.microsecondsPerSecond)
    }

    private func personalColumns(_ node: YAMLNode, _ problems: inout Problems) -> Set<String> {
        guard let entries = node.entries else {
            problems.add("bad-value", "tags must be a mapping of columns to tags, got \(node.found)", at: node.mark)
            return []
        }
        return Set(entries.filter { ColumnTags.arePersonal($0.value, &problems) }.map(\.key))
    }
}
