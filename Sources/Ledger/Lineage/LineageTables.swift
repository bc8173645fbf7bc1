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
}
