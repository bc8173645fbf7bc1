import Foundation
public import Tables

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file that can be read again and again: one on disk, or a private copy of what came through a pipe.
public final class InputFile: Sendable {
    /// As it was named; `standard input` for `-`.
    public let name: String
    public let compression: Compression
    /// At the time of opening.
    public let byteCount: Int64
    /// Microseconds since 1970-01-01T00:00:00Z; `nil` for what came through a pipe.
    public let modified: Int64?
    /// Where it can be opened again; `nil` for standard input and what came through a pipe.
    public let path: String?
    /// What the file was when somebody chose it, where it has to be that one still.
    public let identity: FileIdentity?
    /// What tells whether somebody writes to it while it is read; `nil` for what came through a pipe, and for a file that has to be
    /// the one that somebody chose.
    public let witness: FileWitness?
    /// -1 where it is opened whenever somebody reads.
    private let descriptor: Int32
    /// What comes through a pipe, where it is read as it comes; the descriptor is its then.
    private let live: LiveInput?

    /// Takes what comes through a pipe as it comes: it can be read once, and bytes are handed out before more of them come.
    ///
    /// The descriptor is read from now on, and never closed. What comes packed is not unpacked.
    public init(live descriptor: Int32, name: String) throws(SourceError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.error(name, errno) }
        guard Self.isFile(status) else { throw Self.closed(name) }
        self.name = name
        self.descriptor = -1
        live = LiveInput(descriptor, name: name)
        compression = .none
        byteCount = 0
        modified = nil
        path = nil
        identity = nil
        witness = nil
    }

    /// Whether it comes through a pipe and can be read only once.
    public var isLive: Bool { live != nil }

    /// Opens a file.
    ///
    /// What is no regular file (a pipe, `-` for standard input) is copied to a private file without a name in the
    /// directory of temporary files, gone with this object or the process.
    ///
    /// `packing` says how it is packed; `nil` to be told by its name or first bytes. Without `staysOpen` a regular file is closed
    /// now, and opened and checked again by each reader: thousands of them take no descriptors.
    public init(path: String, packing: Compression? = nil, staysOpen: Bool = true) throws(SourceError) {
        name = path == "-" ? "standard input" : path
        live = nil
        let opened = path == "-" ? dup(0) : open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { throw Self.error(name, errno) }
        var status = stat()
        guard fstat(opened, &status) == 0 else {
            let code = errno
            close(opened)
            throw Self.error(name, code)
        }
        let source: Int32
        switch status.st_mode & S_IFMT {
        case _ where !Self.isFile(status):
            close(opened)
            throw Self.closed(name)
        case S_IFREG where path != "-" || lseek(opened, 0, SEEK_CUR) == 0:
            source = opened
            byteCount = Int64(status.st_size)
            modified = Self.microseconds(status)
        case S_IFDIR:
            close(opened)
            throw SourceError(code: "unreadable", message: "it is a directory", place: name)
        default:
            defer { close(opened) }
            (source, byteCount) = try Self.spool(opened, name)
            modified = nil
        }
        var head = [UInt8](repeating: 0, count: 4)
        let count = pread(source, &head, 4, 0)
        compression = packing ?? Compression(path: path, head: Array(head.prefix(max(0, count))))
        self.path = path == "-" || modified == nil ? nil : path
        witness =
            modified == nil
            ? nil : FileWitness(source, name: name, path: self.path, identity: FileIdentity(status))
        if staysOpen || self.path == nil {
            descriptor = source
            identity = nil
        } else {
            close(source)
            descriptor = -1
            identity = FileIdentity(status).growing
        }
    }

    /// Opens a file that somebody looked at before: it has to be the same one, and bytes beyond its size of then are not read.
    ///
    /// Without `staysOpen` it is closed now, and opened and checked again by each reader: thousands of them take no descriptors.
    ///
    /// Error: `changed` where another file has the name, or this one was written to.
    public init(
        path: String, identity: FileIdentity, packing: Compression? = nil, staysOpen: Bool = false
    ) throws(SourceError) {
        name = path
        live = nil
        self.path = path
        self.identity = identity
        witness = nil
        byteCount = identity.byteCount
        modified = identity.modified / 1_000
        let opened = try identity.open(path)
        var head = [UInt8](repeating: 0, count: 4)
        let count = pread(opened, &head, Int(min(4, identity.byteCount)), 0)
        compression = packing ?? Compression(path: path, head: Array(head.prefix(max(0, count))))
        descriptor = staysOpen ? opened : -1
        if !staysOpen { close(opened) }
    }

    deinit { if live == nil, descriptor >= 0 { close(descriptor) } }

    /// The file to read from: this one, or, where it isn't held open, another object for as long as somebody reads.
    private func opened() throws(SourceError) -> InputFile {
        guard descriptor < 0, let path, let identity else { return self }
        return try InputFile(path: path, identity: identity, packing: compression, staysOpen: true)
    }

    /// Checks that nobody wrote to the file since it was chosen; says nothing of files that nobody chose.
    fileprivate func check() throws(SourceError) {
        if let identity { try identity.check(descriptor, name) }
    }

    /// Refuses what was read of the file where somebody wrote to it since it was opened: see ``FileWitness``.
    public func checkUnchanged() throws(SourceError) {
        guard let witness else { return }
        if descriptor < 0 { try witness.check() } else { try witness.check(descriptor) }
    }

    /// The unpacked bytes from the beginning on.
    ///
    /// A file that grew since it was opened ends where it ended then; one that got shorter is an error.
    public func stream() throws(SourceError) -> any ByteStream {
        if let live { return live }
        return try compression.unpacking(FileStream(opened()), path: name)
    }

    /// The first unpacked bytes, without reading them away: of what comes through a pipe, at least one more than were asked for
    /// before, and else only those that are there.
    ///
    /// There is room for `spare` more in the array.
    public func beginning(upTo size: Int, spare: Int = 0) throws(SourceError) -> StreamBlock {
        if let live { return live.beginning(upTo: size, spare: spare) }
        return try stream().block(after: [], upTo: size, spare: spare)
    }

    /// Reads bytes as they lie in the file, from an offset on; fewer than the buffer holds is no end, 0 is.
    ///
    /// May be called by several threads at once. A file that got shorter than it was when it was opened is an error.
    public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(SourceError) -> Int {
        let wanted = Int(min(Int64(buffer.count), byteCount - offset))
        guard wanted > 0 else { return 0 }
        if descriptor < 0, live == nil { return try opened().read(into: buffer, at: offset) }
        while true {
            let count = pread(descriptor, buffer.baseAddress, wanted, off_t(offset))
            if count > 0 { return count }
            if count == 0 { throw shortened(at: offset) }
            if errno != EINTR { throw Self.error(name, errno) }
        }
    }

    private func shortened(at offset: Int64) -> SourceError {
        var status = stat()
        // Whoever wrote to it may have made it longer again.
        let size = fstat(descriptor, &status) == 0 ? min(Int64(status.st_size), offset) : offset
        return Self.shortened(name, from: byteCount, to: size, at: offset)
    }

    static func shortened(
        _ name: String, from byteCount: Int64, to size: Int64, at offset: Int64? = nil
    ) -> SourceError {
        SourceError(
            code: "truncated", message: "the file got shorter while it was read: from \(byteCount) to \(size) bytes",
            place: name, byteOffset: offset, hint: "let whoever writes it finish, then run again")
    }

    /// Copies what comes to a file without a name.
    private static func spool(_ input: Int32, _ name: String) throws(SourceError) -> (Int32, Int64) {
        let directory = FileManager.default.temporaryDirectory.path
        var template = Array("\(directory)/assay-XXXXXX".utf8CString)
        let output = mkstemp(&template)
        guard output >= 0 else { throw uncopied(name, to: directory, errno) }
        unlink(template)
        var total: Int64 = 0
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            #if canImport(Glibc)
                let count = Glibc.read(input, buffer.baseAddress, buffer.count)
            #else
                let count = Darwin.read(input, buffer.baseAddress, buffer.count)
            #endif
            if count < 0, Readiness.waitIfNeeded(errno, input, POLLIN) { continue }
            if count == 0 { return (output, total) }
            guard count > 0, writeAll(output, buffer, count) else {
                let code = errno
                close(output)
                throw count < 0 ? error(name, code) : uncopied(name, to: directory, code)
            }
            total += Int64(count)
        }
    }

    /// Whether it is anything that has a place in a file system or is a pipe: what a run-time opened for itself under a number that
    /// was free is not.
    private static func isFile(_ status: stat) -> Bool { status.st_mode & S_IFMT != 0 }

    /// What to say of a descriptor that whoever started the process closed; `nil` where something may be read there.
    public static func refusal(ofClosed descriptor: Int32, _ name: String) -> SourceError? {
        var status = stat()
        return fstat(descriptor, &status) == 0 && isFile(status) ? nil : closed(name)
    }

    private static func closed(_ name: String) -> SourceError {
        SourceError(
            code: "unreadable", message: "it is closed", place: name,
            hint: "let something be read there: a file, as in < FILE, or a pipe")
    }

    private static func uncopied(_ name: String, to directory: String, _ code: Int32) -> SourceError {
        SourceError(
            code: "unwritable",
            message: "what comes can't be kept in \(directory): \(String(cString: strerror(code)).lowercased())",
            place: name,
            hint: "what comes through a pipe may have to be read twice: let TMPDIR be a folder with room for all of it")
    }

    private static func writeAll(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer, _ count: Int) -> Bool {
        var written = 0
        while written < count {
            #if canImport(Glibc)
                let part = Glibc.write(descriptor, buffer.baseAddress.map { $0 + written }, count - written)
            #else
                let part = Darwin.write(descriptor, buffer.baseAddress.map { $0 + written }, count - written)
            #endif
            if part < 0, errno == EINTR { continue }
            guard part > 0 else { return false }
            written += part
        }
        return true
    }

    private static func microseconds(_ status: stat) -> Int64 {
        #if canImport(Darwin)
            Int64(status.st_mtimespec.tv_sec) * 1_000_000 + Int64(status.st_mtimespec.tv_nsec) / 1_000
        #else
            Int64(status.st_mtim.tv_sec) * 1_000_000 + Int64(status.st_mtim.tv_nsec) / 1_000
        #endif
    }

    static func error(_ name: String, _ code: Int32) -> SourceError {
        let reason = String(cString: strerror(code)).lowercased()
        return SourceError(
            code: code == ENOENT ? "not-found" : "unreadable",
            message: code == ENOENT ? "there is no such file" : "it can't be read: \(reason)", place: name)
    }
}

/// The bytes of a file as it lies on disk.
private final class FileStream: ByteStream {
    private let file: InputFile
    private var offset: Int64 = 0

    init(_ file: InputFile) { self.file = file }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
        let count = try file.read(into: buffer, at: offset)
        offset += Int64(count)
        if count == 0, buffer.count > 0 { try file.check() }
        return count
    }
}
