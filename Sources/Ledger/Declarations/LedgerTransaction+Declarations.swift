import GRDB
import Tables

extension LedgerTransaction {
    /// Notes that an instance's project has some things, from now on for `Declaration.lifetime`.
    ///
    /// `instance` is the same after the instance was started anew. What was declared too long ago is forgotten.
    public func declare(_ things: Set<Declaration>, by instance: String, at now: Int64) throws {
        let insert = try db.cachedStatement(sql: "INSERT OR REPLACE INTO declarations VALUES (?, ?, ?, ?, ?)")
        for thing in things {
            try insert.execute(arguments: [thing.kind, thing.names.0, thing.names.1, instance, now])
        }
        try db.execute(
            sql: "DELETE FROM declarations WHERE declared_at < ?",
            arguments: [now.subtractingClamped(Declaration.lifetime)])
    }

    /// Forgets all that an instance has declared, before it declares what its project has now.
    public func withdrawDeclarations(of instance: String) throws {
        try db.execute(sql: "DELETE FROM declarations WHERE instance = ?", arguments: [instance])
    }

    /// Whether the project of some instance has a thing.
    public func isDeclared(_ thing: Declaration, at now: Int64) throws -> Bool {
        try DeclarationReads.isDeclared(db, thing, at: now)
    }
}

extension Ledger {
    /// Whether the project of some instance has a thing.
    public func isDeclared(_ thing: Declaration, at now: Int64) throws(LedgerError) -> Bool {
        try read { db in try DeclarationReads.isDeclared(db, thing, at: now) }
    }
}

private enum DeclarationReads {
    static func isDeclared(_ db: Database, _ thing: Declaration, at now: Int64) throws -> Bool {
        let find = try db.cachedStatement(
            sql: "SELECT 1 FROM declarations WHERE kind = ? AND name = ? AND part = ? AND declared_at >= ? LIMIT 1")
        let arguments: StatementArguments = [
            thing.kind, thing.names.0, thing.names.1, now.subtractingClamped(Declaration.lifetime),
        ]
        return try Bool.fetchOne(find, arguments: arguments) != nil
    }
}
