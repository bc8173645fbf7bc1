public import Expectations
import GRDB

/// What is read and written together: all of it happens, or nothing.
///
/// Rooms above add their own tables' calls to it by what the ledger offers; it must not be kept beyond the closure that it was given to.
public struct LedgerTransaction {
    let db: Database
    let path: String
    let news: OutboxNews

    /// Stores a run with everything that belongs to it; as `Ledger.record`.
    public func record(_ run: RunResult, report: String? = nil) throws {
        try Ledger.record(run, report: report, db, place: path)
    }
}

extension Ledger {
    /// Runs a body in one transaction that writes; whatever it throws undoes all of it.
    ///
    /// Errors of the database come as `LedgerError`, others as they are.
    public func transaction<Result>(_ body: (LedgerTransaction) throws -> Result) throws -> Result {
        try noting { db in try body(LedgerTransaction(db: db, path: path, news: news)) }
    }
}
