import Files

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension IntakeFile {
    /// Whether it lies where it did and nobody wrote to it since.
    public var isAsItWas: Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { return false }
        let found = FileIdentity(status)
        return (found.node, found.byteCount, found.modified) == (node, byteCount, modified)
    }
}
