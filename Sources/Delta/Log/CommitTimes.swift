import Tables

/// When each version was committed (Delta protocol, In-Commit Timestamps, and the times of files without them).
struct CommitTimes: Sendable {
    /// Ascending in both, in milliseconds since 1970-01-01T00:00:00Z.
    private let times: [(version: Int, time: Int64)]
    private let byVersion: [Int: Int64]

    /// Asks for the time of every commit's file; with `areInCommit` it reads the commits.
    init(_ listing: LogListing, areInCommit: Bool) throws(DeltaError) {
        var times: [(version: Int, time: Int64)] = []
        for version in listing.commits {
            var time: Int64
            if areInCommit {
                let commit = try CommitReader.read(version, table: listing.table)
                time = commit.info?.inCommitTimestamp ?? commit.fileTime
            } else {
                // One that is gone was cleaned away since the folder was listed.
                let path = LogListing.commitPath(version, table: listing.table)
                guard let written = FileTime.milliseconds(ofFile: path) else { continue }
                time = written
            }
            // Files that were copied have any time; a version is later than the one before it.
            if let last = times.last, time <= last.time { time = last.time.addingClamped(1) }
            times.append((version, time))
        }
        self.times = times
        byVersion = Dictionary(times.map { ($0.version, $0.time) }) { first, _ in first }
    }

    var first: Int64? { times.first?.time }

    /// The newest version that is not later.
    func version(at milliseconds: Int64) -> Int? { times.last { $0.time <= milliseconds }?.version }

    func time(of version: Int) -> Int64? { byVersion[version] }
}
