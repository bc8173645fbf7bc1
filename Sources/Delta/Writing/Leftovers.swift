import Foundation
import Tables

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What writers leave that were killed: files under hidden names, which no reader sees.
public enum Leftovers {
    /// Removes data files that `DataFileWriter`s began and nobody published; how many there were.
    ///
    /// `isOwn` is asked by the writer's stem. Whoever asks knows that no such writer is at work, and that nobody means to publish
    /// what one of them finished. A file that can't be removed stays for the next time. Costs a listing of the table's folders.
    @discardableResult
    public static func sweepDataFiles(of table: String, where isOwn: (Substring) -> Bool) -> Int {
        sweep(table, nil, isOwn)
    }

    /// The same for writers that may be at work: files that nobody has touched since `time`, in microseconds since
    /// 1970-01-01T00:00:00Z.
    @discardableResult
    static func sweepDataFiles(
        of table: String, untouchedSince time: Int64, where isOwn: (Substring) -> Bool
    ) -> Int {
        sweep(table, time.flooredDivision(by: 1_000).quotient, isOwn)
    }

    /// Removes unfinished files of the table's log that nobody has touched since `time`; how many there were.
    ///
    /// In microseconds since 1970-01-01T00:00:00Z. Other writers may be at work there: the time must be so long ago that they
    /// would be done.
    @discardableResult
    public static func sweepLog(of table: String, untouchedSince time: Int64) -> Int {
        let folder = "\(table)/_delta_log"
        var count = 0
        for name in names(in: folder) where name.hasPrefix(".") && name.hasSuffix(".tmp") {
            var status = stat()
            let path = "\(folder)/\(name)"
            guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
                FileTime.milliseconds(status) < time.flooredDivision(by: 1_000).quotient, unlink(path) == 0
            else { continue }
            count += 1
        }
        return count
    }

    /// `horizon` is in milliseconds; `nil` for files of any age.
    private static func sweep(_ folder: String, _ horizon: Int64?, _ isOwn: (Substring) -> Bool) -> Int {
        var count = 0
        for name in names(in: folder) {
            let path = "\(folder)/\(name)"
            if let stem = stem(ofUnfinished: name) {
                let isOld = horizon.map { FileRemoval.modified(path) ?? .max < $0 } ?? true
                if isOwn(stem), isOld, unlink(path) == 0 { count += 1 }
            } else if name.utf8.contains(UInt8(ascii: "=")), isFolder(path) {
                count += sweep(path, horizon, isOwn)
            }
        }
        return count
    }

    /// That of `.part-00000-<stem>.parquet.tmp`.
    static func stem(ofUnfinished name: String) -> Substring? {
        let (before, after) = (".part-", ".parquet.tmp")
        guard name.hasPrefix(before), name.hasSuffix(after) else { return nil }
        let rest = name.dropFirst(before.count).dropLast(after.count)
        guard let line = rest.firstIndex(of: "-"), rest[..<line].utf8.count >= 5,
            rest[..<line].utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return rest[rest.index(after: line)...]
    }

    private static func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    /// Not a link to one.
    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
