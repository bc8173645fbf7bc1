import GRDB

/// The tables, step by step; a step that was released is never changed.
enum LedgerMigrations {
    struct Step {
        let name: String
        let sql: String
    }

    static let steps = [
        Step(name: "1", sql: first),
        Step(name: "2-alerts", sql: AlertTables.migration),
        Step(name: "2-outbox", sql: OutboxTables.migration),
        Step(name: "2-lineage", sql: LineageTables.migration),
        Step(name: "2-retention", sql: RetentionIndexes.migration),
        Step(name: "2-schedules", sql: ScheduleTables.migration),
        Step(name: "2-server", sql: server),
        Step(name: "3-outbox", sql: OutboxTables.queues),
        Step(name: "3-receivers", sql: OutboxTables.receivers),
        Step(name: "3-declarations", sql: DeclarationTables.migration),
        Step(name: "4-revisions", sql: AlertTables.revisions),
        Step(name: "4-patience", sql: OutboxTables.patience),
        Step(name: "4-tellings", sql: AlertTables.tellings),
        Step(name: "5-threads", sql: AlertTables.threads),
        Step(name: "6-discreet", sql: discreet),
        Step(name: "6-pauses", sql: OutboxTables.pauses),
        Step(name: "6-acknowledgements", sql: AlertTables.acknowledgements),
        Step(name: "6-kin", sql: AlertTables.kin),
        Step(name: "6-followed", sql: ScheduleTables.followed),
        Step(name: "7-remembered", sql: RememberedRuns.migration),
        Step(name: "7-outcomes", sql: outcomes),
        Step(name: "7-messages", sql: OutboxTables.incidents),
        Step(name: "7-lineage", sql: LineageTables.starts),
    ]

    /// Where a ledger remembers its steps, in the form of the library that took them once.
    static let table = "grdb_migrations"

    /// The names of the steps that a database has gone, those of newer versions among them.
    static func applied(in db: Database) throws -> Set<String> {
        guard try db.tableExists(table) else { return [] }
        return try String.fetchSet(db, sql: "SELECT identifier FROM \(table)")
    }

    /// Goes the steps that are missing, in the caller's transaction: all of them, or none.
    static func complete(_ db: Database) throws {
        try db.execute(sql: "CREATE TABLE IF NOT EXISTS \(table) (identifier TEXT NOT NULL PRIMARY KEY)")
        let applied = try applied(in: db)
        for step in steps where !applied.contains(step.name) {
            try db.execute(sql: step.sql)
            try db.execute(sql: "INSERT INTO \(table) VALUES (?)", arguments: [step.name])
        }
    }

    /// Runs are numbered by their time (microseconds since 1970 × 1024, the next free number), so that the order of numbers is the
    /// order of time and every index that ends in a run is an index by time.
    ///
    /// Whatever an expectation repeats from run to run is stored once: what it asks in `expectations`, its words in
    /// `sentences`. Most results are then a row of small numbers in two B-trees.
    private static let first = """
        PRAGMA application_id = \(LedgerFile.applicationID);

        CREATE TABLE runs (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            suite TEXT NOT NULL,
            asset TEXT NOT NULL,
            started_at INTEGER NOT NULL,
            duration REAL NOT NULL,
            engine_version TEXT NOT NULL,
            suite_fingerprint TEXT NOT NULL,
            data_fingerprint TEXT NOT NULL,
            row_count INTEGER NOT NULL,
            byte_count INTEGER NOT NULL,
            evaluated INTEGER NOT NULL,
            successful INTEGER NOT NULL,
            passed INTEGER NOT NULL,
            failed INTEGER NOT NULL,
            vacuous INTEGER NOT NULL,
            errored INTEGER NOT NULL,
            outcome TEXT NOT NULL,
            success INTEGER NOT NULL,
            failure_code TEXT,
            failure_message TEXT,
            failure_hint TEXT,
            report TEXT
        );
        CREATE INDEX runs_by_suite ON runs (suite, asset, number);
        CREATE INDEX runs_by_asset ON runs (asset, number);

        CREATE TABLE files (
            run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
            position INTEGER NOT NULL,
            name TEXT NOT NULL,
            byte_count INTEGER,
            modified INTEGER,
            row_count INTEGER NOT NULL,
            PRIMARY KEY (run, position)
        ) WITHOUT ROWID;

        CREATE TABLE expectations (
            number INTEGER PRIMARY KEY,
            suite TEXT NOT NULL,
            asset TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            type TEXT NOT NULL,
            columns TEXT NOT NULL,
            arguments TEXT NOT NULL,
            severity INTEGER NOT NULL,
            author_id TEXT,
            description TEXT,
            file TEXT,
            line INTEGER,
            column INTEGER,
            UNIQUE (suite, asset, fingerprint)
        );

        CREATE TABLE sentences (
            number INTEGER PRIMARY KEY,
            hash INTEGER NOT NULL,
            text TEXT NOT NULL
        );
        CREATE INDEX sentences_by_hash ON sentences (hash);

        CREATE TABLE results (
            run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
            position INTEGER NOT NULL,
            expectation INTEGER NOT NULL REFERENCES expectations,
            outcome INTEGER NOT NULL,
            success INTEGER NOT NULL,
            severity INTEGER NOT NULL,
            reason INTEGER REFERENCES sentences,
            sentence INTEGER NOT NULL REFERENCES sentences,
            element_count INTEGER,
            missing_count INTEGER,
            unexpected_count INTEGER,
            reports_missing INTEGER,
            observed_value TEXT,
            PRIMARY KEY (run, position)
        ) WITHOUT ROWID;
        CREATE INDEX results_by_expectation ON results (expectation, run, success);

        CREATE TABLE findings (
            run INTEGER NOT NULL,
            position INTEGER NOT NULL,
            details TEXT,
            unexpected_rows TEXT,
            unexpected_counts TEXT,
            PRIMARY KEY (run, position),
            FOREIGN KEY (run, position) REFERENCES results ON DELETE CASCADE
        );

        CREATE TABLE series (
            number INTEGER PRIMARY KEY,
            asset TEXT NOT NULL,
            name TEXT NOT NULL,
            column TEXT NOT NULL,
            condition TEXT NOT NULL,
            UNIQUE (asset, name, column, condition)
        );

        CREATE TABLE metrics (
            series INTEGER NOT NULL REFERENCES series,
            run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
            value REAL,
            PRIMARY KEY (series, run)
        ) WITHOUT ROWID;
        CREATE INDEX metrics_by_run ON metrics (run);

        CREATE TABLE observed_schemas (
            number INTEGER PRIMARY KEY,
            asset TEXT NOT NULL,
            fields TEXT NOT NULL,
            first_run INTEGER NOT NULL,
            last_run INTEGER NOT NULL
        );
        CREATE INDEX observed_schemas_by_asset ON observed_schemas (asset, last_run);
        """
}
