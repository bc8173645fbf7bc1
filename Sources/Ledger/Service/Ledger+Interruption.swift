import GRDB
import GRDBSQLite

/// Who waits for what a thread reads; nobody says so where it is `nil`.
enum Reader {
    @TaskLocal static var isGone: (@Sendable () -> Bool)?
}

extension Ledger {
    /// Has what a body reads of ledgers end soon after nobody wants it any more, with the error `interrupted`.
    ///
    /// `isUnwanted` is asked on the thread that reads, every few milliseconds of work; what is written isn't interrupted.
    public static func reading<Value>(
        unless isUnwanted: @escaping @Sendable () -> Bool, _ body: () throws -> Value
    ) rethrows -> Value {
        try Reader.$isGone.withValue(isUnwanted, operation: body)
    }

    /// Steps of SQLite's machine between two questions.
    private static let steps: Int32 = 100_000

    /// Runs a body that reads, until nobody waits for it.
    static func interruptibly<Value>(
        _ db: Database, unless isGone: (@Sendable () -> Bool)?, _ body: (Database) throws -> Value
    ) throws -> Value {
        guard let isGone else { return try body(db) }
        var question = isGone
        return try withUnsafeMutablePointer(to: &question) { question in
            // SQLite calls it only from within the body: it is taken away before the pointer ends.
            sqlite3_progress_handler(
                db.sqliteConnection, steps,
                { context in
                    let question = context?.assumingMemoryBound(to: (@Sendable () -> Bool).self)
                    return question?.pointee() == true ? 1 : 0
                }, question)
            defer { sqlite3_progress_handler(db.sqliteConnection, 0, nil, nil) }
            return try body(db)
        }
    }
}
