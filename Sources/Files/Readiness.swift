#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Waiting for descriptors, also for those that somebody else has set not to wait.
enum Readiness {
    /// Whether to read or write once more after an error: because a signal came between, or, once it has waited for that, because
    /// the descriptor is ready now.
    ///
    /// - event: `POLLIN` or `POLLOUT`.
    static func waitIfNeeded(_ error: Int32, _ descriptor: Int32, _ event: some BinaryInteger) -> Bool {
        switch error {
        case EINTR: return true
        case EAGAIN, EWOULDBLOCK:
            var request = pollfd(fd: descriptor, events: Int16(event), revents: 0)
            return poll(&request, 1, -1) >= 0 || errno == EINTR
        default: return false
        }
    }
}
