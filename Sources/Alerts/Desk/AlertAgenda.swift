import Ledger

/// When time alone may next change something of each open incident, as far as one desk has looked.
///
/// Kept in memory: another desk over the same store may have other routes, so that each begins with an empty one, and looks at all
/// incidents once. Holds an entry for each incident that is open.
public struct AlertAgenda: Sendable {
    private struct Entry {
        let revision: Int
        let lookedAt: Int64
        let nextLook: Int64

        /// A clock that was set back must not make anything wait until it has caught up.
        func isDue(_ current: Int, at now: Int64) -> Bool { revision != current || now >= nextLook || now < lookedAt }
    }

    private var entries: [AlertSubject: Entry] = [:]

    public init() {}

    /// Those of all open ones that have been written to since they were looked at, or whose time has come; others are forgotten.
    mutating func due(among open: [SubjectRevision], at now: Int64) -> [SubjectRevision] {
        var kept: [AlertSubject: Entry] = [:]
        var due: [SubjectRevision] = []
        for current in open {
            if let entry = entries[current.subject], !entry.isDue(current.revision, at: now) {
                kept[current.subject] = entry
            } else {
                due.append(current)
            }
        }
        entries = kept
        return due
    }

    /// It was looked at as it is.
    mutating func note(_ looked: SubjectRevision, at now: Int64, next: Int64) {
        entries[looked.subject] = Entry(revision: looked.revision, lookedAt: now, nextLook: next)
    }
}
