/// Events that are still to be sent to whoever gathers lineage.
enum LineageTables {
    /// Of each job only the oldest event may be sent: a later one never overtakes it.
    static let migration = """
        CREATE TABLE lineage_events (
            number INTEGER PRIMARY KEY,
            job TEXT NOT NULL,
            event TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            next_at INTEGER NOT NULL,
            holder TEXT,
            held_until INTEGER
        );
        CREATE INDEX lineage_events_by_job ON lineage_events (job, number);
        CREATE INDEX lineage_events_by_age ON lineage_events (created_at);
        """

    /// Runs that were told to have begun, one a job; and how far the batches of pipelines were told.
    static let starts = """
        CREATE TABLE lineage_runs (
            job TEXT PRIMARY KEY,
            run TEXT NOT NULL,
            event TEXT NOT NULL,
            lease TEXT
        ) WITHOUT ROWID;
        CREATE TABLE lineage_batches (
            pipeline TEXT NOT NULL,
            state TEXT NOT NULL,
            batch INTEGER NOT NULL,
            PRIMARY KEY (pipeline, state)
        ) WITHOUT ROWID;
        """
}
