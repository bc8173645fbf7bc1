import Foundation

/// Paths as texts: what may be said of them without looking at the disk.
enum Path {
    /// The path, begun at the folder where it is relative.
    static func joined(_ folder: String, _ path: String) -> String {
        if path.hasPrefix("/") || folder.isEmpty || folder == "." { return path }
        let rest = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
        return folder.hasSuffix("/") ? folder + rest : folder + "/" + rest
    }

    /// The folder that a file is in: empty for a name alone.
    static func folder(of file: String) -> String {
        guard let slash = file.lastIndex(of: "/") else { return "" }
        return slash == file.startIndex ? "/" : String(file[..<slash])
    }

    /// The names that lead from the root to a path, so that two spellings of one place compare equal; links are not followed.
    ///
    /// A relative path begins at the working folder.
    static func steps(_ path: String) -> [Substring] {
        let whole = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        var steps: [Substring] = []
        for step in whole.split(separator: "/") where step != "." {
            if step == ".." { _ = steps.popLast() } else { steps.append(step) }
        }
        return steps
    }
}
