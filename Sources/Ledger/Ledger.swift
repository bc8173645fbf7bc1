import Foundation
import GRDB
import Synchronization

/// The memory of all runs: one SQLite file.
///
/// Any number of threads and processes may read while one writes; writers take turns, each waiting up to the time-out.
/// A run is recorded wholly or not at all, whatever happens to the process.
public final class Ledger: Sendable {
    /// The database file.
    public let path: String
    let database: any DatabaseReader
    /// `nil` where the ledger was opened for reading.
    let writer: (any DatabaseWriter)?
    /// The file that was opened, whatever has its name now.
    let identity: LedgerFile.Identity?
    private let setback = Mutex<LedgerError?>(nil)
    let news = OutboxNews()

    /// Opens the ledger at a path, creating it where there is no file; its directory must exist.
    ///
    /// An older ledger is brought up to date. Errors: `not-a-database`, `newer-version`, `read-only`, `locked`,
    /// `unwritable-directory`, `disk-full`, `corrupt`.
    public convenience init(path: String, timeoutSeconds: Double = 5) throws(LedgerError) {
        try self.init(path: path, timeoutSeconds: timeoutSeconds, pageLimit: nil)
    }

    /// The same with a limit to the file's pages, so that tests can fill the disk.
    init(path: String, timeoutSeconds: Double, pageLimit: Int?) throws(LedgerError) {
        let configuration = Self.configuration(timeoutSeconds: timeoutSeconds, pageLimit: pageLimit)
        let file = LedgerFile(path: path)
        let contents = try file.checkForWriting(configuration)
        do {
            let pool = try Self.retrying(for: timeoutSeconds) {
                if contents != .current { try file.complete(configuration) }
                return try DatabasePool(path: path, configuration: configuration)
            }
            // The pool sets NORMAL when all else is prepared, which may lose the last runs to a power cut; a result that was acted on must
            // not vanish.
            try pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
            self.path = path
            identity = file.identity
            database = pool
            writer = pool
        } catch {
            throw LedgerError(error, place: path)
        }
    }

    /// Opens a ledger that exists, for reading only; nothing is written, created or brought up to date.
    ///
    /// What a killed process began in it is taken back, as every reader must do.
    /// One of an older version is refused (`read-only`), unless it is only to be copied.
    /// Errors: `not-found`, `not-a-database`, `newer-version`, `corrupt`, `locked`.
    public init(
        readingFrom path: String, timeoutSeconds: Double = 5, acceptsOlderVersions: Bool = false
    ) throws(LedgerError) {
        var configuration = Self.configuration(timeoutSeconds: timeoutSeconds, pageLimit: nil)
        let file = LedgerFile(path: path)
        let contents = try file.checkForReading(configuration)
        guard acceptsOlderVersions || contents == .current else {
            throw LedgerError(
                code: "read-only", message: "the results store is of an older version", place: path,
                hint: "any run that records its results brings it up to date")
        }
        configuration.readonly = true
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            self.path = path
            identity = file.identity
            database = queue
            writer = nil
        } catch {
            throw LedgerError(error, place: path)
        }
    }

    /// Closes the database, after which all calls fail.
    ///
    /// Not needed where the ledger is simply let go.
    public func close() throws(LedgerError) {
        // The writer must go last: a reader that does can't tidy up the WAL.
        if let pool = writer as? DatabasePool { pool.invalidateReadOnlyConnections() }
        do { try database.close() } catch { throw LedgerError(error, place: path) }
    }

    private static let journalBytes = 64 << 20
    /// The most that each connection keeps of the file in memory, once it was read.
    private static let cacheKibibytes = 8 << 10

    static func configuration(timeoutSeconds: Double, pageLimit: Int?) -> Configuration {
        var configuration = Configuration()
        configuration.label = "ledger"
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(timeoutSeconds)
        configuration.prepareDatabase { db in
            // SQLite's own 2 MB make a page of a year's history read its upper pages again and again.
            try db.execute(sql: "PRAGMA cache_size = -\(cacheKibibytes)")
            guard !db.configuration.readonly else { return }
            // A journal that grew, as it does behind a long backup, gives its room back once it was copied.
            _ = try Int.fetchOne(db, sql: "PRAGMA journal_size_limit = \(journalBytes)")
            if let pageLimit { _ = try Row.fetchOne(db, sql: "PRAGMA max_page_count = \(pageLimit)") }
        }
        return configuration
    }

    /// Two processes that create one file at once get in each other's way where SQLite's own waiting doesn't help: the
    /// change to WAL fails at once.
    private static func retrying<Result>(for seconds: Double, _ body: () throws -> Result) throws -> Result {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while true {
            do {
                return try body()
            } catch let error as DatabaseError
                where error.resultCode == .SQLITE_BUSY && ContinuousClock.now < deadline
            {
                Thread.sleep(forTimeInterval: 0.01)
            }
        }
    }

    func read<Result>(_ body: (Database) throws -> Result) throws(LedgerError) -> Result {
        let reader = Reader.current
        do {
            return try database.read { db in try Self.interruptibly(db, for: reader, body) }
        } catch { throw LedgerError(error, place: path) }
    }

    func write<Result>(_ body: (Database) throws -> Result) throws(LedgerError) -> Result {
        do { return try noting(body) } catch { throw LedgerError(error, place: path) }
    }

    /// Writes what need not outlive a power cut: the disk isn't waited for, which is most of what a small transaction takes.
    ///
    /// It outlives a killed process, and a power cut, too, once anything else was written after it.
    func writeFleetingly<Value>(_ body: (Database) throws -> Value) throws(LedgerError) -> Value {
        do {
            return try attempt { writer in
                try writer.writeWithoutTransaction { db in
                    // Has no effect within a transaction.
                    try db.execute(sql: "PRAGMA synchronous = NORMAL")
                    let written = Result { try Self.inTransaction(db, body) }
                    try db.execute(sql: "PRAGMA synchronous = FULL")
                    return try written.get()
                }
            }
        } catch { throw LedgerError(error, place: path) }
    }

    private static func inTransaction<Value>(_ db: Database, _ body: (Database) throws -> Value) throws -> Value {
        var value: Value?
        try db.inTransaction(.immediate) {
            value = try body(db)
            return .commit
        }
        guard let value else { throw DatabaseError(resultCode: .SQLITE_INTERNAL, message: "nothing was committed") }
        return value
    }

    /// Runs a body in one transaction that writes, and remembers where the database didn't let it.
    func noting<Result>(_ body: (Database) throws -> Result) throws -> Result { try attempt { try $0.write(body) } }

    private func attempt<Result>(_ body: (any DatabaseWriter) throws -> Result) throws -> Result {
        guard let writer else { throw LedgerError.readOnly(path, cause: "it was opened for reading") }
        do {
            let result = try body(writer)
            setback.withLock { $0 = nil }
            return result
        } catch let error as DatabaseError {
            let known = LedgerError(error, place: path)
            setback.withLock { $0 = known }
            throw known
        }
    }

    /// What kept the latest attempt to write from happening; `nil` where it happened, or nobody has tried.
    var latestSetback: LedgerError? { setback.withLock { $0 } }
}
