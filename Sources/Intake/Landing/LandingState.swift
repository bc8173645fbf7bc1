import Tables

/// What is known of a landing folder.
struct LandingState {
    let options: LandingOptions
    let names: LandingNames
    var seen: SeenFiles
    /// Files that are ready, and their marks.
    var queue = ReadyQueue()
    var queued = SeenFiles()
    var queuedCount = 0
    var queuedBytes: Int64 = 0
    /// Whether entries of the queue stand for files that aren't so any more.
    var mustCount = false
    /// Files that may be written to still, by path.
    var waiting: [[UInt8]: Unsettled] = [:]
    var ignoredChanges = 0
    var problems: [LandingProblem] = []
    var problemCount = 0
    /// Of the problems that are told: different names may look alike.
    var problemPaths: Set<[UInt8]> = []
    /// Files that are never read for their names' sake, as of the last listing, and the first of them.
    var unknown: (count: Int, name: [UInt8]?) = (0, nil)
    /// Paths of Delta tables' folders within the landing folder, with a slash behind.
    var tables: Set<[UInt8]> = []
    /// Whether every folder is watched, so that nothing comes unnoticed.
    var isWatched = false
    /// Files that can't be read as they are.
    var aside: [Aside] = []
    var lastAside: Int64?
    private var lastListing: Int64?
    private var lastRecheck: Int64?
    var cost = Discovery.Cost()
    /// The time of the discovery at hand, in microseconds since 1970-01-01T00:00:00Z.
    var now: Int64 = 0
    /// Whether files that are known are looked at, too.
    var isRecheck = false
    /// What ends the discovery.
    var failure: SourceError?

    /// A file that was looked at and is not ready.
    struct Unsettled {
        var mark: SeenMark
        var byteCount: Int64
        /// When it was changed last, by its own time: nanoseconds since 1970-01-01T00:00:00Z.
        var modified: Int64
        /// Since when it is known to be as it is, in microseconds.
        var since: Int64
        /// Whether somebody was seen to write to it and not to close it.
        var isOpen: Bool
    }

    /// What somebody was seen to do with a file.
    enum Activity {
        case nothing
        case writing
        /// Closing it after writing, or renaming it into place.
        case finishing
    }

    init(_ options: LandingOptions, seen: SeenFiles) {
        self.options = options
        self.seen = seen
        names = LandingNames(options.patterns)
    }

    /// Looks at what happened, and at the folder where it is time.
    mutating func discover(now: Int64, _ watch: FolderWatch) throws(SourceError) {
        cost = Discovery.Cost()
        failure = nil
        self.now = now
        let events = watch.events()
        isRecheck = isDue(lastRecheck, options.recheck)
        let mustList = !isWatched || events.mustList || isRecheck || isDue(lastListing, options.relist)
        recheckAside()
        for path in events.written { examine(path, .writing) }
        // Before what happened to the others, since it tells which folders are tables.
        if mustList { list(watch) }
        for path in waiting.keys where !events.finished.contains(path) { examine(path, .nothing) }
        for path in events.finished { examine(path, .finishing) }
        for path in events.created { examine(path, .nothing) }
        if let failure {
            // What happened is forgotten: the next time everything is looked at.
            lastListing = nil
            lastRecheck = nil
            throw failure
        }
        if mustList { lastListing = now }
        if isRecheck { lastRecheck = now }
    }

    /// Whether it is time again; a clock that went back says so at once.
    func isDue(_ last: Int64?, _ interval: Duration) -> Bool {
        guard let last, now >= last else { return true }
        return now - last >= interval.microseconds
    }

    mutating func planned(_ mark: SeenMark, byteCount: Int64) {
        if isQueued(mark) { leaveQueue(byteCount) }
        seen.insert(mark)
    }

    /// Whether the file waits in the queue to be handed out; entries of other versions of it don't count any more.
    func isQueued(_ mark: SeenMark) -> Bool { queued.contains(mark) && !seen.contains(mark) }

    mutating func leaveQueue(_ byteCount: Int64) {
        queuedCount -= 1
        queuedBytes -= byteCount
    }
}

extension Duration {
    /// Whole microseconds, as far as 64 bits hold them.
    var microseconds: Int64 {
        let (seconds, attoseconds) = components
        let (micro, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        return overflow ? (seconds < 0 ? .min : .max) : micro &+ attoseconds / 1_000_000_000_000
    }
}
