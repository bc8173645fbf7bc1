import GRDB

/// How a validation stands: its latest runs, and since when it is no success.
public struct Standing: Sendable, Equatable {
    public let validation: Validation
    /// Newest first.
    public let recent: [StoredRun]
    /// The first run of the unbroken series, up to the latest, that was no success; `nil` where the latest is one.
    public let failingSince: RunReference?
    /// The latest run that was a success.
    public let lastSuccess: RunReference?

    public init(
        validation: Validation, recent: [StoredRun], failingSince: RunReference?, lastSuccess: RunReference?
    ) {
        self.validation = validation
        self.recent = recent
        self.failingSince = failingSince
        self.lastSuccess = lastSuccess
    }
}

extension Ledger {
    /// How all validations stand, by suite and asset, or those of an asset; with their latest `recent` runs.
    ///
    /// Costs a few steps in an index for each, however long it has been failing.
    public func standings(ofAsset asset: String? = nil, recent: Int) throws(LedgerError) -> [Standing] {
        let validations = try validations().filter { asset == nil || $0.asset == asset }
        return try read { db in try validations.map { try Self.standing(of: $0, recent: recent, db) } }
    }

    /// How one validation stands; `nil` where it was never run.
    public func standing(of validation: Validation, recent: Int) throws(LedgerError) -> Standing? {
        let standing = try read { db in try Self.standing(of: validation, recent: recent, db) }
        return standing.recent.isEmpty ? nil : standing
    }

    private static func standing(of validation: Validation, recent: Int, _ db: Database) throws -> Standing {
        let key: StatementArguments = [validation.suite, validation.asset]
        let runs = try Row.fetchAll(
            db.cachedStatement(sql: "SELECT * FROM runs WHERE suite = ? AND asset = ? ORDER BY number DESC LIMIT ?"),
            arguments: key + [recent]
        ).map { StoredRun($0) }
        let success = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT number, id, started_at FROM runs WHERE suite = ? AND asset = ? AND success = 1
                    ORDER BY number DESC LIMIT 1
                    """),
            arguments: key)
        var failing: Row?
        if runs.first?.success == false {
            failing = try Row.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT id, started_at FROM runs WHERE suite = ? AND asset = ? AND success = 0 AND number > ?
                        ORDER BY number LIMIT 1
                        """),
                arguments: key + [success.map { $0["number"] as Int64 } ?? .min])
        }
        func reference(_ row: Row) -> RunReference { RunReference(id: row["id"], startedAt: row["started_at"]) }
        return Standing(
            validation: validation, recent: runs, failingSince: failing.map(reference),
            lastSuccess: success.map(reference))
    }
}
