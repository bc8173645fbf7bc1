#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A private file without a name, for what doesn't fit in memory: gone with this object, or with the process however it ends.
///
/// No process that this one starts has it. It is written from one thread and may be read from several afterwards.
final class SpillFile: Sendable {
    private let descriptor: Int32

    struct Failure: Error, Sendable, Equatable {
        let message: String
    }

    init(in directory: String) throws(Failure) {
        let unnamed = Self.openUnnamed(in: directory)
        descriptor = unnamed >= 0 ? unnamed : Self.openUnlinked(in: directory)
        guard descriptor >= 0 else { throw Self.failure("no spill file can be made in \(directory)") }
    }

    /// Negative where the file system has no files without names.
    private static func openUnnamed(in directory: String) -> Int32 {
        #if os(Linux)
            // `O_TMPFILE` of open(2), which Glibc's module leaves out.
            let temporary = 0o20000000 | O_DIRECTORY
            return open(directory, temporary | O_RDWR | O_EXCL | O_CLOEXEC, 0o600)
        #else
            return -1
        #endif
    }

    /// A file whose name is taken away at once; negative where none can be made.
    private static func openUnlinked(in directory: String) -> Int32 {
        var template = Array("\(directory)/assay-spill-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { return descriptor }
        unlink(template)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return descriptor
    }

    deinit { close(descriptor) }

    /// Writes bytes at an offset.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(Failure) {
        var written = 0
        while written < bytes.count {
            let count = pwrite(
                descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written, off_t(offset + written))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure("the spill file can't be written") }
            written += count
        }
    }

    /// Fills the buffer from an offset on.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(Failure) {
        var filled = 0
        while filled < buffer.count {
            let count = pread(
                descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled, off_t(offset + filled))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure("the spill file can't be read") }
            filled += count
        }
    }

    private static func failure(_ what: String) -> Failure {
        Failure(message: "\(what): \(String(cString: strerror(errno)).lowercased())")
    }
}
