/// What is known of alerts, and who was told what.
enum AlertTables {
    /// Numbers of subjects keep the rows small; severities are 0 (info), 1 (warning), 2 (critical), times microseconds since 1970.
    static let migration = """
        CREATE TABLE alert_subjects (
            number INTEGER PRIMARY KEY,
            asset TEXT NOT NULL,
            suite TEXT NOT NULL,
            ordinal INTEGER NOT NULL,
            latest_start INTEGER NOT NULL,
            latest_taking INTEGER NOT NULL,
            routes TEXT NOT NULL,
            UNIQUE (asset, suite)
        );

        CREATE TABLE alert_runs (
            subject INTEGER NOT NULL REFERENCES alert_subjects ON DELETE CASCADE,
            ordinal INTEGER NOT NULL,
            run TEXT NOT NULL,
            PRIMARY KEY (subject, ordinal)
        ) WITHOUT ROWID;

        CREATE TABLE incidents (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            subject INTEGER NOT NULL REFERENCES alert_subjects ON DELETE CASCADE,
            opened_at INTEGER NOT NULL,
            closed_at INTEGER,
            severity INTEGER NOT NULL,
            settled INTEGER NOT NULL,
            acknowledged_by TEXT,
            acknowledged_at INTEGER,
            acknowledged_until INTEGER,
            acknowledged_note TEXT,
            snoozed_by TEXT,
            snoozed_at INTEGER,
            snoozed_until INTEGER,
            snoozed_note TEXT
        );
        CREATE UNIQUE INDEX incidents_unsettled ON incidents (subject) WHERE settled = 0;
        CREATE INDEX incidents_by_time ON incidents (opened_at);
        CREATE INDEX incidents_by_subject ON incidents (subject, opened_at);

        CREATE TABLE incident_threads (
            incident INTEGER NOT NULL REFERENCES incidents ON DELETE CASCADE,
            route TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            told_at INTEGER NOT NULL,
            since INTEGER NOT NULL,
            PRIMARY KEY (incident, route)
        ) WITHOUT ROWID;

        CREATE TABLE alerts (
            number INTEGER PRIMARY KEY,
            subject INTEGER NOT NULL REFERENCES alert_subjects ON DELETE CASCADE,
            key TEXT NOT NULL,
            type TEXT NOT NULL,
            columns TEXT NOT NULL,
            position INTEGER NOT NULL,
            severity INTEGER NOT NULL,
            sentence TEXT NOT NULL,
            unexpected_count INTEGER,
            element_count INTEGER,
            first_sentence TEXT NOT NULL,
            first_unexpected_count INTEGER,
            first_element_count INTEGER,
            phase TEXT NOT NULL,
            removed INTEGER NOT NULL,
            recent TEXT NOT NULL,
            failures INTEGER NOT NULL,
            successes INTEGER NOT NULL,
            since INTEGER NOT NULL,
            fired_at INTEGER,
            judged_at INTEGER NOT NULL,
            changes TEXT NOT NULL,
            flapping INTEGER NOT NULL,
            acknowledged_by TEXT,
            acknowledged_at INTEGER,
            acknowledged_until INTEGER,
            acknowledged_note TEXT,
            snoozed_by TEXT,
            snoozed_at INTEGER,
            snoozed_until INTEGER,
            snoozed_note TEXT,
            muted_by TEXT,
            UNIQUE (subject, key)
        );
        CREATE INDEX alerts_muted ON alerts (muted_by) WHERE muted_by IS NOT NULL;

        CREATE TABLE alert_tellings (
            alert INTEGER NOT NULL REFERENCES alerts ON DELETE CASCADE,
            route TEXT NOT NULL,
            severity INTEGER NOT NULL,
            flapping INTEGER NOT NULL,
            told_at INTEGER NOT NULL,
            PRIMARY KEY (alert, route)
        ) WITHOUT ROWID;

        CREATE TABLE alert_events (
            number INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            kind TEXT NOT NULL,
            subject INTEGER NOT NULL REFERENCES alert_subjects ON DELETE CASCADE,
            incident TEXT,
            key TEXT,
            route TEXT,
            actor TEXT,
            note TEXT,
            run TEXT
        );
        CREATE INDEX alert_events_by_incident ON alert_events (incident, number) WHERE incident IS NOT NULL;
        CREATE INDEX alert_events_by_time ON alert_events (at);
        """

    /// Whoever has looked at a subject sees by its revision whether it has been written to since.
    static let revisions = "ALTER TABLE alert_subjects ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;"

    /// What was counted is remembered as each route was told it, and no longer as a failure began.
    static let tellings = """
        ALTER TABLE alert_tellings ADD COLUMN unexpected_count INTEGER;
        ALTER TABLE alert_tellings ADD COLUMN element_count INTEGER;
        ALTER TABLE alerts DROP COLUMN first_unexpected_count;
        ALTER TABLE alerts DROP COLUMN first_element_count;
        """

    /// Of each route it is known which acknowledgement it was told; those that stand were told when they were made.
    static let acknowledgements = """
        ALTER TABLE alert_tellings ADD COLUMN acknowledged_at INTEGER;
        UPDATE alert_tellings SET acknowledged_at = (SELECT acknowledged_at FROM alerts WHERE number = alert);
        """

    /// An expectation that was changed is known again where no other could be taken for it.
    static let kin = "ALTER TABLE alerts ADD COLUMN kin INTEGER NOT NULL DEFAULT 0;"

    /// Threads that began before they had keys of their own go on under the incident's id, by which their receivers know them.
    static let threads = """
        ALTER TABLE incident_threads ADD COLUMN key TEXT NOT NULL DEFAULT '';
        ALTER TABLE incident_threads ADD COLUMN opening TEXT;
        ALTER TABLE incident_threads ADD COLUMN names_followers INTEGER NOT NULL DEFAULT 0;
        UPDATE incident_threads SET key = (SELECT id FROM incidents WHERE number = incident);
        """
}
