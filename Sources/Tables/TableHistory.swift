/// A version of a table, where its format keeps versions.
public struct TableVersion: Sendable, Hashable {
    public let number: Int
    /// When it was committed: microseconds since 1970-01-01T00:00:00Z.
    public let committed: Int64

    public init(number: Int, committed: Int64) {
        self.number = number
        self.committed = committed
    }
}

/// A commit that brought rows to a table.
public struct TableAddition: Sendable, Hashable {
    public let version: Int
    /// When it was made, as its writer says: microseconds since 1970-01-01T00:00:00Z.
    public let time: Int64
    /// Rows that weren't in the table before; `nil` where the commit doesn't tell.
    public let rowCount: Int?

    public init(version: Int, time: Int64, rowCount: Int?) {
        self.version = version
        self.time = time
        self.rowCount = rowCount
    }
}

/// The commits that brought rows, as far back as somebody asked.
public struct TableAdditions: Sendable, Hashable {
    /// The newest first: those after the time that was asked for, and of the others down to the newest with new rows.
    public let commits: [TableAddition]
    /// Whether there is no other commit after that time: the log goes back as far.
    public let isComplete: Bool
    /// Whether there is no other commit before them that somebody may ask for: they end with one that brought rows before that
    /// time, or the log begins with the table.
    public let isWhole: Bool
    /// Where they are not whole: when the data before was written, if that is known.
    public let untold: Int64?

    public init(commits: [TableAddition], isComplete: Bool, isWhole: Bool, untold: Int64? = nil) {
        self.commits = commits
        self.isComplete = isComplete
        self.isWhole = isWhole
        self.untold = untold
    }
}

/// A source whose format keeps versions, and tells which commits brought the rows that it has.
public protocol VersionedSource: BatchSource {
    var version: TableVersion { get }

    /// The commits that brought rows after a time, which is in microseconds since 1970-01-01T00:00:00Z; and the last one before.
    ///
    /// Commits that only rearranged, deleted or described rows are none. Costs the reading of the commits since then.
    func additions(after time: Int64) throws(SourceError) -> TableAdditions
}
