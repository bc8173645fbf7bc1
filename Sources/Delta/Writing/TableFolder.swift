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
        guard !path.isEmpty, path != "/" else { return }
        if mkdir(path, 0o777) == 0 { return try synchronize(parent(of: path)) }
        switch errno {
        case EEXIST:
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue else {
                throw DeltaError(.unwritable, "the folder can't be made: a file has its name", place: path)
            }
        case ENOENT:
            try make(parent(of: path))
            guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw error(path) }
            try synchronize(parent(of: path))
        default: throw error(path)
        }
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func synchronize(_ folder: String) throws(DeltaError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw error(folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw error(folder) }
    }

    private static func error(_ path: String) -> DeltaError {
        DeltaError(
            errno == ENOSPC ? .diskFull : .unwritable,
            "the folder can't be made: \(String(cString: strerror(errno)).lowercased())", place: path)
    }
}
