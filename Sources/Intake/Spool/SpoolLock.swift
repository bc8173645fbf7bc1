import Files

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The right to write in a spool's folder, which one process has at a time; given up when it ends, however it ends.
final class SpoolLock: Sendable {
    private let descriptor: Int32

    init(_ folder: String) throws(SpoolError) {
        let path = folder + "/.lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
        guard descriptor >= 0 else { throw SpoolError(.init(errno, writing: path)) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw SpoolError(
                code: "spool-in-use", message: "another process takes requests here", place: folder,
                hint: "stop it first; a pipeline runs once")
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }
}
