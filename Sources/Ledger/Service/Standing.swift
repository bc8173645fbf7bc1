import GRDB
import Tables

/// How a validation stands: its latest runs, and since when it is no success.
public struct Standing: Sendable, Equatable {
    public let validation: Validation
    /// Newest first.
    public let recent: [StoredRun]
    /// The first run of the unbroken series, up to the latest, that was no success, be it there still or removed; `nil` where the latest is one.
    public let failingSince: RunReference?
    /// The latest run that was a success, be it there still or removed.
    public let lastSuccess: RunReference?
    /// The last of the runs that a clock dated which was ahead; `nil` where there are none.
    ///
    /// They count in none of the above.
    public let ahead: RunReference?

    public init(
        validation: Validation, recent: [StoredRun], failingSince: RunReference?, lastSuccess: RunReference?,
        ahead: RunReference? = nil
    ) {
        self.validation = validation
        self.recent = recent
        self.failingSince = failingSince
        self.lastSuccess = lastSuccess
        self.ahead = ahead
    }
}

extension Ledger {
    /// How all validations stand, by suite and asset, or those of an asset; with their latest `recent` runs.
    ///
    /// Runs that are dated more than a minute after `now` were dated by a clock that was ahead: they count only where there are no others.
    /// Costs a few steps in an index for each, however long it has been failing.
    public func standings(ofAsset asset: String? = nil, recent: Int, now: Int64) throws(LedgerError) -> [Standing] {
        let validations = try validations().filter { asset == nil || $0.asset == asset }
        return try read { db in try validations.map { try Self.standing(of: $0, recent: recent, now: now, db) } }
    }

    /// How one validation stands; `nil` where it was never run.
    public func standing(of validation: Validation, recent: Int, now: Int64) throws(LedgerError) -> Standing? {
        let standing = try read { db in try Self.standing(of: validation, recent: recent, now: now, db) }
        return standing.recent.isEmpty ? nil : standing
    }

    /// The latest runs of all validations, newest first; those that are dated ahead of `now` only where there are no others.
    public func latestRuns(limit: Int, now: Int64) throws(LedgerError) -> [StoredRun] {
        let past = try runs(matching: RunFilter(until: now.addingClamped(Self.clockTolerance)), limit: limit)
        return try past.isEmpty ? runs(limit: limit) : past
    }

    private static func standing(
        of validation: Validation, recent: Int, now: Int64, _ db: Database
    ) throws -> Standing {
        let horizon = firstNumber(at: now.addingClamped(clockTolerance))
        let ahead = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT id, started_at FROM runs WHERE suite = ? AND asset = ? AND number >= ?
                    ORDER BY number DESC LIMIT 1
                    """),
            arguments: [validation.suite, validation.asset, horizon])
        let standing = try standing(of: validation, recent: recent, before: horizon, ahead: ahead.map(reference), db)
        guard standing.recent.isEmpty, ahead != nil else { return standing }
        return try Self.standing(of: validation, recent: recent, before: .max, ahead: nil, db)
    }

    private static func standing(
        of validation: Validation, recent: Int, before horizon: Int64, ahead: RunReference?, _ db: Database
    ) throws -> Standing {
        let key: StatementArguments = [validation.suite, validation.asset, horizon]
        let runs = try Row.fetchAll(
            db.cachedStatement(
                sql: "SELECT * FROM runs WHERE suite = ? AND asset = ? AND number < ? ORDER BY number DESC LIMIT ?"),
            arguments: key + [recent]
        ).map { StoredRun($0) }
        let course = Course(validation, before: horizon, db)
        let success = try course.lastSuccess()
        let failing = runs.first?.success == false ? try course.firstFailure(after: success?.number) : nil
        return Standing(
            validation: validation, recent: runs, failingSince: failing?.reference,
            lastSuccess: success?.reference, ahead: ahead)
    }

    private static func reference(_ row: Row) -> RunReference {
        RunReference(id: row["id"], startedAt: row["started_at"])
    }
}
