import GRDB
import Tables

extension Ledger {
    /// Removes what is older than a plan allows, in transactions of bounded size between which others may write.
    ///
    /// Of every validation the newest run stays whatever its age, with its samples' counts and its report; so does the run that tells an
    /// asset's latest schema. Expectations, sentences and series that nothing refers to any more go with the last that did. A transaction
    /// removes whole runs: readers never see half of one, and a run takes no longer to remove than it took to record.
    ///
    /// `pause` is called between two transactions: whoever waits to write gets its turn there, and what it throws ends the
    /// pruning; all that was done stays done. Errors: `read-only`, `locked`, `disk-full`, `corrupt`, `input-output`.
    @discardableResult
    public func prune(_ plan: PruningPlan, pause: (Pruned) throws -> Void = { _ in }) throws -> Pruned {
        var total = Pruned()
        for step in PruningStep.all(of: plan) {
            while true {
                let (done, isOver) = try pruning { db in try step.take(db, limit: plan.rowsPerTransaction) }
                if done.rows > 0 {
                    total += done
                    try pause(total)
                }
                if isOver { break }
            }
        }
        return total
    }

    /// What `prune` would remove now.
    public func wouldPrune(_ plan: PruningPlan) throws(LedgerError) -> Pruned {
        try read { db in
            var total = Pruned()
            for step in PruningStep.all(of: plan) { total += try step.count(db, plan) }
            return total
        }
    }

    private func pruning(_ body: (Database) throws -> (Pruned, Bool)) throws -> (Pruned, Bool) {
        try write { db in
            let before = db.totalChangesCount
            var (done, isOver) = try body(db)
            done.rows = db.totalChangesCount - before
            done.transactions = done.rows > 0 ? 1 : 0
            return (done, isOver)
        }
    }
}

/// Runs that stay whatever their age.
enum KeptRuns {
    static func numbers(_ db: Database) throws -> Set<Int64> {
        // Hops from pair to pair in the index: there are few validations, and many runs.
        let newest = try Int64.fetchAll(
            db,
            sql: """
                WITH RECURSIVE pairs (suite, asset) AS (
                    SELECT * FROM (SELECT suite, asset FROM runs ORDER BY suite, asset LIMIT 1)
                    UNION ALL
                    SELECT next.suite, next.asset FROM pairs JOIN runs AS next ON next.number = (
                        SELECT number FROM runs WHERE (suite, asset) > (pairs.suite, pairs.asset)
                        ORDER BY suite, asset LIMIT 1))
                SELECT (SELECT max(number) FROM runs WHERE runs.suite = pairs.suite AND runs.asset = pairs.asset)
                FROM pairs
                """)
        // The baseline of schema expectations.
        let baselines = try Int64.fetchAll(db, sql: "SELECT max(last_run) FROM observed_schemas GROUP BY asset")
        return Set(newest).union(baselines)
    }

    /// The first number that a run may have that began at a time or later.
    static func number(from microseconds: Int64) -> Int64 {
        let bound = Int64.max / 1025
        return min(max(microseconds, -bound), bound) * 1024
    }
}
