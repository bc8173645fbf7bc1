#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// When files were written last.
enum FileTime {
    /// In milliseconds since 1970-01-01T00:00:00Z; `nil` for a file that isn't there.
    static func milliseconds(ofFile path: String) -> Int64? {
        var status = stat()
        return stat(path, &status) == 0 ? milliseconds(status) : nil
    }

    static func milliseconds(_ status: stat) -> Int64 {
        #if canImport(Darwin)
            Int64(status.st_mtimespec.tv_sec) * 1_000 + Int64(status.st_mtimespec.tv_nsec) / 1_000_000
        #else
            Int64(status.st_mtim.tv_sec) * 1_000 + Int64(status.st_mtim.tv_nsec) / 1_000_000
        #endif
    }
}
