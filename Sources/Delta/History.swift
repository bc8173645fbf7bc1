import Tables

/// What one commit did, as the log tells it.
public struct HistoryEntry: Sendable, Equatable {
    public let version: Int
    /// The time that time travel knows it by, later than that of the commit before: milliseconds since 1970-01-01T00:00:00Z.
    public let timestamp: Int64
    /// When its writer says that it was made; the same where the writer doesn't.
    public let statedTime: Int64
    /// As in `WRITE` or `DELETE`; `nil` where the writer doesn't say.
    public let operation: String?
    /// The writing program.
    public let engine: String?
    public let addedFiles: Int
    public let removedFiles: Int
    /// Of the added files.
    public let addedBytes: Int64
    /// By the added files' statistics; `nil` where one has none.
    public let addedRows: Int?
    /// Whether rows came in, or came in a new state: not by rearranging, deleting or describing them.
    public let bringsData: Bool
    /// Rows that weren't in the table before; `nil` where the commit doesn't tell.
    public let newRows: Int?
    public let changesMetadata: Bool
    public let changesProtocol: Bool
    public let transactions: [AppTransaction]
    /// Removed files that an earlier commit had removed already, of a commit that adds others: see `RepeatedRemoval`.
    public let repeatedRemovals: Int

    init(_ version: Int, _ commit: CommitReader.Commit, timestamp: Int64, repeatedRemovals: Int) {
        self.repeatedRemovals = repeatedRemovals
        self.version = version
        self.timestamp = timestamp
        statedTime = commit.info?.inCommitTimestamp ?? commit.info?.timestamp ?? timestamp
        let addition = CommitAddition(commit.actions, commit.info)
        bringsData = addition.bringsData
        newRows = addition.rowCount
        operation = commit.info?.operation
        engine = commit.info?.engine
        var added: [AddFile] = []
        var removed = 0
        var (hasMetadata, hasProtocol) = (false, false)
        var transactions: [AppTransaction] = []
        for action in commit.actions {
            switch action {
            case .add(let file): added.append(file)
            case .remove: removed += 1
            case .metadata: hasMetadata = true
            case .protocol: hasProtocol = true
            case .transaction(let transaction): transactions.append(transaction)
            case .commitInfo, .domain, .sidecar, .other: break
            }
        }
        addedFiles = added.count
        removedFiles = removed
        addedBytes = added.reduce(0) { $0.addingClamped($1.size) }
        addedRows = added.reduce(Optional(0)) { total, file in
            guard let total, let rows = file.numRecords else { return nil }
            return Int(Int64(total).addingClamped(Int64(rows)))
        }
        changesMetadata = hasMetadata
        changesProtocol = hasProtocol
        self.transactions = transactions
    }
}

extension DeltaTable {
    /// What the commits did, the newest first; as far back as the log goes, and at most `limit` of them.
    ///
    /// `last` is the newest version that is told of. What is removed again is known by the commits that are told of alone.
    public func history(through last: Int = .max, limit: Int = .max) throws(DeltaError) -> [HistoryEntry] {
        let listing = try LogListing(table: folder)
        var entries: [HistoryEntry] = []
        var times: CommitTimes?
        var replay = Replay()
        for version in listing.commits.prefix(while: { $0 <= last }).suffix(max(0, limit)) {
            let commit = try CommitReader.read(version, table: folder)
            replay.apply(commit.actions, of: version)
            let repeated = replay.repeatedRemovals.last.flatMap { $0.version == version ? $0.fileCount : nil } ?? 0
            var time = commit.info?.inCommitTimestamp
            if time == nil {
                if times == nil { times = try CommitTimes(listing, areInCommit: false) }
                time = times?.time(of: version)
            }
            entries.append(
                HistoryEntry(
                    version, commit, timestamp: time ?? commit.fileTime, repeatedRemovals: repeated))
        }
        return entries.reversed()
    }
}
