import Foundation
public import Tables

/// From what a person wrote to files: a path, a pattern with `*`, `?` and `[…]`, or a directory.
public enum FilePattern {
    /// The files of the patterns, sorted by name, each once: by its first name, where several paths or symbolic links lead to it.
    ///
    /// Hard links are files of their own, for nobody says which of them is the file. `-` is standard input.
    ///
    /// A directory is read for files with the format's extensions; without a format, for those of the one that has files there.
    /// Where several have, it is an error: nobody said which of them are the table.
    ///
    /// A pattern that no file matches is an error: data that should be there is not. So are Parquet files of a Delta table, of which
    /// only the log tells whether they count.
    public static func files(
        _ patterns: [String], format: FileFormat? = nil, relativeTo folder: String? = nil
    ) throws(SourceError) -> [String] {
        var files: [String] = []
        for pattern in patterns {
            if pattern == "-" {
                files.append(pattern)
                continue
            }
            let path =
                folder.map { pattern.hasPrefix("/") || $0 == "." || $0.isEmpty ? pattern : "\($0)/\(pattern)" }
                ?? pattern
            if isFolder(path) {
                files += try contents(of: path, format)
                continue
            }
            let found = try isRegular(path) ? [path] : matches(of: path)
            if format == nil || format == .parquet { try refuseTables(among: found, pattern: path) }
            files += found
        }
        var seen: Set<String> = []
        return files.filter { seen.insert($0 == "-" ? $0 : realPath(of: $0)).inserted }
    }

    /// Where a path leads to; the path itself where that is nothing with a name, as a pipe.
    private static func realPath(of path: String) -> String {
        guard let found = realpath(path, nil) else { return path }
        defer { free(found) }
        return String(cString: found)
    }

    /// Refuses Parquet files of Delta tables, of which only the log tells whether they count.
    private static func refuseTables(among files: [String], pattern: String) throws(SourceError) {
        var looked: Set<String> = []
        for file in files where isFile(name(of: file), of: .parquet) {
            let folder = folder(of: file)
            if looked.insert(folder).inserted, let table = table(holding: folder) {
                throw filesOfTable(table, place: pattern)
            }
        }
    }

    private static func filesOfTable(_ table: String, place: String) -> SourceError {
        SourceError(
            code: "delta-table", message: "the files are those of a Delta table, of whatever version", place: place,
            hint: "name the table's folder: \(table)")
    }

    /// The folder of the Delta table to which a data file, or those of a folder, belong, as far as names tell; `nil` where there is none.
    public static func table(holding path: String) -> String? {
        var folder = isFolder(path) ? plain(path) : folder(of: path)
        // Files of a partition lie in folders of the form `column=value` below the table's.
        while !isFolder("\(folder)/_delta_log") {
            guard name(of: folder).contains("=") else { return nil }
            folder = self.folder(of: folder)
        }
        return folder
    }

    /// Without slashes behind.
    private static func plain(_ path: String) -> String {
        var path = path[...]
        while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
        return String(path)
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func name(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }

    private static func contents(of directory: String, _ format: FileFormat?) throws(SourceError) -> [String] {
        if format == nil || format == .parquet {
            // Some of its files are of older versions, and rows of others are deleted: only the log tells.
            if isFolder("\(directory)/_delta_log") {
                throw SourceError(
                    code: "delta-table", message: "the directory is a Delta table, not just Parquet files",
                    place: directory, hint: "name it as such: delta in place of parquet in an asset, or by itself")
            }
            if let table = table(ofLog: directory) {
                throw SourceError(
                    code: "delta-table", message: "the directory is the log of a Delta table", place: directory,
                    hint: "name the table's folder: \(table)")
            }
            if let table = table(holding: directory) { throw filesOfTable(table, place: directory) }
        }
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: directory) } catch {
            throw SourceError(code: "unreadable", message: "the directory can't be read", place: directory)
        }
        let formats = format.map { [$0] } ?? FileFormat.allCases
        let candidates = formats.map { format in
            names.filter { isFile($0, of: format) && isRegular("\(directory)/\($0)") }.sorted()
        }.filter { !$0.isEmpty }
        if candidates.count > 1 {
            throw DataFiles.mixedFormats(
                "the directory has files of several formats: \(candidates.map { $0[0] }.joined(separator: ", "))",
                place: directory)
        }
        guard let files = candidates.first else {
            let extensions = formats.flatMap(\.extensions)
            throw SourceError(
                code: "not-found", message: "there is no file to read in the directory", place: directory,
                hint: partitions(of: plain(directory), formats).map {
                    "the files of its partitions are read by a pattern, as in \"\($0)\"; columns that only folders name are not"
                }
                    ?? "files that end in \(extensions.map { ".\($0)" }.joined(separator: ", ")) are read, and those with .gz or "
                    + ".zst behind")
        }
        return files.map { "\(directory)\(directory.hasSuffix("/") ? "" : "/")\($0)" }
    }

    /// The pattern of the files in folders of the form `column=value` below a directory, as far as the first of them tells; `nil` where
    /// there are none.
    private static func partitions(of directory: String, _ formats: [FileFormat]) -> String? {
        var (folder, pattern) = (directory, directory)
        while true {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted() ?? []
            for format in formats {
                let known = names.first { isFile($0, of: format) && isRegular("\(folder)/\($0)") }
                if let known, folder != directory {
                    return "\(pattern)/*.\(known.split(separator: ".").last ?? "")"
                }
            }
            guard let next = names.first(where: { $0.contains("=") && isFolder("\(folder)/\($0)") }) else { return nil }
            (folder, pattern) = ("\(folder)/\(next)", "\(pattern)/*")
        }
    }

    /// The folder of the table whose log a directory is, by its name; `nil` where it is none.
    private static func table(ofLog directory: String) -> String? {
        let path = plain(directory)
        guard path == "_delta_log" || path.hasSuffix("/_delta_log") else { return nil }
        let folder = path.dropLast("_delta_log".count)
        return folder.isEmpty ? "." : folder == "/" ? "/" : String(folder.dropLast())
    }

    private static func isFile(_ name: String, of format: FileFormat) -> Bool {
        var parts = name.lowercased().split(separator: ".").map(String.init)
        if let last = parts.last, ["gz", "gzip", "zst", "zstd"].contains(last) { parts.removeLast() }
        return !name.hasPrefix(".") && !name.hasPrefix("_") && parts.count > 1
            && parts.last.map { format.extensions.contains($0) } ?? false
    }

    private static func isFolder(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }

    private static func isRegular(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && !isDirectory.boolValue
    }

    private static func matches(of pattern: String) throws(SourceError) -> [String] {
        guard !pattern.contains("://") else {
            throw SourceError(
                code: "not-found", message: "data of other machines and object stores is not read", place: pattern,
                hint: "copy it here, or mount it")
        }
        guard pattern.contains(where: { "*?[".contains($0) }) else {
            throw SourceError(code: "not-found", message: "there is no such file", place: pattern)
        }
        var found = glob_t()
        defer { globfree(&found) }
        guard glob(pattern, 0, nil, &found) == 0 else {
            throw SourceError(code: "not-found", message: "no file matches the pattern", place: pattern)
        }
        let paths = (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
        let files = paths.filter { path in
            var isDirectory: ObjCBool = false
            return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && !isDirectory.boolValue
        }
        guard !files.isEmpty else {
            throw SourceError(
                code: "not-found", message: "no file matches the pattern, only directories", place: pattern)
        }
        return files
    }
}
