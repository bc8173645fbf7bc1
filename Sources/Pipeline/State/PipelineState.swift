import Foundation
import GRDB

/// What a pipeline remembers: one SQLite file that is written through to the disk at every commit.
///
/// It belongs to one process at a time, which holds a lock on a file beside it; others may read. Each opening for writing begins
/// a new epoch, and a transaction of an older one changes nothing.
public final class PipelineState: Sendable {
    /// The folder that it lies in, with all else that the pipeline remembers.
    public let folder: String
    let database: any DatabaseReader
    private let writer: (any DatabaseWriter)?
    private let lock: FolderLock?
    /// 0 where it was opened for reading.
    let epoch: Int

    static let fileName = "state.db"
    static let keysName = "keys"

    /// Opens the state for writing, making it where there is none.
    ///
    /// Errors: `is-running`, `newer-version`, `corrupt`, `unwritable`, `disk-full`.
    public convenience init(folder: String) throws(PipelineError) { try self.init(folder: folder, pageLimit: nil) }

    /// The same with a limit to the file's pages, so that tests can fill the disk.
    init(folder: String, pageLimit: Int?) throws(PipelineError) {
        try Self.makeFolder("\(folder)/\(Self.keysName)")
        self.folder = folder
        let lock = try FolderLock(folder)
        self.lock = lock
        let path = "\(folder)/\(Self.fileName)"
        var configuration = Self.configuration
        configuration.prepareDatabase { db in
            if let pageLimit { try db.execute(sql: "PRAGMA max_page_count = \(pageLimit)") }
        }
        do {
            let pool = try DatabasePool(path: path, configuration: configuration)
            // The pool sets NORMAL when all else is prepared, with which a power cut may take back a batch that was committed.
            try pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
            let migrator = StateMigrations.migrator
            guard try pool.read({ db in try !migrator.hasBeenSuperseded(db) }) else {
                throw PipelineError(
                    .newerVersion, "the pipeline's state was written by a newer Assay", place: path,
                    hint: "update Assay")
            }
            try migrator.migrate(pool)
            epoch = try pool.write { db in
                try db.execute(sql: "UPDATE pipeline SET epoch = epoch + 1")
                return try Int.fetchOne(db, sql: "SELECT epoch FROM pipeline") ?? 0
            }
            database = pool
            writer = pool
        } catch { throw PipelineError(state: error, place: path) }
    }

    /// Makes the folder and those above it, where they aren't there.
    private static func makeFolder(_ path: String) throws(PipelineError) {
        do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
            let cause = (error as? CocoaError)?.code
            guard cause != .fileWriteOutOfSpace else {
                throw PipelineError(.diskFull, "there is no room left for the folder of state", place: path)
            }
            throw PipelineError(
                .unwritable, "the folder of state can't be made", place: path,
                hint: "let Assay's user write there, or name another: state: FOLDER")
        }
    }

    /// Opens the state of a pipeline that may be running, for reading; `nil` where it never ran.
    ///
    /// One that an older Assay wrote, and that no run has brought up to date since, is read as a copy in memory.
    public init?(readingFrom folder: String) throws(PipelineError) {
        let path = "\(folder)/\(Self.fileName)"
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        self.folder = folder
        lock = nil
        epoch = 0
        writer = nil
        do {
            let stored = try Self.reading(path)
            let migrator = StateMigrations.migrator
            if try stored.read({ db in try migrator.hasCompletedMigrations(db) || migrator.hasBeenSuperseded(db) }) {
                database = stored
            } else {
                let copy = try DatabaseQueue(configuration: Self.configuration)
                try stored.backup(to: copy)
                try migrator.migrate(copy)
                database = copy
            }
        } catch { throw PipelineError(state: error, place: path) }
    }

    /// Opens the file for reading only.
    ///
    /// To read beside a writer SQLite needs two files that it makes where they aren't there; who may not make them reads what nobody
    /// writes.
    private static func reading(_ path: String) throws -> DatabaseQueue {
        var configuration = Self.configuration
        configuration.readonly = true
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            _ = try queue.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") }
            return queue
        } catch let error as DatabaseError
            where [.SQLITE_READONLY, .SQLITE_CANTOPEN].contains(error.resultCode)
            && !FileManager.default.fileExists(atPath: "\(path)-wal")
        {
            let name = path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path
            return try DatabaseQueue(path: "file:\(name)?immutable=1", configuration: configuration)
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "pipeline"
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(10)
        return configuration
    }

    var path: String { "\(folder)/\(Self.fileName)" }

    func read<Value>(_ body: (Database) throws -> Value) throws(PipelineError) -> Value {
        do { return try database.read(body) } catch { throw PipelineError(state: error, place: path) }
    }

    /// One transaction, wholly or not at all; refused where another process took over.
    func write<Value>(_ body: (Database) throws -> Value) throws(PipelineError) -> Value {
        guard let writer else { preconditionFailure("the state was opened for reading") }
        do {
            return try writer.write { db in
                guard try Int.fetchOne(db, sql: "SELECT epoch FROM pipeline") == epoch else {
                    throw PipelineError(.isRunning, "another process took the pipeline over", place: path)
                }
                return try body(db)
            }
        } catch { throw PipelineError(state: error, place: path) }
    }

    /// Closes the database, after which all calls fail, and lets others run the pipeline.
    public func close() throws(PipelineError) {
        if let pool = writer as? DatabasePool { pool.invalidateReadOnlyConnections() }
        do { try database.close() } catch { throw PipelineError(state: error, place: path) }
        lock?.release()
    }
}

extension PipelineError {
    /// What an error of the database library means to a user.
    init(state error: any Error, place: String) {
        if let known = error as? PipelineError {
            self = known
            return
        }
        guard let error = error as? DatabaseError else {
            self.init(.internal, "the pipeline's state failed: \(String(describing: error))", place: place)
            return
        }
        let cause = "\(error.message ?? "no message") (SQLite \(error.extendedResultCode.rawValue))"
        // The index of what isn't in the main file yet can't grow: SQLite doesn't say that it is for want of room.
        let isFull = error.extendedResultCode == .SQLITE_IOERR_SHMSIZE
        switch isFull ? .SQLITE_FULL : error.extendedResultCode.primaryResultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(.locked, "another process kept the pipeline's state locked: \(cause)", place: place)
        case .SQLITE_FULL:
            self.init(
                .diskFull, "there is no room left to write the pipeline's state: \(cause)", place: place,
                hint: "make room; what was committed is intact")
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH, .SQLITE_CANTOPEN:
            self.init(
                .unwritable, "the pipeline's state can't be written: \(cause)", place: place,
                hint: "let Assay's user read and write the file and its folder")
        case .SQLITE_NOTADB, .SQLITE_CORRUPT:
            self.init(
                .corrupt, "the pipeline's state is damaged: \(cause)", place: place,
                hint: "restore a copy of the folder")
        case .SQLITE_IOERR:
            self.init(.unreadable, "the disk failed to read or write the pipeline's state: \(cause)", place: place)
        default: self.init(.internal, "the pipeline's state refused a statement: \(cause)", place: place)
        }
    }
}
