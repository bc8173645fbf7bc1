import Files
import Synchronization
public import Tables

/// A folder in which files land, and which of them nobody has read.
///
/// A file is discovered once: by its path within the folder, its node, size and time of change. It costs a look at the file when it comes,
/// and another one when it is handed out; listing the folder again costs nothing for those that are known (``SeenFiles``). Where the
/// system tells what happens in folders, they are listed rarely.
///
/// Any thread may call it; they take turns, but for ``wait(atMost:)`` and ``wake()``.
public final class LandingFolder: Sendable {
    /// Why a wait ended.
    public enum Awakening: Sendable {
        /// Something happened in the folder.
        case happened
        case elapsed
        /// Somebody called ``wake()``.
        case woken
    }

    /// No more problems than these are told at once.
    public static let mostProblems = 1_000

    public let options: LandingOptions
    private let watch = FolderWatch()
    private let state: Mutex<LandingState>

    /// `seen`: what was planned before, by this process or an earlier one.
    public init(_ options: LandingOptions, seen: SeenFiles = SeenFiles()) {
        self.options = options
        state = Mutex(LandingState(options, seen: seen))
    }

    /// Looks for files that nobody planned.
    ///
    /// `now` is in microseconds since 1970-01-01T00:00:00Z. At most so many files are handed out, and no more once they have so many
    /// bytes; they are handed out again until they are ``planned(_:)``. Of `heldBack`, files that were handed out before, those that
    /// are there as they were come alone, where there are any, and those that are there no more are told.
    ///
    /// Errors: `not-found`, `unreadable` for the folder itself; `changed` for a file, where the options say so.
    public func discover(
        now: Int64, files: Int = .max, bytes: Int64 = .max, heldBack: [IntakeFile] = []
    ) throws(SourceError) -> Discovery {
        try state.withLock { state throws(SourceError) in
            try state.discover(now: now, watch)
            var found = state.handOut(heldBack) ?? state.handOut(files: files, bytes: bytes)
            found.missing = state.missing(of: heldBack)
            return found
        }
    }

    /// Takes note that files are in a plan: they are not discovered any more, unless they change.
    public func planned(_ files: [IntakeFile]) {
        state.withLock { state in for file in files { state.planned(SeenMark(file), byteCount: file.byteCount) } }
    }

    /// Takes note that files can't be read: they are not discovered until they change, in content or permissions, or, where the
    /// machine was in the way (`mayPass`), for ``LandingOptions/retry``.
    public func setAside(_ files: [(file: IntakeFile, mayPass: Bool)]) {
        state.withLock { $0.setAside(files) }
    }

    /// Files that are known, and the bytes that this takes.
    public var seen: (count: Int, byteCount: Int) { state.withLock { ($0.seen.count, $0.seen.byteCount) } }

    /// Waits until something happens in the folder, or ``wake()`` is called, or the time is over.
    ///
    /// Where the system doesn't tell, the time is over after ``LandingOptions/pollInterval``. The calling thread is blocked.
    public func wait(atMost duration: Duration) -> Awakening {
        let isTold = state.withLock { $0.isWatched }
        return watch.wait(isTold ? duration : min(duration, options.pollInterval))
    }

    /// Ends a wait, from any thread; if nobody waits, the next one ends at once.
    public func wake() { watch.wake() }
}
