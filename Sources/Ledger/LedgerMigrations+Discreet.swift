extension LedgerMigrations {
    /// What may be said of a result where its columns' values may not be shown.
    ///
    /// `results.discreet` is a sentence's number, 0 where the result tells none of its columns' own values, and `NULL` in rows of an
    /// older version, of which it isn't known.
    static let discreet = """
        ALTER TABLE results ADD COLUMN discreet INTEGER;
        CREATE INDEX results_by_discreet ON results (discreet) WHERE discreet > 0;
        """
}
