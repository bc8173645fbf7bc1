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

    /// Finds that the file can be opened for writing, or is absent from a directory that exists.
    func checkForWriting(_ migrator: DatabaseMigrator, configuration: Configuration) throws(LedgerError) {
        guard exists else { return try checkDirectory() }
        try checkHeader(mayBeEmpty: true)
        guard FileManager.default.isWritableFile(atPath: path) else { throw .readOnly(path) }
        if try size() > 0 { try checkContents(migrator, configuration: configuration, mayBeEmpty: true) }
    }

    /// Finds that the file is there and is ours.
    func checkForReading(_ migrator: DatabaseMigrator, configuration: Configuration) throws(LedgerError) {
        guard exists else { throw .notFound(path) }
        try checkHeader(mayBeEmpty: false)
        try checkContents(migrator, configuration: configuration, mayBeEmpty: false)
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
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            guard attributes[.type] as? FileAttributeType == .typeRegular else {
                throw LedgerError.notADatabase(path, because: "this is not a regular file")
            }
            return (attributes[.size] as? NSNumber)?.intValue ?? 0
        } catch {
            throw LedgerError(error, place: path)
        }
    }

    private func checkHeader(mayBeEmpty: Bool) throws(LedgerError) {
        let resolved = LedgerFile(path: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
        guard try resolved.size() > 0 else {
            if mayBeEmpty { return }
            throw .notADatabase(path, because: "the file is empty")
        }
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw LedgerError(
                code: "unwritable-directory", message: "the results store can't be read", place: path,
                hint: "let Assay's user read the file")
        }
        defer { try? handle.close() }
        let head = (try? handle.read(upToCount: 16)) ?? nil
        guard head?.elementsEqual("SQLite format 3\0".utf8) == true else {
            throw .notADatabase(path, because: "the file is no SQLite database")
        }
    }

    private func checkContents(
        _ migrator: DatabaseMigrator, configuration: Configuration, mayBeEmpty: Bool
    ) throws(LedgerError) {
        var configuration = configuration
        configuration.readonly = true
        do {
            let database = try DatabaseQueue(path: path, configuration: configuration)
            defer { try? database.close() }
            try database.read { db in try check(db, migrator, mayBeEmpty: mayBeEmpty) }
        } catch {
            throw LedgerError(error, place: path)
        }
    }

    /// Finds that a database is ours, or has nothing in it yet.
    func check(_ db: Database, _ migrator: DatabaseMigrator, mayBeEmpty: Bool) throws {
        let application = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
        if application == 0, tables == 0 {
            if mayBeEmpty { return }
            throw LedgerError.notADatabase(path, because: "the database is empty")
        }
        guard application == Self.applicationID else {
            throw LedgerError.notADatabase(path, because: "this is the database of another program")
        }
        let applied = try migrator.appliedIdentifiers(db)
        let unknown = applied.subtracting(migrator.migrations)
        guard unknown.isEmpty else { throw LedgerError.newerVersion(path, unknown: unknown.sorted()) }
    }
}
