import GRDB
import Tables

extension LedgerTransaction {
    /// Notes that an instance's project has some things, from now on for `Declaration.lifetime`.
    ///
    /// What was declared too long ago is forgotten.
    public func declare(_ things: Set<Declaration>, by instance: DeclaringInstance, at now: Int64) throws {
        let insert = try db.cachedStatement(sql: "INSERT OR REPLACE INTO declarations VALUES (?, ?, ?, ?, ?)")
        for thing in things {
            try insert.execute(arguments: [thing.kind, thing.names.0, thing.names.1, instance.text, now])
        }
        try db.execute(
            sql: "DELETE FROM declarations WHERE declared_at < ?",
            arguments: [now.subtractingClamped(Declaration.lifetime)])
    }

    /// Forgets all that an instance has declared, and what processes of the same project have that ended, before it declares what its project
    /// has now.
    ///
    /// What others have that go on working stays, be it an older version of the project.
    public func withdrawDeclarations(of instance: DeclaringInstance, at now: Int64) throws {
        try db.execute(
            sql: """
                DELETE FROM declarations WHERE instance IN (:own, :heir)
                OR (substr(instance, 1, length(:prefix)) = :prefix AND abs(declared_at - :now) > :patience)
                """,
            arguments: [
                "own": instance.text, "heir": instance.heir.text, "prefix": instance.prefix, "now": now,
                "patience": DeclaringInstance.patience,
            ])
    }

    /// Leaves what an instance has declared to whoever works with the project next, as the instance ends.
    public func leaveDeclarations(of instance: DeclaringInstance) throws {
        try db.execute(
            sql: "UPDATE OR REPLACE declarations SET instance = ? WHERE instance = ?",
            arguments: [instance.heir.text, instance.text])
    }

    /// Forgets when validations were due that no instance's project has: one that comes again counts from then on.
    public func forgetUndeclaredSchedules() throws {
        for table in ["schedules", "followed"] {
            try db.execute(
                sql: """
                    DELETE FROM \(table) WHERE NOT EXISTS (
                        SELECT 1 FROM declarations WHERE kind = 'subject' AND name = asset AND part = suite)
                    """)
        }
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
