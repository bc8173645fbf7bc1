import Foundation
import GRDB

/// The file of a ledger, looked at before anything is written to it.
///
/// Whoever misspells `store:` must not find a table of ours in a database of theirs, nor its journal mode changed: the file
/// is first opened for reading only.
struct LedgerFile {
    let path: String

    /// "ASSY": in the header of every database of ours.
    static let applicationID: Int32 = 0x4153_5359

    var exists: Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
    }

    /// Which file it is; `nil` where there is none.
    var identity: Identity? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Identity(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
    }

    /// Tells a file from others that have, or had, its name.
    struct Identity: Hashable, Sendable {
        let device: UInt64
        let number: UInt64
    }

    /// What a database has of a ledger.
    enum Contents {
        case nothing
        /// That of an older version, without some of the tables.
        case older
        case current
    }

    /// Finds that the file can be opened for writing, or is absent from a directory that exists; the answer is what is in it.
    func checkForWriting(_ configuration: Configuration) throws(LedgerError) -> Contents {
        guard exists else {
            try checkDirectory()
            return .nothing
        }
        try checkAccess()
        guard FileManager.default.isWritableFile(atPath: path) else { throw .readOnly(path) }
        return try size() > 0 ? contents(configuration) : .nothing
    }

    /// Finds that the file is there and is ours; the answer is what is in it, and never nothing.
    func checkForReading(_ configuration: Configuration) throws(LedgerError) -> Contents {
        guard exists else { throw .notFound(path) }
        try checkAccess()
        guard try size() > 0 else { throw .notADatabase(path, because: "the file is empty") }
        let contents = try contents(configuration)
        guard contents != .nothing else { throw .notADatabase(path, because: "the database is empty") }
        return contents
    }

    /// Makes the tables that are missing, in one transaction.
    ///
    /// Processes that find the same file take turns, and one that is killed leaves it as it was.
    func complete(_ configuration: Configuration) throws {
        let database = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? database.close() }
        try database.write { db in
            // Whose turn was before may have done it.
            if try contents(db) != .current { try LedgerMigrations.complete(db) }
        }
    }

    private func checkDirectory() throws(LedgerError) {
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory) else {
            throw .unwritableDirectory(path, because: "there is no directory \(directory)")
        }
        guard isDirectory.boolValue else {
            throw .unwritableDirectory(path, because: "\(directory) is a file")
        }
        guard FileManager.default.isWritableFile(atPath: directory) else {
            throw .unwritableDirectory(path, because: "\(directory) is not writable")
        }
    }

    private func size() throws(LedgerError) -> Int {
        let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: resolved)
            guard attributes[.type] as? FileAttributeType == .typeRegular else {
                throw LedgerError.notADatabase(path, because: "this is not a regular file")
            }
            return (attributes[.size] as? NSNumber)?.intValue ?? 0
        } catch {
            throw LedgerError(error, place: path)
        }
    }

    private func checkAccess() throws(LedgerError) {
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw LedgerError(
                code: "unwritable-directory", message: "the results store can't be read", place: path,
                hint: "let Assay's user read the file")
        }
    }

    private func contents(_ configuration: Configuration) throws(LedgerError) -> Contents {
        var reading = configuration
        reading.readonly = true
        do {
            do {
                return try contents(through: reading)
            } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_READONLY_ROLLBACK {
                // Somebody was killed while writing: what was begun is only undone by who may write.
                return try contents(through: configuration)
            }
        } catch {
            throw LedgerError(error, place: path)
        }
    }

    private func contents(through configuration: Configuration) throws -> Contents {
        let database = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? database.close() }
        return try database.read { db in try contents(db) }
    }

    /// What a database has of ours; one that is another program's, or a newer version's, is an error.
    func contents(_ db: Database) throws -> Contents {
        let applied = try LedgerMigrations.applied(in: db)
        let application = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let others = try Int.fetchOne(
            db, sql: "SELECT count(*) FROM sqlite_master WHERE tbl_name <> ?", arguments: [LedgerMigrations.table])
        // Older versions made the empty table of steps before they gave the database its number.
        if application == 0, others == 0, applied.isEmpty { return .nothing }
        guard application == Self.applicationID else {
            throw LedgerError.notADatabase(path, because: "this is the database of another program")
        }
        let known = Set(LedgerMigrations.steps.map(\.name))
        let unknown = applied.subtracting(known)
        guard unknown.isEmpty else { throw LedgerError.newerVersion(path, unknown: unknown.sorted()) }
        return applied == known ? .current : .older
    }
}
