import Expectations
import Tables

/// Reads the `source` of a pipeline.
struct StreamSourceReader {
    /// The folder that relative paths begin at.
    let folder: String

    private static let kinds = ["files", "http", "stdin"]
    private static let landingKeys = ["pattern", "recursive", "settle", "on_change"]
    private static let httpKeys = ["token", "max_bytes", "max_request_bytes", "attributes"]
    private static let recordKeys = [
        "format", "schema_evolution", "delimiter", "header", "quote", "null", "missing_values", "timezone", "columns",
        "max_row_bytes", "compression",
    ]

    /// `nil` where something is wrong that leaves no source.
    func source(_ node: YAMLNode, _ problems: inout Problems) -> StreamSource? {
        guard
            let mapping = MappingReader(
                node, "a source", keys: Self.kinds + Self.landingKeys + Self.recordKeys, tolerated: Self.httpKeys,
                absent: ["kafka", "pubsub", "s3", "gcs", "gs"], problems: &problems)
        else { return nil }
        let named = Self.kinds.filter { mapping.entry($0) != nil }
        let records = TextFormReader.form(mapping, &problems)
        let evolution: StreamSource.SchemaEvolution? = mapping["schema_evolution"]?.choice(
            "schema_evolution", &problems)
        guard named.count == 1, let kind = named.first else {
            problems.add(
                named.isEmpty ? "missing-key" : "bad-value",
                named.isEmpty
                    ? "a source needs files, http or stdin"
                    : "a source is \(named.joined(separator: " or ")), not both",
                at: node.mark)
            for kind in named { _ = self.kind(kind, mapping, &problems) }
            return nil
        }
        for entry in mapping.entries where Self.httpKeys.contains(entry.key) {
            guard kind == "http" else {
                problems.add("bad-value", "\(entry.key) is for a source of http", at: entry.mark)
                continue
            }
            problems.add(
                "unknown-key", "\(entry.key) is a key of http, not of the source", at: entry.mark,
                hint: "write http: {\(entry.key): …}")
        }
        if kind != "files" {
            for key in Self.landingKeys + ["delimiter", "header", "quote", "compression"] {
                guard let entry = mapping.entry(key) else { continue }
                problems.add("bad-value", "\(key) is for a source of files", at: entry.mark)
            }
        }
        let format = mapping["format"].flatMap { self.format($0, &problems) }
        if kind != "files", let format, format != .json, let entry = mapping.entry("format") {
            problems.add("bad-value", "records that come over \(kind) are json", at: entry.mark)
        }
        guard let resolved = self.kind(kind, mapping, &problems) else { return nil }
        return StreamSource(
            kind: resolved, format: kind == "files" ? format : .json, records: records,
            evolution: evolution ?? .addNewColumns,
            mark: node.mark)
    }

    private func format(_ node: YAMLNode, _ problems: inout Problems) -> Asset.Format? {
        guard let format: Asset.Format = node.choice("format", &problems) else { return nil }
        if format == .delta {
            problems.add("bad-value", "a source's files are csv, json or parquet, not delta", at: node.mark)
        }
        return format
    }

    private func kind(_ name: String, _ mapping: MappingReader, _ problems: inout Problems) -> StreamSource.Kind? {
        switch name {
        case "files":
            guard let path = mapping.text("files", &problems) else { return nil }
            return .files(
                LandingDefinition(
                    folder: Path.joined(folder, path), patterns: mapping["pattern"]?.texts("pattern", &problems) ?? [],
                    isRecursive: mapping["recursive"]?.flag("recursive", &problems) ?? true,
                    settle: mapping["settle"]?.duration("settle", &problems) ?? LandingDefinition.usualSettle,
                    onChange: mapping["on_change"]?.choice("on_change", &problems) ?? .read))
        case "http": return http(mapping, &problems)
        default:
            guard let node = mapping["stdin"] else { return nil }
            if node.flag("stdin", &problems) == false {
                problems.add("bad-value", "stdin must be true, or be left out", at: node.mark)
            }
            return .standardInput
        }
    }

    /// `http: true`, or what is different about it.
    private func http(_ mapping: MappingReader, _ problems: inout Problems) -> StreamSource.Kind? {
        let standard = HTTPSourceDefinition(
            secretToken: SecretPart(nil), maximumBytes: 1 << 30, maximumRequestBytes: 10 << 20, keepsAttributes: false)
        guard let node = mapping["http"] else { return .http(standard) }
        if case .scalar(let scalar) = node.content, case .boolean(true) = scalar.resolved { return .http(standard) }
        guard node.entries != nil else {
            problems.add(
                "bad-value",
                "http must be true, or a mapping of \(Self.httpKeys.joined(separator: ", ")), got \(node.found)",
                at: node.mark, hint: "write http: true, or http: {max_request_bytes: 10MiB}")
            return nil
        }
        guard let http = MappingReader(node, "http", keys: Self.httpKeys, problems: &problems) else { return nil }
        return .http(
            HTTPSourceDefinition(
                secretToken: http["token"].map { node in problems.secretPart(node) { node.text("token", &$0) } }
                    ?? standard.secretToken,
                maximumBytes: http["max_bytes"]?.byteCount("max_bytes", &problems) ?? standard.maximumBytes,
                maximumRequestBytes: http["max_request_bytes"]?.byteCount("max_request_bytes", &problems)
                    .map { Int(min($0, 1 << 30)) } ?? standard.maximumRequestBytes,
                keepsAttributes: http["attributes"]?.flag("attributes", &problems) ?? false))
    }
}
