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
    /// is done at all. What is left begins with the newest checkpoint of those days before, so that all versions behind it can be
    /// read. `now` is in microseconds since 1970-01-01T00:00:00Z.
    @discardableResult
    public func cleanLog(now: Int64) throws(DeltaError) -> Int {
        let metadata = try header().metadata
        guard metadata.configuration["delta.enableExpiredLogCleanup"]?.lowercased() != "false",
            let period = RetentionPeriod.log(metadata)
        else { return 0 }
        let horizon = now.flooredDivision(by: 1_000).quotient.addingClamped(-period)
        let listing = try LogListing(table: folder)
        func isOld(_ path: String) -> Bool { FileRemoval.modified(path).map { $0 < horizon } ?? false }
        guard let first = listing.checkpoints.last(where: { $0.files.allSatisfy(isOld) })?.version else { return 0 }
        var paths: [String] = []
        // The oldest commits go first: what is left has no gaps, whenever it ends.
        for version in listing.commits where version < first {
            paths.append(LogListing.commitPath(version, table: folder))
        }
        for checkpoint in listing.checkpoints where checkpoint.version < first { paths += checkpoint.files }
        var count = 0
        for path in paths where isOld(path) && FileRemoval.remove(path) { count += 1 }
        return count
    }
}
