extension LedgerMigrations {
    /// What pages and monitoring ask that the first tables could only answer by reading everything.
    ///
    /// `run_totals` only grows, also where old runs are removed: counters of a monitoring system must not go back.
    static let server = """
        CREATE INDEX runs_by_suite_time ON runs (suite, number);
        CREATE INDEX runs_by_outcome ON runs (outcome, number);
        CREATE INDEX runs_by_success ON runs (suite, asset, success, number);
        CREATE INDEX runs_by_report ON runs (report) WHERE report IS NOT NULL;

        CREATE TABLE run_totals (
            suite TEXT NOT NULL,
            asset TEXT NOT NULL,
            outcome TEXT NOT NULL,
            runs INTEGER NOT NULL,
            passed INTEGER NOT NULL,
            failed INTEGER NOT NULL,
            vacuous INTEGER NOT NULL,
            errored INTEGER NOT NULL,
            row_count INTEGER NOT NULL,
            seconds REAL NOT NULL,
            PRIMARY KEY (suite, asset, outcome)
        ) WITHOUT ROWID;
        INSERT INTO run_totals
            SELECT suite, asset, outcome, count(*), sum(passed), sum(failed), sum(vacuous), sum(errored), sum(row_count),
                sum(duration)
            FROM runs GROUP BY suite, asset, outcome;
        CREATE TRIGGER runs_are_totalled AFTER INSERT ON runs BEGIN
            INSERT INTO run_totals VALUES (
                new.suite, new.asset, new.outcome, 1, new.passed, new.failed, new.vacuous, new.errored, new.row_count,
                new.duration)
            ON CONFLICT DO UPDATE SET runs = runs + 1, passed = passed + excluded.passed,
                failed = failed + excluded.failed, vacuous = vacuous + excluded.vacuous,
                errored = errored + excluded.errored, row_count = row_count + excluded.row_count,
                seconds = seconds + excluded.seconds;
        END;
        """

    /// Runs in which expectations failed while others could not be decided were called errored once.
    ///
    /// Totals stay as they were counted.
    static let outcomes = """
        UPDATE runs SET outcome = 'failed' WHERE outcome = 'errored' AND failed > 0 AND failure_code IS NULL;
        """
}
