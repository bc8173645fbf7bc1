import Files
public import Tables

/// How a file of data is written.
public enum FileFormat: String, Sendable, Hashable, CaseIterable {
    /// Delimited text.
    case csv
    /// JSON Lines, or one array of objects.
    case json

    /// Extensions of its files, besides `.gz` and `.zst` behind them.
    public var extensions: [String] {
        switch self {
        case .csv: ["csv", "tsv", "txt", "psv"]
        case .json: ["jsonl", "ndjson", "json"]
        }
    }
}

/// Opens files as a table, whatever their format.
public enum DataFiles {
    /// The table of the files.
    ///
    /// `format` says how they are written; `nil` to be told by the first one's name or first byte.
    public static func open(
        _ paths: [String], format: FileFormat?, csv: CSVOptions, json: JSONOptions
    ) throws(SourceError) -> any BatchSource {
        var inputs: [InputFile] = []
        for path in paths { inputs.append(try InputFile(path: path, packing: csv.compression)) }
        var found = format ?? .csv
        if format == nil, let first = inputs.first { found = try Self.format(of: first) }
        switch found {
        case .csv: return try CSVSource(inputs, options: csv)
        case .json: return try JSONSource(inputs, options: json)
        }
    }

    private static func format(of file: InputFile) throws(SourceError) -> FileFormat {
        var parts = file.name.lowercased().split(separator: ".").map(String.init)
        if let last = parts.last, ["gz", "gzip", "zst", "zstd"].contains(last) { parts.removeLast() }
        if let last = parts.last, let known = FileFormat.allCases.first(where: { $0.extensions.contains(last) }) {
            return known
        }
        let read = try file.beginning(upTo: 64)
        if let error = read.error { throw error }
        let head = read.bytes
        let text = head.starts(with: [0xEF, 0xBB, 0xBF]) ? head.dropFirst(3) : head[...]
        let first = text.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        return first == 0x7B || first == 0x5B ? .json : .csv
    }
}
