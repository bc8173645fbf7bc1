import Files

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file of a spool's folder that is written at places and made durable on demand.
final class SpoolFile: Sendable {
    let path: String
    private let descriptor: Int32
    /// Makes a file's bytes durable; the tests have disks that fail at it.
    private let synchronise: Synchronise

    /// As `fdatasync`: 0, or -1 with `errno`.
    typealias Synchronise = @Sendable (_ descriptor: Int32) -> Int32

    #if canImport(Darwin)
        static let system: Synchronise = { fcntl($0, F_FULLFSYNC) == -1 ? -1 : 0 }
    #else
        static let system: Synchronise = { fdatasync($0) }
    #endif

    /// Makes a file that isn't there yet.
    init(creating path: String, synchronise: @escaping Synchronise) throws(OutputError) {
        self.path = path
        self.synchronise = synchronise
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
        guard descriptor >= 0 else { throw OutputError(errno, writing: path) }
    }

    /// Opens a file that is there.
    init(opening path: String, synchronise: @escaping Synchronise) throws(OutputError) {
        self.path = path
        self.synchronise = synchronise
        descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw OutputError(errno, writing: path) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Writes all of the bytes at a place.
    func put(_ bytes: [UInt8], at place: Int64) throws(OutputError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { bytes in
                pwrite(
                    descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written,
                    off_t(place + Int64(written)))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw OutputError(count == 0 ? EIO : errno, writing: path) }
            written += count
        }
    }

    /// Makes what was written durable.
    ///
    /// After a failure nobody knows what is on disk, and a second try would not tell: the file is to be given up.
    func sync() throws(OutputError) {
        guard synchronise(descriptor) == 0 else { throw OutputError(errno, writing: path) }
    }

    /// Cuts off what is behind a length; whether that could be done.
    @discardableResult
    func truncate(to length: Int64) -> Bool { ftruncate(descriptor, off_t(length)) == 0 }

    /// Bytes of the file from a place on, as many as there are of those wanted; `nil` where they can't be read.
    func bytes(from place: Int64, count: Int) -> [UInt8]? {
        var isWhole = true
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let read = pread(
                    descriptor, buffer.baseAddress.map { $0 + filled }, count - filled, off_t(place + Int64(filled)))
                if read < 0, errno == EINTR { continue }
                isWhole = read >= 0
                if read <= 0 { break }
                filled += read
            }
        }
        return isWhole ? bytes : nil
    }

    /// What tells the file from all others, as a plan keeps it; `nil` where the system doesn't say.
    func intakeFile(byteCount: Int64? = nil) -> IntakeFile? {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        #if canImport(Darwin)
            let time = status.st_mtimespec
        #else
            let time = status.st_mtim
        #endif
        return IntakeFile(
            path: path, name: path.split(separator: "/").last.map(String.init) ?? path,
            device: UInt64(truncatingIfNeeded: status.st_dev), node: UInt64(truncatingIfNeeded: status.st_ino),
            byteCount: byteCount ?? Int64(status.st_size),
            modified: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}
