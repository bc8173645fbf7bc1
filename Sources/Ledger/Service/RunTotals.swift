import GRDB

/// How many runs of a validation ever ended in an outcome, and what they counted; also those that are no longer kept.
public struct RunTotals: Sendable, Equatable {
    public let validation: Validation
    public let outcomeName: String
    public let runCount: Int
    public let passed: Int
    public let failed: Int
    public let vacuous: Int
    public let errored: Int
    public let rowCount: Int
    public let seconds: Double
}

extension Ledger {
    /// All totals, by suite, asset and outcome.
    public func runTotals() throws(LedgerError) -> [RunTotals] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM run_totals ORDER BY suite, asset, outcome").map { row in
                RunTotals(
                    validation: Validation(suite: row["suite"], asset: row["asset"]), outcomeName: row["outcome"],
                    runCount: row["runs"], passed: row["passed"], failed: row["failed"], vacuous: row["vacuous"],
                    errored: row["errored"], rowCount: row["row_count"], seconds: row["seconds"])
            }
        }
    }
}
