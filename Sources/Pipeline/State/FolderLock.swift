import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Keeps a second process out of a folder; the system lets go of it when the process ends, however it ends.
final class FolderLock: Sendable {
    private let descriptor: Mutex<Int32>

    /// Error: `is-running` where somebody else holds it.
    init(_ folder: String) throws(PipelineError) {
        let path = "\(folder)/lock"
        let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard opened >= 0 else {
            throw PipelineError(
                errno == ENOSPC ? .diskFull : .unwritable,
                "the file can't be made: \(String(cString: strerror(errno)).lowercased())", place: path)
        }
        // Who only asks whether somebody has it holds it for an instant.
        var tries = 5
        while flock(opened, LOCK_EX | LOCK_NB) != 0, tries > 0 {
            tries -= 1
            usleep(10_000)
        }
        guard tries > 0 || flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            close(opened)
            throw PipelineError(
                .isRunning, "another process runs this pipeline", place: folder,
                hint: "one process at a time; find it with: fuser \(path)")
        }
        descriptor = Mutex(opened)
    }

    /// Whether a process holds it.
    static func isHeld(_ folder: String) -> Bool {
        let opened = open("\(folder)/lock", O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { return false }
        defer { close(opened) }
        return flock(opened, LOCK_SH | LOCK_NB) != 0
    }

    func release() {
        descriptor.withLock { descriptor in
            if descriptor >= 0 { close(descriptor) }
            descriptor = -1
        }
    }

    deinit { release() }
}
