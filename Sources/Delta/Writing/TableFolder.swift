import Files
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Makes folders that outlast a loss of power.
enum TableFolder {
    /// Makes a folder and those above it, as far as they aren't there.
    static func make(_ path: String) throws(DeltaError) {
        var changed: Set<String> = []
        try make(path, changing: &changed)
        try synchronize(changed)
    }

    /// The same, but that the folders that got a name by it are the caller's to synchronise.
    static func make(_ path: String, changing folders: inout Set<String>) throws(DeltaError) {
        guard !path.isEmpty, path != "/" else { return }
        if mkdir(path, 0o777) == 0 {
            folders.insert(parent(of: path))
            return
        }
        switch errno {
        case EEXIST:
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue else {
                throw DeltaError(.unwritable, "the folder can't be made: a file has its name", place: path)
            }
        case ENOENT:
            try make(parent(of: path), changing: &folders)
            guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw error(path) }
            folders.insert(parent(of: path))
        default: throw error(path)
        }
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Makes the names in folders durable.
    static func synchronize(_ folders: Set<String>) throws(DeltaError) {
        do throws(OutputError) {
            try DiskWaits.forEach(folders.map { $0 + "/" }) { folder throws(OutputError) in
                try PreparedFile.syncFolder(of: folder)
            }
        } catch { throw DeltaError(error) }
    }

    private static func error(_ path: String) -> DeltaError {
        DeltaError(
            errno == ENOSPC ? .diskFull : .unwritable,
            "the folder can't be made: \(String(cString: strerror(errno)).lowercased())", place: path)
    }
}
