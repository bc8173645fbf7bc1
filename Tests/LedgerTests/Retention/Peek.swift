import GRDB

/// A look into a ledger's tables from outside.
///
/// In a file of its own: GRDB's operators would compete with those of the tests.
struct Peek {
    private let database: DatabaseQueue

    init(_ path: String) throws { database = try DatabaseQueue(path: path) }

    func count(_ table: String) throws -> Int {
        try database.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)") ?? -1 }
    }

    /// How SQLite would go about a query.
    func plan(of sql: String) throws -> String {
        try database.read { db in
            try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + sql).map { $0["detail"] as String }.joined(
                separator: "; ")
        }
    }

    func execute(_ sql: String) throws { try database.write { db in try db.execute(sql: sql) } }
}
