public import Tables

extension DeltaSource: VersionedSource {
    public var version: TableVersion {
        TableVersion(number: snapshot.version, committed: snapshot.timestamp.microsecondsFromMilliseconds)
    }

    public func additions(after time: Int64) throws(SourceError) -> TableAdditions {
        do throws(DeltaError) { return try DeltaHistory(snapshot).additions(after: time) } catch {
            throw SourceError(error)
        }
    }
}

/// What the log tells of how the rows of a version came.
struct DeltaHistory {
    private let snapshot: Snapshot

    init(_ snapshot: Snapshot) { self.snapshot = snapshot }

    /// Reads commits from the version backwards, to the first one that is old enough and added rows.
    ///
    /// Where the log was cleaned up before such a one, the files that were there already tell when they were written.
    func additions(after time: Int64) throws(DeltaError) -> TableAdditions {
        let present = Set(try LogListing(table: snapshot.table).commits)
        var told: [TableAddition] = []
        var known: Set<FileKey> = []
        var oldest = Int64.max
        var next = snapshot.version
        while next >= 0, present.contains(next) {
            let commit = try CommitReader.read(next, table: snapshot.table)
            let addition = CommitAddition(commit.actions, commit.info)
            oldest = commit.statedTime.microsecondsFromMilliseconds
            if addition.bringsData {
                told.append(TableAddition(version: next, time: oldest, rowCount: addition.rowCount))
                if oldest <= time, addition.rowCount != 0 {
                    return TableAdditions(commits: told, isComplete: true, isWhole: true)
                }
            }
            for case .add(let file) in commit.actions { known.insert(FileKey(file)) }
            next -= 1
        }
        if next < 0 { return TableAdditions(commits: told, isComplete: true, isWhole: true) }
        let before = snapshot.files.filter { !known.contains(FileKey($0)) }.map(\.modificationTime).max()
        return TableAdditions(
            commits: told, isComplete: oldest <= time, isWhole: false, untold: before?.microsecondsFromMilliseconds)
    }
}
