import Files
import Tables

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Files that could not be read, and when that may be otherwise.
extension LandingState {
    /// A file that nobody gets for the time being.
    struct Aside {
        let file: IntakeFile
        /// Whether it is the machine that is in the way, and time may mend it.
        let mayPass: Bool
        /// When its owner or permissions changed last, in nanoseconds.
        let changed: Int64
        /// Microseconds since 1970-01-01T00:00:00Z; `nil` until the discovery behind.
        var since: Int64?
    }

    /// How often files that are aside are looked at.
    private static let patience = Duration.seconds(30)

    /// Takes note of files that can't be read as they are.
    mutating func setAside(_ files: [(file: IntakeFile, mayPass: Bool)]) {
        for (file, mayPass) in files {
            planned(SeenMark(file), byteCount: file.byteCount)
            guard let changed = Self.changeTime(of: file) else { continue }
            aside.append(Aside(file: file, mayPass: mayPass, changed: changed, since: nil))
        }
    }

    /// Files that became others since, or have waited long enough, are there to be read again.
    mutating func recheckAside() {
        for place in aside.indices where aside[place].since == nil { aside[place].since = now }
        guard !aside.isEmpty, isDue(lastAside, Self.patience) else { return }
        lastAside = now
        let retry = options.retry.microseconds
        var kept: [Aside] = []
        for entry in aside {
            let waited = now - (entry.since ?? now)
            let changed = Self.changeTime(of: entry.file)
            if changed == nil { continue }
            if changed != entry.changed || entry.mayPass && (waited >= retry || waited < 0) {
                again(entry.file)
            } else {
                kept.append(entry)
            }
        }
        aside = kept
    }

    /// Has a file that is known be ready once more.
    private mutating func again(_ file: IntakeFile) {
        let mark = SeenMark(file)
        seen.remove(mark)
        queued.remove(mark)
        // An entry of the queue that stood for it must not stand for it twice.
        mustCount = true
        recount()
        examine(Array(file.name.utf8), .finishing)
    }

    private static func changeTime(of file: IntakeFile) -> Int64? {
        var status = stat()
        guard look(Array(file.path.utf8) + [0], &status, follows: true) == 0 else { return nil }
        return FileIdentity.nanoseconds(status.changedTime)
    }
}
