import GRDB

/// Tells whether a ledger has changed: by this process or another, whatever was written.
///
/// Costs a look into memory that SQLite shares between processes. Safe to be asked by many at once.
public final class LedgerWatch: Sendable {
    private let connection: DatabaseQueue
    private let path: String

    /// Watches a ledger that exists.
    public init(_ ledger: Ledger) throws(LedgerError) {
        path = ledger.path
        // A connection of its own: SQLite tells each of the commits of all others.
        var configuration = Configuration()
        configuration.label = "ledger-watch"
        configuration.readonly = true
        do { connection = try DatabaseQueue(path: path, configuration: configuration) } catch {
            throw LedgerError(error, place: ledger.path)
        }
    }

    /// A number that is another one after each commit.
    public func version() throws(LedgerError) -> Int64 {
        do {
            return try connection.unsafeRead { db in
                try Int64.fetchOne(db.cachedStatement(sql: "PRAGMA data_version")) ?? 0
            }
        } catch { throw LedgerError(error, place: path) }
    }
}
