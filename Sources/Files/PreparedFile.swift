#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file that is written and durable, under a hidden name, and waits for the name that it shall have.
///
/// A plain value: it can be stored, and published by another process after a crash.
public struct PreparedFile: Sendable, Hashable {
    public let path: String
    public let temporaryPath: String

    /// A file that an `OutputFile` was prepared as, perhaps by a process that is gone.
    public init(path: String, temporaryPath: String) {
        self.path = path
        self.temporaryPath = temporaryPath
    }

    /// Gives the file its name, replacing a file that has it, in one step.
    ///
    /// May be repeated: where the hidden file is gone and the name is taken, it was published before.
    public func publish() throws(OutputError) {
        try takeName()
        try Self.syncFolder(of: path)
    }

    /// The same of many, whose folders are synchronised together, each once.
    public static func publish(_ files: [PreparedFile]) throws(OutputError) {
        for file in files { try file.takeName() }
        let inEachFolder = Dictionary(files.map { (OutputFile.split($0.path).folder, $0.path) }) { first, _ in first }
        try DiskWaits.forEach(Array(inEachFolder.values)) { path throws(OutputError) in try syncFolder(of: path) }
    }

    private func takeName() throws(OutputError) {
        if rename(temporaryPath, path) != 0 {
            let code = errno
            guard code == ENOENT, Identity(temporaryPath) == nil, Identity(path) != nil else {
                throw OutputError(code, writing: path)
            }
        }
    }

    /// Gives the file its name unless something has that name already; whether it did.
    ///
    /// The hidden name is gone afterwards, either way. Of any number of threads, processes and machines that try at once,
    /// one succeeds. May be repeated after a crash: a file that has the name already is recognised as this one.
    public func publishIfAbsent() throws(OutputError) -> Bool {
        if link(temporaryPath, path) != 0 {
            let code = errno
            // A network file system may have linked, lost its answer and tried again: what counts is whose the name is.
            let ours = Identity(temporaryPath)
            guard ours != nil, ours == Identity(path) else {
                guard code == EEXIST else { throw Self.linkError(code, path) }
                unlink(temporaryPath)
                return false
            }
        }
        try Self.syncFolder(of: path)
        // Not synchronised: a hidden name that comes back after a power failure harms nobody.
        unlink(temporaryPath)
        return true
    }

    /// Removes the hidden file; harmless where it is gone.
    public func discard() { unlink(temporaryPath) }

    /// A file system without hard links says so as if they were forbidden.
    private static func linkError(_ code: Int32, _ path: String) -> OutputError {
        OutputError(code == EPERM ? ENOTSUP : code, writing: path)
    }

    /// Makes the names in the folder of a path durable.
    public static func syncFolder(of path: String) throws(OutputError) {
        let folder = OutputFile.split(path).folder
        let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw OutputError(errno, writing: path) }
        defer { close(descriptor) }
        // Some file systems can't synchronise folders, and say so with EINVAL.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw OutputError(errno, writing: path) }
    }
}

/// What tells a file from all others, whatever names it has.
private struct Identity: Equatable {
    let device: UInt64
    let node: UInt64

    init?(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        device = UInt64(truncatingIfNeeded: status.st_dev)
        node = UInt64(truncatingIfNeeded: status.st_ino)
    }
}
