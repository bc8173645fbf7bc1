import Tables

#if canImport(Glibc)
    public import Glibc
#elseif canImport(Musl)
    public import Musl
#else
    public import Darwin
#endif

/// What tells a file from another one of the same name, and from itself after a change.
public struct FileIdentity: Sendable, Hashable {
    public let device: UInt64
    public let node: UInt64
    public let byteCount: Int64
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    public let modified: Int64
    /// Whether it may have got more bytes since, as a segment does that is still written to.
    public let mayGrow: Bool

    public init(device: UInt64, node: UInt64, byteCount: Int64, modified: Int64, mayGrow: Bool = false) {
        self.device = device
        self.node = node
        self.byteCount = byteCount
        self.modified = modified
        self.mayGrow = mayGrow
    }

    /// Of what `stat` said.
    public init(_ status: stat) {
        self.init(
            device: UInt64(truncatingIfNeeded: status.st_dev), node: UInt64(truncatingIfNeeded: status.st_ino),
            byteCount: Int64(status.st_size), modified: Self.nanoseconds(status.modifiedTime))
    }

    /// The same of a file that may get more bytes, of which nobody wants to know.
    var growing: FileIdentity {
        FileIdentity(device: device, node: node, byteCount: byteCount, modified: modified, mayGrow: true)
    }

    func isSameFile(as other: FileIdentity) -> Bool { device == other.device && node == other.node }

    /// Nanoseconds since 1970-01-01T00:00:00Z, as far as 64 bits hold them.
    public static func nanoseconds(_ time: timespec) -> Int64 {
        let (seconds, isFar) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        guard !isFar else { return time.tv_sec < 0 ? .min : .max }
        let (sum, overflow) = seconds.addingReportingOverflow(Int64(time.tv_nsec))
        return overflow ? .max : sum
    }

    /// Opens the file, which must be this one; a pipe that took its place is no reason to wait.
    func open(_ path: String) throws(SourceError) -> Int32 {
        #if canImport(Glibc)
            let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        #elseif canImport(Musl)
            let descriptor = Musl.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        #else
            let descriptor = Darwin.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        #endif
        guard descriptor >= 0 else { throw InputFile.error(path, errno) }
        do throws(SourceError) { try check(descriptor, path) } catch {
            close(descriptor)
            throw error
        }
        return descriptor
    }

    /// Error: `changed`, or `truncated` where it got shorter.
    ///
    /// The device's number counts for nothing: it may be another one when the machine has been started again.
    func check(_ descriptor: Int32, _ path: String) throws(SourceError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw InputFile.error(path, errno) }
        let found = FileIdentity(status)
        guard status.st_mode & S_IFMT == S_IFREG, found.node == node else {
            throw SourceError(code: "changed", message: "another file has the name now", place: path)
        }
        guard found.byteCount >= byteCount else {
            throw SourceError(
                code: "truncated",
                message: "the file got shorter since it was listed: from \(byteCount) to \(found.byteCount) bytes",
                place: path)
        }
        guard mayGrow || (found.byteCount == byteCount && found.modified == modified) else {
            throw SourceError(
                code: "changed", message: "somebody wrote to the file after it was listed", place: path,
                hint: "write files under another name, and rename them when they are complete")
        }
    }
}

extension stat {
    /// When the content was last written.
    public var modifiedTime: timespec {
        #if canImport(Darwin)
            st_mtimespec
        #else
            st_mtim
        #endif
    }

    /// When anything of the file was last changed, its name, owner or times included.
    public var changedTime: timespec {
        #if canImport(Darwin)
            st_ctimespec
        #else
            st_ctim
        #endif
    }
}
