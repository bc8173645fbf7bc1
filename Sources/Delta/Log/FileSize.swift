#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How large files are.
enum FileSize {
    /// The bytes of a data file that isn't opened; microseconds on a local disk.
    static func bytes(ofDataFile path: String) throws(DeltaError) -> Int64 {
        var status = stat()
        guard stat(path, &status) == 0 else {
            if errno == ENOENT { throw .missingDataFile(path) }
            let reason = String(cString: strerror(errno)).lowercased()
            throw DeltaError(.unreadable, "the data file can't be looked at: \(reason)", place: path)
        }
        return Int64(status.st_size)
    }
}
