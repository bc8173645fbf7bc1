public import Tables

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What a file was when it was opened, to tell afterwards whether all that was read of it stood there at one time.
///
/// A file that got longer is as it was, as far as it was read, where the last bytes of then are still the same: whoever appends to
/// a file leaves them alone, and whoever writes it anew hardly ever makes the same ones. One whose time of change was set back is
/// not found out.
public struct FileWitness: Sendable {
    private let name: String
    /// Where it was opened; `nil` for standard input.
    private let path: String?
    private let identity: FileIdentity
    /// The last bytes, up to 64.
    private let ending: [UInt8]

    /// Remembers a regular file, which is open.
    init(_ descriptor: Int32, name: String, path: String?, identity: FileIdentity) {
        self.name = name
        self.path = path
        self.identity = identity
        ending = Self.ending(descriptor, at: identity.byteCount)
    }

    private static func ending(_ descriptor: Int32, at end: Int64) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Int(min(64, end)))
        let count = pread(descriptor, &bytes, bytes.count, off_t(end) - off_t(bytes.count))
        return Array(bytes.prefix(max(0, count)))
    }

    /// Looks at the open file again.
    ///
    /// Errors: `changed`, and `truncated` where it got shorter.
    func check(_ descriptor: Int32) throws(SourceError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw InputFile.error(name, errno) }
        try compare(FileIdentity(status)) { Self.ending(descriptor, at: identity.byteCount) }
    }

    /// Looks at a file again that is not held open.
    ///
    /// Says nothing where its name is gone or another file's by now: who replaces a file leaves the one that was read as it was.
    /// Errors as of ``check(_:)``.
    public func check() throws(SourceError) {
        var status = stat()
        guard let path, stat(path, &status) == 0, FileIdentity(status).isSameFile(as: identity) else { return }
        try compare(FileIdentity(status)) {
            guard let descriptor = try? identity.growing.open(path) else { return [] }
            defer { close(descriptor) }
            return Self.ending(descriptor, at: identity.byteCount)
        }
    }

    private func compare(_ found: FileIdentity, ending: () -> [UInt8]) throws(SourceError) {
        guard found.byteCount >= identity.byteCount else {
            throw InputFile.shortened(name, from: identity.byteCount, to: found.byteCount)
        }
        if found.modified == identity.modified { return }
        guard found.byteCount == identity.byteCount || ending() != self.ending else { return }
        throw SourceError(
            code: "changed", message: "somebody wrote to the file while it was read", place: name,
            hint: "write files under another name, and rename them when they are complete")
    }
}
