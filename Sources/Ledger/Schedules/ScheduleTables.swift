/// What schedules remember: who holds what, which slots are done, what was asked for.
enum ScheduleTables {
    /// A lease that nobody holds keeps its row, as its epoch must go on growing.
    ///
    /// Of each validation the latest slots are kept, so that a clock that is set back does not repeat them.
    static let migration = """
        CREATE TABLE leases (
            name TEXT PRIMARY KEY,
            holder TEXT,
            epoch INTEGER NOT NULL,
            length INTEGER NOT NULL,
            expires_at INTEGER NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE schedules (
            suite TEXT NOT NULL,
            asset TEXT NOT NULL,
            cadence TEXT NOT NULL,
            first_seen INTEGER NOT NULL,
            last_slot INTEGER NOT NULL,
            watched TEXT,
            PRIMARY KEY (suite, asset)
        ) WITHOUT ROWID;

        CREATE TABLE slots (
            number INTEGER PRIMARY KEY,
            suite TEXT NOT NULL,
            asset TEXT NOT NULL,
            slot INTEGER NOT NULL,
            holder TEXT NOT NULL,
            attempts INTEGER NOT NULL,
            claimed_at INTEGER NOT NULL,
            finished_at INTEGER,
            run TEXT,
            UNIQUE (suite, asset, slot)
        );

        CREATE TABLE requests (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            suite TEXT NOT NULL,
            asset TEXT NOT NULL,
            origin TEXT NOT NULL,
            actor TEXT NOT NULL,
            requested_at INTEGER NOT NULL,
            state INTEGER NOT NULL DEFAULT 0,
            epoch INTEGER,
            started_at INTEGER,
            finished_at INTEGER,
            run TEXT
        );
        CREATE INDEX requests_open ON requests (suite, asset, number) WHERE state < 2;
        CREATE INDEX requests_finished ON requests (number) WHERE state = 2;
        """

    /// How far pipelines had come when validations that follow on them were last asked to run.
    static let followed = """
        CREATE TABLE followed (
            suite TEXT NOT NULL,
            asset TEXT NOT NULL,
            pipeline TEXT NOT NULL,
            state TEXT NOT NULL,
            batch INTEGER NOT NULL,
            PRIMARY KEY (suite, asset, pipeline, state)
        ) WITHOUT ROWID;
        """
}
