import GRDB

extension Ledger {
    /// The names of all reports that runs name.
    public func reportNames() throws(LedgerError) -> Set<String> {
        try read { db in Set(try String.fetchAll(db, sql: "SELECT report FROM runs WHERE report IS NOT NULL")) }
    }

    /// Those that would still be named once runs that began before a time (microseconds since 1970) no longer name theirs.
    public func reportNames(from microseconds: Int64) throws(LedgerError) -> Set<String> {
        try read { db in
            let kept = try KeptRuns.numbers(db).map(String.init).joined(separator: ",")
            return Set(
                try String.fetchAll(
                    db,
                    sql: "SELECT report FROM runs WHERE report IS NOT NULL AND (number >= ? OR number IN (\(kept)))",
                    arguments: [KeptRuns.number(from: microseconds)]))
        }
    }
}
