public import Tables

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A descriptor that bytes are written to at once, without a buffer of our own.
public final class OutputDescriptor: Sendable {
    private let descriptor: Int32
    /// As errors have it for a place.
    public let name: String
    private let isOwned: Bool

    /// A descriptor that is open already; `nil` where none of that number is, or it is for reading.
    public init?(open descriptor: Int32, name: String) {
        let mode = fcntl(descriptor, F_GETFL)
        var status = stat()
        // What a run-time opened for itself under the number is none of these.
        guard mode >= 0, mode & O_ACCMODE != O_RDONLY, fstat(descriptor, &status) == 0,
            [S_IFREG, S_IFIFO, S_IFCHR, S_IFSOCK].contains(status.st_mode & S_IFMT)
        else { return nil }
        self.descriptor = descriptor
        self.name = name
        isOwned = false
    }

    /// A file of lines that is written on from its end, made where there is none.
    public init(appendingTo path: String) throws(SourceError) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
        name = path
        isOwned = true
        guard descriptor >= 0 else { throw Self.error(path, errno) }
    }

    /// Ends the last line of a file that is written on, where it has no end, as whoever was killed leaves it: what is written is no
    /// part of it.
    public func endLastLine() throws(SourceError) {
        if isOwned, endsWithinALine { try write([0x0A]) }
    }

    /// Whether a regular file ends with anything but a line feed; one that can't be looked at may.
    private var endsWithinALine: Bool {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else {
            return false
        }
        let reading = open(name, O_RDONLY | O_CLOEXEC)
        guard reading >= 0 else { return true }
        defer { close(reading) }
        var last: UInt8 = 0
        return pread(reading, &last, 1, status.st_size - 1) != 1 || last != 0x0A
    }

    deinit { if isOwned, descriptor >= 0 { close(descriptor) } }

    /// Whether both are one file, so that what one writes would be among the other's.
    public func isSameFile(as other: OutputDescriptor) -> Bool { isSameFile(asOpen: other.descriptor) }

    /// Whether a descriptor is of this file, so that what is written here would come out there.
    public func isSameFile(asOpen other: Int32) -> Bool {
        var (own, theirs) = (stat(), stat())
        guard fstat(descriptor, &own) == 0, fstat(other, &theirs) == 0 else { return false }
        return own.st_mode & S_IFMT == S_IFREG && own.st_dev == theirs.st_dev && own.st_ino == theirs.st_ino
    }

    /// Writes all of the bytes, however often that must be begun again, and whether or not the descriptor lets others wait.
    ///
    /// Errors: `reader-gone` where nobody reads any more what comes out of the other end; `unwritable`; both with the lines that were
    /// written whole as ``SourceError/rowsIntoBatch``. A regular file is cut back to these.
    public func write(_ bytes: [UInt8]) throws(SourceError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { bytes in
                #if canImport(Darwin)
                    Darwin.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
                #elseif canImport(Musl)
                    Musl.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
                #else
                    Glibc.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
                #endif
            }
            if count < 0, Readiness.waitIfNeeded(errno, descriptor, POLLOUT) { continue }
            guard count > 0 else {
                let code = errno
                let whole = bytes[..<written].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
                cutBack(written - whole)
                throw Self.error(name, code, lines: bytes[..<whole].count { $0 == 0x0A })
            }
            written += count
        }
    }

    /// Takes back the last bytes that were written to a regular file, unless somebody else has written behind them.
    private func cutBack(_ count: Int) {
        let end = lseek(descriptor, 0, SEEK_CUR)
        var status = stat()
        guard count > 0, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size == end,
            ftruncate(descriptor, end - off_t(count)) == 0
        else { return }
        lseek(descriptor, end - off_t(count), SEEK_SET)
    }

    /// - lines: so many were written whole.
    private static func error(_ name: String, _ code: Int32, lines: Int = 0) -> SourceError {
        guard code != EPIPE else {
            return SourceError(
                code: "reader-gone", message: "nobody reads it any more", place: name, rowsIntoBatch: lines)
        }
        return SourceError(
            code: "unwritable", message: "it can't be written: \(String(cString: strerror(code)).lowercased())",
            place: name, rowsIntoBatch: lines)
    }
}
