import Tables

/// A Delta table on disk: a folder of Parquet files, and the log that says which of them make up each version.
///
/// A value without state: every call looks at the log anew.
public struct DeltaTable: Sendable {
    /// The table's folder.
    public let folder: String

    /// Which version of a table is meant.
    public enum VersionChoice: Sendable, Hashable {
        case latest
        case version(Int)
        /// The newest version that was there at the time: microseconds since 1970-01-01T00:00:00Z.
        case timestamp(microseconds: Int64)
    }

    /// Whether a folder holds a table, by its `_delta_log`.
    public static func isTable(_ folder: String) -> Bool { (try? LogListing(table: folder)) != nil }

    /// Whether a folder holds a table that can be read: one whose maker wasn't stopped before its first version.
    public static func hasVersion(_ folder: String) -> Bool {
        (try? LogListing(table: folder)).map { !$0.isEmpty } ?? false
    }

    /// A table that is there.
    public init(_ folder: String) throws(DeltaError) {
        var trimmed = folder[...]
        while trimmed.utf8.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
        self.folder = String(trimmed)
        _ = try LogListing(table: self.folder).latest()
    }

    /// A table that is being made.
    init(unchecked folder: String) { self.folder = folder }

    /// Puts a version together; costs the reading of one checkpoint and the commits behind it.
    public func snapshot(_ choice: VersionChoice = .latest) throws(DeltaError) -> Snapshot {
        let listing = try LogListing(table: folder)
        return try snapshot(try resolve(choice, listing), listing)
    }

    /// The newest version without its files: what there is to know for who only appends.
    ///
    /// Costs the same for tables of few files and of many, a listing of the log aside. Its time may be unknown, and 0.
    public func header() throws(DeltaError) -> Snapshot {
        let listing = try LogListing(table: folder)
        return try snapshot(try listing.latest(), listing, wantsFiles: false)
    }

    func snapshot(_ version: Int, _ listing: LogListing, wantsFiles: Bool = true) throws(DeltaError) -> Snapshot {
        var failure: DeltaError?
        for way in try listing.ways(to: version) {
            do throws(DeltaError) {
                return try snapshot(version, from: way.checkpoint, way.commits, listing, wantsFiles: wantsFiles)
            } catch  where error.code != .unsupportedFeature {
                // What can be put together without a damaged checkpoint, is.
                failure = failure ?? error
            } catch { throw error }
        }
        throw failure ?? DeltaError(.logGap, "version \(version) can't be put together", place: folder)
    }

    /// Puts a version together in one way.
    func snapshot(
        _ version: Int, from checkpoint: LogListing.Checkpoint?, _ commits: ClosedRange<Int>?, _ listing: LogListing,
        wantsFiles: Bool
    ) throws(DeltaError) -> Snapshot {
        var replay = Replay()
        if let checkpoint {
            try CheckpointReader.read(checkpoint, table: folder, wantsFiles: wantsFiles, into: &replay)
        }
        var time: Int64?
        for commit in commits.map(Array.init) ?? [] {
            let read = try CommitReader.read(commit, table: folder)
            replay.apply(read.actions, of: commit)
            if commit == version { time = read.info?.inCommitTimestamp }
        }
        if commits == nil, listing.commits.contains(version) {
            time = try CommitReader.read(version, table: folder).info?.inCommitTimestamp
        }
        if time == nil, wantsFiles { time = try CommitTimes(listing, areInCommit: false).time(of: version) }
        return try Snapshot(replay, table: folder, version: version, timestamp: time)
    }

    private func resolve(_ choice: VersionChoice, _ listing: LogListing) throws(DeltaError) -> Int {
        switch choice {
        case .latest: return try listing.latest()
        case .version(let version): return version
        case .timestamp(let microseconds):
            let latest = try listing.latest()
            let newest = try snapshot(latest, listing)
            let times = try CommitTimes(listing, areInCommit: newest.metadata.isSet("delta.enableInCommitTimestamps"))
            let wanted = microseconds.flooredDivision(by: 1_000).quotient
            guard let version = times.version(at: wanted) else {
                let first = times.first.map { CivilTime.format(microseconds: $0.microsecondsFromMilliseconds) }
                throw DeltaError(
                    .noSuchVersion,
                    "there is no version as old as \(CivilTime.format(microseconds: microseconds))", place: folder,
                    hint: first.map { "the oldest that is known was committed at \($0)" })
            }
            return version
        }
    }
}
