public import Files
import Parquet
public import Tables

/// How a file of data is written.
public enum FileFormat: String, Sendable, Hashable, CaseIterable {
    /// Delimited text.
    case csv
    /// JSON Lines, or one array of objects.
    case json
    case parquet

    /// Extensions of its files, besides `.gz` and `.zst` behind them.
    public var extensions: [String] {
        switch self {
        case .csv: ["csv", "tsv", "txt", "psv"]
        case .json: ["jsonl", "ndjson", "json"]
        case .parquet: ["parquet"]
        }
    }

    fileprivate var words: String {
        switch self {
        case .csv: "delimited text"
        case .json: "JSON"
        case .parquet: "Parquet"
        }
    }

    /// The one that a file's name tells, packed or not; `nil` where it tells none.
    public init?(fileName: String) {
        let last = Self.lastExtension(of: fileName)
        guard let known = Self.allCases.first(where: { $0.extensions.contains(last) }) else { return nil }
        self = known
    }

    /// Whether a file's name says that each of its lines is an object.
    public static func saysLines(fileName: String) -> Bool {
        ["jsonl", "ndjson"].contains(lastExtension(of: fileName))
    }

    /// In small letters, without the one that says how it is packed.
    private static func lastExtension(of name: String) -> String {
        var parts = name.lowercased().split(separator: ".").map(String.init)
        if let last = parts.last, ["gz", "gzip", "zst", "zstd"].contains(last) { parts.removeLast() }
        return parts.last ?? ""
    }
}

/// Opens files as a table, whatever their format.
public enum DataFiles {
    /// The table of the files.
    ///
    /// `format` says how they are written; `nil` to be told by their names or first bytes, which must agree.
    public static func open(
        _ paths: [String], format: FileFormat?, csv: CSVOptions, json: JSONOptions
    ) throws(SourceError) -> any BatchSource {
        // What comes through a pipe can be opened but once: the first is asked for the format, and read then.
        var first: InputFile?
        let staysOpen = paths.count <= ParquetSource.openFileLimit
        func opened(_ path: String) throws(SourceError) -> InputFile {
            try InputFile(path: path, packing: csv.compression, staysOpen: staysOpen)
        }
        if let path = paths.first { first = try opened(path) }
        func input(_ path: String) throws(SourceError) -> InputFile {
            if let input = first {
                first = nil
                return input
            }
            return try opened(path)
        }
        var found = format ?? .csv
        if format == nil, let first { found = try Self.format(of: first) }
        if found == .parquet {
            var files: [ParquetFile] = []
            for path in paths { files.append(try ParquetFile(input(path), staysOpen: staysOpen)) }
            var source = try ParquetSource(files)
            source.timeZone = csv.timeZone
            return source
        }
        var inputs: [InputFile] = []
        for path in paths {
            let file = try input(path)
            if format == nil, try Self.format(of: file) != found {
                throw mixedFormats(
                    "it is not \(found.words), as \(inputs.first?.name ?? "the first file") is", place: file.name)
            }
            inputs.append(file)
        }
        return found == .json ? try JSONSource(inputs, options: json) : try CSVSource(inputs, options: csv)
    }

    static func mixedFormats(_ message: String, place: String) -> SourceError {
        SourceError(
            code: "mixed-formats", message: message, place: place,
            hint: "the files of one table have one format: name those, as with a pattern such as \"data/*.csv\"")
    }

    /// How a file is written, by its name, else by its first bytes.
    public static func format(of file: InputFile) throws(SourceError) -> FileFormat {
        if let known = FileFormat(fileName: file.name) { return known }
        if try startsAsParquet(file) { return .parquet }
        let read = try file.beginning(upTo: 64)
        if let error = read.error { throw error }
        let head = read.bytes
        let text = head.starts(with: [0xEF, 0xBB, 0xBF]) ? head.dropFirst(3) : head[...]
        let first = text.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        return first == 0x7B || first == 0x5B ? .json : .csv
    }

    private static func startsAsParquet(_ file: InputFile) throws(SourceError) -> Bool {
        var head = [UInt8](repeating: 0, count: 4)
        var result = Result<Int, SourceError>.success(0)
        head.withUnsafeMutableBytes { buffer in
            do throws(SourceError) { result = .success(try file.read(into: buffer, at: 0)) } catch {
                result = .failure(error)
            }
        }
        return try result.get() == 4 && head == Array("PAR1".utf8)
    }
}
