import Foundation
import GRDB
public import Tables

/// How a ledger's file is, for whoever looks after it.
public struct LedgerHealth: Sendable, Equatable {
    /// What SQLite finds wrong with it (`PRAGMA quick_check`), at most three things; empty for a sound one.
    public let damages: [String]
    /// `wal` for one that was opened for writing by this program.
    public let journalMode: String
    /// Bytes of the journal beside it.
    public let journalByteCount: Int64
    /// Whether the next run that stores its results brings it up to date.
    public let isOlderVersion: Bool
    /// The latest time for which a schedule was done, microseconds since 1970; `nil` where none was seen.
    public let latestSlot: Int64?
    /// When the run began that is dated last, microseconds since 1970; `nil` where there are no runs.
    public let latestRun: Int64?
    public let space: LedgerSpace
}

extension Ledger {
    /// Looks at a ledger without changing it; reads all of it once.
    ///
    /// Errors as those of opening it for reading.
    public static func health(at path: String) throws(LedgerError) -> LedgerHealth {
        let ledger = try Ledger(readingFrom: path, acceptsOlderVersions: true)
        let (damages, mode, isOlder, slot, run) = try ledger.read { db in
            let report = try String.fetchAll(db, sql: "PRAGMA quick_check(3)")
            return (
                report == ["ok"] ? [] : report, try String.fetchOne(db, sql: "PRAGMA journal_mode") ?? "",
                try LedgerFile(path: path).contents(db) == .older,
                try db.tableExists("schedules") ? Int64.fetchOne(db, sql: "SELECT max(last_slot) FROM schedules") : nil,
                try Int64.fetchOne(db, sql: "SELECT started_at FROM runs ORDER BY number DESC LIMIT 1")
            )
        }
        let journal = try? FileManager.default.attributesOfItem(atPath: path + "-wal")
        return LedgerHealth(
            damages: damages, journalMode: mode, journalByteCount: (journal?[.size] as? NSNumber)?.int64Value ?? 0,
            isOlderVersion: isOlder, latestSlot: slot, latestRun: run, space: try ledger.space())
    }
}

extension LinkedLibrary {
    /// What keeps results and pipelines' memory.
    public static var sqlite: LinkedLibrary {
        let version = try? DatabaseQueue().read { db in try String.fetchOne(db, sql: "SELECT sqlite_version()") }
        return LinkedLibrary(
            name: "SQLite", version: (version ?? nil) ?? "unknown", lacks: version == nil ? "an answer" : nil)
    }
}
