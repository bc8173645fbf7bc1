import GRDB

/// Removes the oldest runs, within one transaction, with everything that only they refer to.
struct RunRemoval {
    let db: Database
    /// The first number that stays.
    let before: Int64

    private struct Doomed {
        let number: Int64
        let validation: Validation
        let rows: Int
    }

    /// Runs are taken whole, the oldest first, while their rows fit the limit; at least one.
    func take(_ limit: Int) throws -> (Pruned, Bool) {
        let (doomed, isOver) = try next(limit)
        var pruned = Pruned()
        guard !doomed.isEmpty else { return (pruned, isOver) }
        let numbers = doomed.map { String($0.number) }.joined(separator: ",")
        let referred = try References(db, runs: numbers)
        try remember(doomed, numbers)
        try db.execute(sql: "DELETE FROM runs WHERE number IN (\(numbers))")
        for asset in Set(doomed.map(\.validation.asset)).sorted() { try mendSchemas(of: asset) }
        try referred.removeUnused(db)
        pruned.runs = doomed.count
        return (pruned, isOver)
    }

    private func next(_ limit: Int) throws -> ([Doomed], Bool) {
        let kept = try KeptRuns.numbers(db)
        let cursor = try Row.fetchCursor(
            db,
            sql: """
                SELECT number, suite, asset, 1 + (SELECT count(*) FROM files WHERE run = number)
                    + (SELECT count(*) FROM results WHERE run = number) + (SELECT count(*) FROM findings WHERE run = number)
                    + (SELECT count(*) FROM metrics WHERE run = number) AS row_count
                FROM runs WHERE number < ? ORDER BY number
                """, arguments: [before])
        var doomed: [Doomed] = []
        var rows = 0
        while let row = try cursor.next() {
            let run = Doomed(
                number: row["number"], validation: Validation(suite: row["suite"], asset: row["asset"]),
                rows: row["row_count"])
            guard !kept.contains(run.number) else { continue }
            rows += run.rows
            guard doomed.isEmpty || rows <= limit else { return (doomed, false) }
            doomed.append(run)
        }
        return (doomed, true)
    }

    private func remember(_ doomed: [Doomed], _ numbers: String) throws {
        let newest = Dictionary(doomed.map { ($0.validation, $0.number) }, uniquingKeysWith: max)
        for (validation, number) in newest { try RememberedRuns.note(validation, through: number, db) }
        let asked = try Row.fetchAll(
            db, sql: "SELECT expectation, max(run) AS run FROM results WHERE run IN (\(numbers)) GROUP BY expectation")
        for row in asked { try RememberedRuns.note(expectation: row["expectation"], through: row["run"], db) }
    }

    /// A schema was first and last seen by runs that are there; one that no run saw any more is forgotten.
    private func mendSchemas(of asset: String) throws {
        try db.execute(
            sql: """
                DELETE FROM observed_schemas WHERE asset = :asset
                    AND NOT EXISTS (SELECT 1 FROM runs WHERE asset = :asset AND number BETWEEN first_run AND last_run);
                """, arguments: ["asset": asset])
        try db.execute(
            sql: """
                UPDATE observed_schemas SET
                    first_run = (SELECT min(number) FROM runs WHERE asset = :asset AND number BETWEEN first_run AND last_run),
                    last_run = (SELECT max(number) FROM runs WHERE asset = :asset AND number BETWEEN first_run AND last_run)
                WHERE asset = :asset AND (NOT EXISTS (SELECT 1 FROM runs WHERE number = first_run)
                    OR NOT EXISTS (SELECT 1 FROM runs WHERE number = last_run))
                """, arguments: ["asset": asset])
    }

    /// What runs refer to, gathered before they go.
    private struct References {
        let expectations: [Int64]
        let sentences: [Int64]
        let series: [Int64]

        init(_ db: Database, runs: String) throws {
            expectations = try Int64.fetchAll(
                db,
                sql: """
                    SELECT expectation FROM results WHERE run IN (\(runs)) UNION SELECT expectation FROM remembered_failures
                    """)
            sentences = try Int64.fetchAll(
                db,
                sql: """
                    SELECT sentence FROM results WHERE run IN (\(runs))
                    UNION SELECT reason FROM results WHERE run IN (\(runs)) AND reason IS NOT NULL
                    UNION SELECT discreet FROM results WHERE run IN (\(runs)) AND discreet > 0
                    """)
            series = try Int64.fetchAll(db, sql: "SELECT DISTINCT series FROM metrics WHERE run IN (\(runs))")
        }

        func removeUnused(_ db: Database) throws {
            // One that failed goes on failing where nothing but runs that could not read their data came after it.
            try remove(
                expectations, db,
                """
                DELETE FROM expectations WHERE number = :it AND NOT EXISTS (SELECT 1 FROM results WHERE expectation = :it)
                    AND (NOT EXISTS (SELECT 1 FROM remembered_failures WHERE expectation = :it)
                        OR EXISTS (SELECT 1 FROM runs WHERE runs.suite = expectations.suite
                            AND runs.asset = expectations.asset AND evaluated > 0))
                """)
            try remove(
                sentences, db,
                """
                DELETE FROM sentences WHERE number = :it AND NOT EXISTS (SELECT 1 FROM results WHERE sentence = :it)
                    AND NOT EXISTS (SELECT 1 FROM results WHERE reason = :it)
                    AND NOT EXISTS (SELECT 1 FROM results WHERE discreet = :it AND discreet > 0)
                """)
            try remove(
                series, db,
                "DELETE FROM series WHERE number = :it AND NOT EXISTS (SELECT 1 FROM metrics WHERE series = :it)")
        }

        private func remove(_ numbers: [Int64], _ db: Database, _ sql: String) throws {
            let statement = try db.cachedStatement(sql: sql)
            for number in numbers { try statement.execute(arguments: ["it": number]) }
        }
    }
}
