#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file that appears under its name whole, or not at all.
///
/// It is written under a hidden name in the same folder, made durable, and only then named as it shall be. Whoever
/// gives it up (or just drops it) leaves nothing behind; a process that is killed leaves the hidden file.
///
/// One thread at a time writes; 256 KiB are held in memory.
public final class OutputFile {
    /// The name that it shall have.
    public let path: String
    /// The name that it has until then.
    public let temporaryPath: String
    /// Bytes written so far, those included that are still in memory.
    public private(set) var byteCount: Int64 = 0
    private var descriptor: Int32
    /// Whether the file is closed for the moment.
    private var isParked = false
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    private var buffered = 0

    /// Begins a file in a folder that is there.
    ///
    /// `temporaryName` is the hidden name, for who must find the file again after a crash; it begins with `.` or `_`, and
    /// a file that has it is overwritten. Without it the name is one that nobody else has.
    public init(path: String, temporaryName: String? = nil) throws(OutputError) {
        let (folder, name) = Self.split(path)
        guard !name.isEmpty, name != ".", name != "..", !path.utf8.contains(0) else {
            throw OutputError(code: "bad-name", message: "\"\(name)\" is no file name", place: path)
        }
        precondition(
            temporaryName.map { ($0.hasPrefix(".") || $0.hasPrefix("_")) && !$0.utf8.contains(0x2F) } ?? true,
            "a temporary name is hidden and in the same folder")
        self.path = path
        temporaryPath = folder + (temporaryName ?? Self.hiddenName(for: name))
        let exclusive = temporaryName == nil ? O_EXCL : O_TRUNC
        // As other programs make files: the mask of the process decides who may read it.
        descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_CLOEXEC | exclusive, 0o666)
        guard descriptor >= 0 else { throw OutputError(errno, writing: path) }
    }

    deinit {
        discard()
        buffer.deallocate()
    }

    /// Appends bytes.
    ///
    /// After an error the file is as good as given up: nothing more is written to it, and it can't be committed.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(OutputError) {
        precondition(descriptor >= 0 || isParked, "the file was committed or given up")
        byteCount += Int64(bytes.count)
        if bytes.count > buffer.count - buffered { try flush() }
        if bytes.count >= buffer.count {
            try writeAll(bytes)
        } else {
            UnsafeMutableRawBufferPointer(rebasing: buffer[buffered...]).copyMemory(from: bytes)
            buffered += bytes.count
        }
    }

    public func write(_ bytes: [UInt8]) throws(OutputError) {
        var failure: OutputError?
        bytes.withUnsafeBytes { bytes in
            do throws(OutputError) { try write(bytes) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Closes the file until more is written to it, for who has more files in the making than may be open at once.
    public func park() throws(OutputError) {
        guard descriptor >= 0 else { return }
        let closed = close(descriptor)
        descriptor = -1
        isParked = true
        guard closed == 0 || errno == EINTR else { throw failed() }
    }

    /// Opens the file again where it is parked.
    private func resume() throws(OutputError) {
        guard isParked else { return }
        let reopened = open(temporaryPath, O_WRONLY | O_APPEND | O_CLOEXEC)
        guard reopened >= 0 else { throw failed() }
        descriptor = reopened
        isParked = false
    }

    /// Makes all bytes durable, under the hidden name.
    ///
    /// The file stays there when this object goes and when the process ends, for its maker to publish or discard. A
    /// failure removes it.
    public func prepare() throws(OutputError) -> PreparedFile {
        precondition(descriptor >= 0 || isParked, "the file was committed or given up")
        try flush()
        try resume()
        // A failed fsync may have dropped the bytes, and a second one would not tell: never tried again.
        guard fsync(descriptor) == 0 else { throw failed() }
        let closed = close(descriptor)
        descriptor = -1
        guard closed == 0 || errno == EINTR else {
            let code = errno
            unlink(temporaryPath)
            throw OutputError(code, writing: path)
        }
        return PreparedFile(path: path, temporaryPath: temporaryPath)
    }

    /// Makes the file durable and gives it its name, replacing a file that has it, in one step.
    public func commit() throws(OutputError) {
        try publish { prepared throws(OutputError) in try prepared.publish() }
    }

    /// Makes the file durable and gives it its name unless something has that name already; whether it did.
    ///
    /// Of any number of threads, processes and machines that try at once, one succeeds.
    public func commitIfAbsent() throws(OutputError) -> Bool {
        try publish { prepared throws(OutputError) in try prepared.publishIfAbsent() }
    }

    /// Removes what was written; harmless afterwards and twice.
    public func discard() {
        guard descriptor >= 0 || isParked else { return }
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
        isParked = false
        unlink(temporaryPath)
    }

    private func publish<Answer>(
        _ body: (PreparedFile) throws(OutputError) -> Answer
    ) throws(OutputError) -> Answer {
        let prepared = try prepare()
        do throws(OutputError) {
            return try body(prepared)
        } catch {
            prepared.discard()
            throw error
        }
    }

    private func flush() throws(OutputError) {
        let filled = buffered
        buffered = 0
        try writeAll(UnsafeRawBufferPointer(rebasing: buffer[..<filled]))
    }

    private func writeAll(_ bytes: UnsafeRawBufferPointer) throws(OutputError) {
        if !bytes.isEmpty { try resume() }
        var written = 0
        while written < bytes.count {
            #if canImport(Darwin)
                let part = Darwin.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
            #elseif canImport(Musl)
                let part = Musl.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
            #else
                let part = Glibc.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
            #endif
            if part < 0, errno == EINTR { continue }
            guard part > 0 else { throw failed() }
            written += part
        }
    }

    /// The system's error, with the file given up.
    private func failed() -> OutputError {
        let error = OutputError(errno, writing: path)
        discard()
        return error
    }
}

extension OutputFile {
    /// A path's folder, with its slash (empty for the current one), and the name in it.
    static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return ("", path) }
        return (String(path[...slash]), String(path[path.index(after: slash)...]))
    }

    /// A name that nobody else has, hidden from globs, Spark and Hive.
    private static func hiddenName(for name: String) -> String {
        // A file name has 255 bytes; what is cut away is only there for people.
        let legible = String(decoding: name.utf8.prefix(200), as: Unicode.UTF8.self).filter { $0 != "\u{FFFD}" }
        let random = String(UInt64.random(in: 0 ... .max), radix: 16)
        return ".\(legible).\(random).tmp"
    }
}
