import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Tells what happens in folders, where the system does: inotify(7) on Linux, nothing elsewhere.
///
/// It may lose sight of something (its queue is finite, and another machine's writes to a network file system don't pass here), and
/// says so where it knows. One thread reads events; ``wake()`` is for any.
final class FolderWatch: Sendable {
    /// What happened since the last time.
    struct Events {
        /// Paths within the landing folder of files that were closed after writing, or renamed into place.
        var finished: Set<[UInt8]> = []
        /// Paths of files that came into being, and may be written to still.
        var created: Set<[UInt8]> = []
        /// Paths of files that somebody wrote to and has not closed.
        var written: Set<[UInt8]> = []
        /// Whether something may have been missed, or folders have come or gone.
        var mustList = false

        /// Whether more happened than that somebody goes on writing.
        var isNews: Bool { mustList || !finished.isEmpty || !created.isEmpty }
    }

    /// -1 where there is no inotify.
    private let descriptor: Int32
    /// Both ends of a pipe that ends a wait.
    private let wakeReader: Int32
    private let wakeWriter: Int32
    /// By watch, the folder's path within the landing folder, with a slash behind unless it is empty.
    private let folders = Mutex<[Int32: [UInt8]]>([:])
    /// What happened since it was asked for last, as far as a wait saw it.
    private let happened = Mutex(Events())

    init() {
        #if os(Linux)
            descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        #else
            descriptor = -1
        #endif
        var ends: [Int32] = [-1, -1]
        if pipe(&ends) == 0 {
            for end in ends {
                _ = fcntl(end, F_SETFD, FD_CLOEXEC)
                _ = fcntl(end, F_SETFL, O_NONBLOCK)
            }
        }
        (wakeReader, wakeWriter) = (ends[0], ends[1])
    }

    deinit { for open in [descriptor, wakeReader, wakeWriter] where open >= 0 { close(open) } }

    /// Watches a folder, too; false where that can't be done.
    ///
    /// `prefix` is its path within the landing folder, with a slash behind unless it is empty. A folder that is watched already stays so.
    func add(_ path: String, prefix: [UInt8]) -> Bool {
        #if os(Linux)
            guard descriptor >= 0 else { return false }
            let events = UInt32(
                IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_MODIFY | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)
            let watch = inotify_add_watch(descriptor, path, events)
            guard watch >= 0 else { return false }
            folders.withLock { $0[watch] = prefix }
            return true
        #else
            return false
        #endif
    }

    /// Ends a wait, or the next one.
    func wake() {
        var byte: UInt8 = 1
        _ = write(wakeWriter, &byte, 1)
    }

    /// Waits until something happens, somebody calls ``wake()``, or the time is over; that a file is written to is nothing yet.
    func wait(_ duration: Duration) -> LandingFolder.Awakening {
        let end = ContinuousClock.now + duration
        while true {
            if see().isNews { return .happened }
            let left = end - ContinuousClock.now
            let awakening = left > .zero ? waitForEvents(left) : .elapsed
            if awakening != .happened { return awakening }
        }
    }

    /// The same, for events of any kind.
    private func waitForEvents(_ duration: Duration) -> LandingFolder.Awakening {
        let (seconds, fraction) = duration.components
        let milliseconds =
            seconds >= Int64(Int32.max / 1_000) - 1
            ? Int32.max : Int32(max(0, seconds * 1_000 + (fraction + 999_999_999_999_999) / 1_000_000_000_000_000))
        var requests = [
            pollfd(fd: wakeReader, events: Int16(POLLIN), revents: 0),
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
        ]
        // A signal that comes between counts as time over: who waits looks again.
        guard poll(&requests, nfds_t(requests.count), milliseconds) > 0 else { return .elapsed }
        guard requests[0].revents != 0 else { return .happened }
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(wakeReader, &bytes, bytes.count) == bytes.count {}
        return .woken
    }

    /// Takes what happened; never waits.
    func events() -> Events {
        let events = see()
        happened.withLock { $0 = Events() }
        return events
    }

    /// Reads what happened, and keeps it until somebody takes it.
    private func see() -> Events {
        happened.withLock { events in
            #if os(Linux)
                let size = 1 << 16
                withUnsafeTemporaryAllocation(byteCount: size, alignment: 16) { buffer in
                    while descriptor >= 0 {
                        let count = read(descriptor, buffer.baseAddress, size)
                        guard count > 0 else { return }
                        take(UnsafeRawBufferPointer(rebasing: buffer[..<count]), &events)
                    }
                }
            #endif
            return events
        }
    }

    #if os(Linux)
        /// An event is its watch, what happened, a cookie and the name's length, 32 bits each, and the name, filled up with zeros.
        private func take(_ bytes: UnsafeRawBufferPointer, _ events: inout Events) {
            var place = 0
            while place + 16 <= bytes.count {
                let watch = bytes.loadUnaligned(fromByteOffset: place, as: Int32.self)
                let mask = bytes.loadUnaligned(fromByteOffset: place + 4, as: UInt32.self)
                let length = Int(bytes.loadUnaligned(fromByteOffset: place + 12, as: UInt32.self))
                guard place + 16 + length <= bytes.count else { return }
                let name = bytes[place + 16..<place + 16 + length].prefix { $0 != 0 }
                take(watch, mask, Array(name), &events)
                place += 16 + length
            }
        }

        private func take(_ watch: Int32, _ mask: UInt32, _ name: [UInt8], _ events: inout Events) {
            if mask & UInt32(IN_IGNORED) != 0 { folders.withLock { $0[watch] = nil } }
            guard mask & UInt32(IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_MODIFY) != 0,
                mask & UInt32(IN_ISDIR) == 0, let folder = folders.withLock({ $0[watch] })
            else {
                events.mustList = true
                return
            }
            let path = folder + name
            events.finished.remove(path)
            if mask & UInt32(IN_MODIFY) != 0 {
                events.written.insert(path)
                return
            }
            events.created.remove(path)
            events.written.remove(path)
            if mask & UInt32(IN_CREATE) == 0 { events.finished.insert(path) } else { events.created.insert(path) }
        }
    #endif
}
