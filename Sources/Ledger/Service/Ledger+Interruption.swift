import GRDB
import GRDBSQLite

/// Who waits for what a thread reads.
///
/// A class: the optimizer of Swift 6.3 has no type for a task's local value that is a function, and the program ends there.
final class Reader: Sendable {
    let isGone: @Sendable () -> Bool

    init(isGone: @escaping @Sendable () -> Bool) { self.isGone = isGone }

    /// `nil` where nobody says when there is no need any more.
    @TaskLocal static var current: Reader?
}

extension Ledger {
    /// Has what a body reads of ledgers end soon after nobody wants it any more, with the error `interrupted`.
    ///
    /// `isUnwanted` is asked on the thread that reads, every few milliseconds of work; what is written isn't interrupted.
    public static func reading<Value>(
        unless isUnwanted: @escaping @Sendable () -> Bool, _ body: () throws -> Value
    ) rethrows -> Value {
        try Reader.$current.withValue(Reader(isGone: isUnwanted), operation: body)
    }

    /// Steps of SQLite's machine between two questions.
    private static let steps: Int32 = 100_000

    /// Runs a body that reads, until nobody waits for it.
    static func interruptibly<Value>(
        _ db: Database, for reader: Reader?, _ body: (Database) throws -> Value
    ) throws -> Value {
        guard let reader else { return try body(db) }
        return try withExtendedLifetime(reader) {
            // SQLite calls it only from within the body: it is taken away before the reader may end.
            sqlite3_progress_handler(
                db.sqliteConnection, steps,
                { context in
                    guard let context else { return 0 }
                    return Unmanaged<Reader>.fromOpaque(context).takeUnretainedValue().isGone() ? 1 : 0
                }, Unmanaged.passUnretained(reader).toOpaque())
            defer { sqlite3_progress_handler(db.sqliteConnection, 0, nil, nil) }
            return try body(db)
        }
    }
}
