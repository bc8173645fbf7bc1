import Files
import Foundation
import GRDB

/// A copy of a ledger that was made and found sound.
public struct LedgerBackup: Sendable, Equatable {
    public let path: String
    public let byteCount: Int64
    /// Runs that it holds.
    public let runCount: Int

    public init(path: String, byteCount: Int64, runCount: Int) {
        self.path = path
        self.byteCount = byteCount
        self.runCount = runCount
    }
}

/// How far a backup has come.
public struct BackupProgress: Sendable, Equatable {
    public let copiedPages: Int
    public let totalPages: Int

    public init(copiedPages: Int, totalPages: Int) {
        self.copiedPages = copiedPages
        self.totalPages = totalPages
    }
}

extension Ledger {
    /// Copies the whole ledger, as it is at one instant, into a new file of its own; others may read and write meanwhile.
    ///
    /// The copy is made under a hidden name, checked page by page and index by index (`PRAGMA integrity_check`), made durable,
    /// and only then named: under its name there is a sound backup or nothing. It has the permissions of the original. An error
    /// that `progress` throws ends the backup. Errors: `name-taken`, `disk-full`, `corrupt`, `unwritable-directory`, `input-output`.
    ///
    /// SQLite's backup of pages is used and not `VACUUM INTO`: it reads one snapshot in steps, so that it can be watched and ended, and needs no
    /// sorting. What it costs is that the WAL grows by what others write while it lasts.
    public func backup(
        to path: String, progress: (BackupProgress) throws -> Void = { _ in }
    ) throws -> LedgerBackup {
        let copy = BackupFile(path: path)
        try copy.create(mode: BackupFile.permissions(of: self.path))
        do {
            let runCount = try fill(copy.temporaryPath, progress)
            return LedgerBackup(path: path, byteCount: try copy.publish(), runCount: runCount)
        } catch let error as DatabaseError {
            copy.discard()
            throw LedgerError(error, place: path)
        } catch {
            copy.discard()
            throw error
        }
    }

    /// Pages of a step: 4 MiB, a few milliseconds.
    private static let pagesPerStep: CInt = 1_024

    private func fill(_ path: String, _ progress: (BackupProgress) throws -> Void) throws -> Int {
        var configuration = Configuration()
        configuration.label = "backup"
        // A file that nobody knows yet needs no journal.
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = FULL")
        }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        let runCount = try queue.writeWithoutTransaction { copy in
            try copyPages(to: copy, progress)
            // The original's header says WAL; a backup is one file, and can be read from a sealed disk.
            _ = try String.fetchOne(copy, sql: "PRAGMA journal_mode = DELETE")
            return try BackupFile.check(copy, path: path)
        }
        try queue.close()
        return runCount
    }

    private func copyPages(to copy: Database, _ progress: (BackupProgress) throws -> Void) throws {
        try database.read { original in
            // The transaction begins with its first reading: from here on all steps see one state.
            _ = try Int.fetchOne(original, sql: "SELECT count(*) FROM sqlite_master")
            // SQLite would have the last step's error ignored.
            var refusal: (any Error)?
            try withoutActuallyEscaping(progress) { progress in
                try original.backup(to: copy, pagesPerStep: Self.pagesPerStep) { step in
                    let copied = step.totalPageCount - step.remainingPageCount
                    do {
                        try progress(BackupProgress(copiedPages: copied, totalPages: step.totalPageCount))
                    } catch {
                        refusal = error
                        throw error
                    }
                }
            }
            if let refusal { throw refusal }
        }
    }
}
