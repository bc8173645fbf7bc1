import GRDB

/// What a ledger takes up.
public struct LedgerSpace: Sendable, Hashable {
    /// The database, without its journal.
    public let byteCount: Int
    /// Of those, what is free for what comes next.
    public let freeByteCount: Int

    public init(byteCount: Int, freeByteCount: Int) {
        self.byteCount = byteCount
        self.freeByteCount = freeByteCount
    }
}

extension Ledger {
    public func space() throws(LedgerError) -> LedgerSpace {
        try read { db in
            let size = try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            let free = try Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
            return LedgerSpace(byteCount: size * pages, freeByteCount: size * free)
        }
    }

    /// Writes the ledger anew without what is free in it, and gives the room back to the disk.
    ///
    /// Others can read but not write meanwhile, and the disk needs room for the ledger twice more. Not needed for a ledger that is pruned
    /// regularly: what was freed is used again.
    public func compact() throws(LedgerError) {
        guard let writer else { throw .readOnly(path, cause: "it was opened for reading") }
        do {
            try writer.vacuum()
            try writer.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
        } catch {
            throw LedgerError(error, place: path)
        }
    }

    /// Has what the journal holds written to the database, as far as no reader needs it; nobody is kept waiting.
    public func checkpoint() throws(LedgerError) {
        guard let writer else { throw .readOnly(path, cause: "it was opened for reading") }
        do {
            try writer.writeWithoutTransaction { db in _ = try db.checkpoint(.passive) }
        } catch {
            throw LedgerError(error, place: path)
        }
    }
}
