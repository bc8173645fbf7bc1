/// What finds quickly which rows may go: without these, each sentence that is removed would cost a reading of all results.
enum RetentionIndexes {
    static let migration = """
        CREATE INDEX results_by_sentence ON results (sentence);
        CREATE INDEX results_by_reason ON results (reason) WHERE reason IS NOT NULL;
        CREATE INDEX findings_with_samples ON findings (run)
            WHERE unexpected_rows IS NOT NULL OR unexpected_counts IS NOT NULL;
        """
}
