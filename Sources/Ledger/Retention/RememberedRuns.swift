import GRDB

/// What is still known of runs that were removed: since when something fails, and when it last was well.
///
/// Both are told of the series that goes on in the runs that are there, which may have begun before the oldest of them.
enum RememberedRuns {
    /// Of each validation the last run that was a success (`success` 1) and the first that was none since then (0), as they were when the
    /// newest of its removed runs was the latest; of each expectation the latter.
    static let migration = """
        CREATE TABLE remembered_runs (
            suite TEXT NOT NULL,
            asset TEXT NOT NULL,
            success INTEGER NOT NULL,
            number INTEGER NOT NULL,
            id TEXT NOT NULL,
            started_at INTEGER NOT NULL,
            PRIMARY KEY (suite, asset, success)
        ) WITHOUT ROWID;

        CREATE TABLE remembered_failures (
            expectation INTEGER PRIMARY KEY REFERENCES expectations ON DELETE CASCADE,
            number INTEGER NOT NULL,
            id TEXT NOT NULL,
            started_at INTEGER NOT NULL
        );
        """

    /// To be called before runs go, with the newest of those of a validation: what they say is kept in their stead.
    static func note(_ validation: Validation, through last: Int64, _ db: Database) throws {
        let success = try Course(validation, before: last + 1, db).lastSuccess()
        let failure = try Course(validation, before: last + 1, db).firstFailure(after: success?.number)
        try db.cachedStatement(sql: "DELETE FROM remembered_runs WHERE suite = ? AND asset = ?")
            .execute(arguments: [validation.suite, validation.asset])
        for (run, isSuccess) in [(success, true), (failure, false)] {
            guard let run else { continue }
            try db.cachedStatement(sql: "INSERT INTO remembered_runs VALUES (?, ?, ?, ?, ?, ?)").execute(arguments: [
                validation.suite, validation.asset, isSuccess, run.number, run.id, run.startedAt,
            ])
        }
    }

    /// The same for an expectation, with the newest of the runs that go and asked it.
    static func note(expectation: Int64, through last: Int64, _ db: Database) throws {
        let first = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT number, id, started_at FROM (\(firstFailure))"),
            arguments: ["expectation": expectation, "last": last])
        try db.cachedStatement(sql: "DELETE FROM remembered_failures WHERE expectation = ?")
            .execute(arguments: [expectation])
        guard let first else { return }
        try db.cachedStatement(sql: "INSERT INTO remembered_failures VALUES (?, ?, ?, ?)").execute(arguments: [
            expectation, first["number"] as Int64, first["id"] as String, first["started_at"] as Int64,
        ])
    }

    /// The first run of the unbroken series, up to the run `:last`, in which `:expectation` was no success; no row where it was one in that.
    static let firstFailure = """
        WITH latest (success) AS (
            SELECT coalesce((
                SELECT run FROM results WHERE expectation = :expectation AND success AND run <= :last
                ORDER BY run DESC LIMIT 1), -9223372036854775808))
        SELECT number, id, started_at, 1 AS is_kept FROM runs WHERE number = (
            SELECT min(run) FROM results
            WHERE expectation = :expectation AND run > (SELECT success FROM latest) AND run <= :last)
        UNION ALL
        SELECT number, id, started_at, 0 FROM remembered_failures
        WHERE expectation = :expectation AND number > (SELECT success FROM latest) AND number <= :last
        ORDER BY number LIMIT 1
        """
}

/// The runs of a validation in their order, those that were removed as far as they are remembered.
struct Course {
    /// A run that says since when.
    struct Mark {
        let number: Int64
        let id: String
        let startedAt: Int64
        let isKept: Bool

        var reference: RunReference { RunReference(id: id, startedAt: startedAt, isKept: isKept) }
    }

    private let validation: Validation
    private let horizon: Int64
    private let db: Database

    /// Only runs with lower numbers than `horizon` count.
    init(_ validation: Validation, before horizon: Int64, _ db: Database) {
        self.validation = validation
        self.horizon = horizon
        self.db = db
    }

    func lastSuccess() throws -> Mark? { try mark(isSuccess: true, after: .min, order: "DESC") }

    /// The first run after a number, that of the last success or `nil`, that was none.
    func firstFailure(after success: Int64?) throws -> Mark? {
        try mark(isSuccess: false, after: success ?? .min, order: "ASC")
    }

    private func mark(isSuccess: Bool, after number: Int64, order: String) throws -> Mark? {
        let filter =
            "suite = :suite AND asset = :asset AND success = :success AND number > :after AND number < :horizon"
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT * FROM (
                        SELECT number, id, started_at, 1 AS is_kept FROM runs WHERE \(filter) ORDER BY number \(order) LIMIT 1)
                    UNION ALL
                    SELECT number, id, started_at, 0 FROM remembered_runs WHERE \(filter)
                    ORDER BY number \(order) LIMIT 1
                    """),
            arguments: [
                "suite": validation.suite, "asset": validation.asset, "success": isSuccess, "after": number,
                "horizon": horizon,
            ])
        return row.map {
            Mark(number: $0["number"], id: $0["id"], startedAt: $0["started_at"], isKept: $0["is_kept"])
        }
    }
}
