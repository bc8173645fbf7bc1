import Foundation
import Tables

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Files that are nobody's any more.
enum FileRemoval {
    @discardableResult
    static func remove(_ path: String) -> Bool { unlink(path) == 0 }

    /// When a file was changed last, in milliseconds since 1970-01-01T00:00:00Z; `nil` where there is none.
    static func modified(_ path: String) -> Int64? {
        var status = stat()
        return lstat(path, &status) == 0 ? FileTime.milliseconds(status) : nil
    }
}

extension DeltaTable {
    /// Removes commits and checkpoints of versions that are older than the table keeps its history; how many there were.
    ///
    /// The property `delta.logRetentionDuration` says how long that is (30 days when absent), `delta.enableExpiredLogCleanup` whether it
    /// is done at all. What is left begins with the newest checkpoint of those days before that can be read, so that all versions
    /// behind it can be read. `now` is in microseconds since 1970-01-01T00:00:00Z. Costs two readings of that version where there is
    /// something to remove. Error: `corrupt` for a checkpoint that makes another table than the commits before it; nothing is removed
    /// then.
    @discardableResult
    public func cleanLog(now: Int64) throws(DeltaError) -> Int {
        let newest = try header()
        guard newest.metadata.configuration["delta.enableExpiredLogCleanup"]?.lowercased() != "false",
            let period = RetentionPeriod.log(newest.metadata)
        else { return 0 }
        let horizon = now.flooredDivision(by: 1_000).quotient.addingClamped(-period)
        let listing = try LogListing(table: folder)
        let old = OldLog(listing) { FileRemoval.modified($0).map { $0 < horizon } ?? false }
        for checkpoint in old.checkpoints.reversed() {
            let paths = old.paths(before: checkpoint.version)
            if paths.isEmpty { return 0 }
            guard old.isWhole(before: checkpoint.version, protectedBy: newest) else { return 0 }
            // One that can't be read stands for nothing: the commits before it are what makes the table.
            guard try canReplace(checkpoint, listing) else { continue }
            return paths.count { FileRemoval.remove($0) }
        }
        return 0
    }

    /// Whether a checkpoint can be read to its end; an error where the log makes something else of its version without it.
    private func canReplace(
        _ checkpoint: LogListing.Checkpoint, _ listing: LogListing
    ) throws(DeltaError) -> Bool {
        let version = checkpoint.version
        func read(_ start: LogListing.Checkpoint?, _ commits: ClosedRange<Int>?) -> Snapshot? {
            try? snapshot(version, from: start, commits, listing, wantsFiles: true)
        }
        guard let own = read(checkpoint, nil) else { return false }
        for way in try listing.ways(to: version) where way.checkpoint != checkpoint {
            guard let other = read(way.checkpoint, way.commits) else { continue }
            guard own.isSameTable(as: other) else {
                throw DeltaError(
                    .corrupt, "the checkpoint of version \(version) makes another table than the log before it",
                    place: checkpoint.files.first ?? folder,
                    hint: "the log was not cleaned up; see which of them is right")
            }
            return true
        }
        return true
    }
}

/// What of a log is older than the table keeps it.
private struct OldLog {
    private let listing: LogListing
    private let isOld: (String) -> Bool
    /// The oldest commits, as far as none of them is young: what is left has no gaps.
    private let commits: [Int]
    let checkpoints: [LogListing.Checkpoint]

    init(_ listing: LogListing, _ isOld: @escaping (String) -> Bool) {
        self.listing = listing
        self.isOld = isOld
        commits = Array(listing.commits.prefix { isOld(LogListing.commitPath($0, table: listing.table)) })
        checkpoints = listing.checkpoints.filter { $0.files.allSatisfy(isOld) }
    }

    /// The files of versions before one, in the order in which they may go.
    func paths(before version: Int) -> [String] {
        commits.filter { $0 < version }.map { LogListing.commitPath($0, table: listing.table) }
            + checkpoints.filter { $0.version < version }.flatMap(\.files)
    }

    /// Whether a cleanup is one that the table allows (Delta protocol, Checkpoint Protection): up to the version that it protects its
    /// checkpoints to, everything goes at once or nothing.
    func isWhole(before version: Int, protectedBy newest: Snapshot) -> Bool {
        guard newest.protocol.has(.checkpointProtection) else { return true }
        let property = newest.metadata.configuration["delta.requireCheckpointProtectionBeforeVersion"] ?? "0"
        guard let first = Int(property) else { return false }
        let oldest = [listing.commits.first, listing.checkpoints.first?.version].compactMap(\.self).min() ?? 0
        return oldest >= first
            || version >= first && listing.commits.allSatisfy { $0 >= version || $0 <= commits.last ?? -1 }
                && listing.checkpoints.allSatisfy { $0.version >= version || $0.files.allSatisfy(isOld) }
    }
}

extension Snapshot {
    /// Whether the other is the same version of the same table: what readers are to see, not how long batches and removed files are
    /// remembered, which each writer decides.
    fileprivate func isSameTable(as other: Snapshot) -> Bool {
        func identity(_ snapshot: Snapshot) -> [FileKey: Int64] {
            Dictionary(snapshot.files.map { (FileKey($0), $0.size) }, uniquingKeysWith: { first, _ in first })
        }
        return metadata.id == other.metadata.id && metadata.schemaString == other.metadata.schemaString
            && metadata.partitionColumns == other.metadata.partitionColumns
            && metadata.configuration == other.metadata.configuration && `protocol`.features == other.protocol.features
            && `protocol`.minReaderVersion == other.protocol.minReaderVersion
            && `protocol`.minWriterVersion == other.protocol.minWriterVersion && identity(self) == identity(other)
    }
}
