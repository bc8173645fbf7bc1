import GRDB

/// The tables of a pipeline's state, step by step; a step that was released is never changed.
enum StateMigrations {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { db in try db.execute(sql: first) }
        migrator.registerMigration("requests") { db in try db.execute(sql: requests) }
        migrator.registerMigration("layers") { db in try db.execute(sql: layers) }
        migrator.registerMigration("upkeep") { db in try db.execute(sql: upkeep) }
        migrator.registerMigration("memories") { db in try db.execute(sql: memories) }
        migrator.registerMigration("waits") { db in try db.execute(sql: waits) }
        migrator.registerMigration("rules") { db in try db.execute(sql: rules) }
        migrator.registerMigration("folders") { db in try db.execute(sql: folders) }
        migrator.registerMigration("withdrawals") { db in try db.execute(sql: withdrawals) }
        migrator.registerMigration("written") { db in try db.execute(sql: written) }
        return migrator
    }

    /// What people want done; `next_batch` and `next_row` say where in the quarantine's version the next batch of it begins.
    private static let requests = """
        CREATE TABLE requests (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL,
            selector TEXT NOT NULL,
            version INTEGER NOT NULL,
            patch TEXT NOT NULL,
            actor TEXT NOT NULL,
            reason TEXT NOT NULL,
            time INTEGER NOT NULL,
            state TEXT NOT NULL DEFAULT 'waiting',
            next_batch INTEGER NOT NULL DEFAULT 0,
            next_row INTEGER NOT NULL DEFAULT 0,
            outcome TEXT NOT NULL,
            failure TEXT
        );
        CREATE INDEX waiting_requests ON requests (number) WHERE state = 'waiting';
        ALTER TABLE resolutions ADD COLUMN fate TEXT NOT NULL DEFAULT 'passed';
        """

    /// Tables that got rows, with the last batch that brought them some.
    private static let layers = """
        CREATE TABLE layers (layer TEXT PRIMARY KEY, batch INTEGER NOT NULL) WITHOUT ROWID;
        INSERT INTO layers SELECT hop, max(batch) FROM hops WHERE output > 0 AND hop IN ('bronze', 'silver') GROUP BY hop;
        """

    /// When what is done now and then was done last, and the sums of batches that were forgotten.
    private static let upkeep = """
        CREATE TABLE upkeep (kind TEXT PRIMARY KEY, time INTEGER NOT NULL) WITHOUT ROWID;
        ALTER TABLE pipeline ADD COLUMN forgotten_batches INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE forgotten_hops (
            hop TEXT NOT NULL,
            is_again INTEGER NOT NULL,
            input INTEGER NOT NULL,
            output INTEGER NOT NULL,
            quarantined INTEGER NOT NULL,
            dropped INTEGER NOT NULL,
            filtered INTEGER NOT NULL,
            deduplicated INTEGER NOT NULL,
            late INTEGER NOT NULL,
            PRIMARY KEY (hop, is_again)
        ) WITHOUT ROWID;
        """

    /// The memories of keys that there are, each named by what it remembers; whose time the watermark is, `NULL` for that of the
    /// batches, and the last batch's clock.
    ///
    /// Memories of before were named otherwise: what they had is read from silver.
    private static let memories = """
        CREATE TABLE key_memories (memory TEXT PRIMARY KEY) WITHOUT ROWID;
        ALTER TABLE pipeline ADD COLUMN watermark_column TEXT;
        ALTER TABLE pipeline ADD COLUMN watermark_clock INTEGER;
        """

    /// Since when the machine is in the pipeline's way, and how; `NULL` where it isn't.
    private static let waits = """
        ALTER TABLE pipeline ADD COLUMN waiting_since INTEGER;
        ALTER TABLE pipeline ADD COLUMN waiting_reason TEXT;
        """

    /// Records that break rules, with what became of them for their sake (empty where a batch of before doesn't say), and the sums
    /// of batches that were forgotten.
    private static let rules = """
        CREATE TABLE rule_counts (
            batch INTEGER NOT NULL REFERENCES batches,
            rule TEXT NOT NULL,
            action TEXT NOT NULL,
            count INTEGER NOT NULL,
            PRIMARY KEY (batch, rule, action)
        ) WITHOUT ROWID;
        INSERT INTO rule_counts SELECT batch, rule, '', count FROM rule_failures;
        DROP TABLE rule_failures;
        CREATE TABLE forgotten_rules (
            rule TEXT NOT NULL,
            action TEXT NOT NULL,
            count INTEGER NOT NULL,
            PRIMARY KEY (rule, action)
        ) WITHOUT ROWID;
        """

    /// What tables got of a batch; those that got nothing are not in it.
    private static let written = """
        CREATE TABLE written (
            batch INTEGER NOT NULL REFERENCES batches,
            layer TEXT NOT NULL,
            rows INTEGER NOT NULL,
            byte_count INTEGER NOT NULL,
            files INTEGER NOT NULL,
            PRIMARY KEY (batch, layer)
        ) WITHOUT ROWID;
        """

    /// Where the tables lay that got rows: `NULL` for those that got none since.
    private static let folders = "ALTER TABLE layers ADD COLUMN folder TEXT"

    /// Who took a request back, why and when; `NULL` where nobody did.
    private static let withdrawals = """
        ALTER TABLE requests ADD COLUMN withdrawn_by TEXT;
        ALTER TABLE requests ADD COLUMN withdrawn_reason TEXT;
        ALTER TABLE requests ADD COLUMN withdrawn_at INTEGER;
        """

    /// `pipeline` has one row.
    ///
    /// A batch's `manifest` is there from its commit point on, `plan` until it is committed.
    private static let first = """
        CREATE TABLE pipeline (
            epoch INTEGER NOT NULL,
            hash_key INTEGER NOT NULL,
            watermark INTEGER,
            schema TEXT,
            breaker TEXT NOT NULL
        );
        INSERT INTO pipeline VALUES (0, random(), NULL, NULL, '{"state":"closed"}');

        CREATE TABLE batches (
            number INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            state TEXT NOT NULL,
            clock INTEGER NOT NULL,
            plan TEXT,
            manifest TEXT,
            attempts INTEGER NOT NULL DEFAULT 0,
            reason TEXT,
            record_count INTEGER,
            byte_count INTEGER,
            milliseconds INTEGER
        );
        CREATE INDEX open_batches ON batches (state) WHERE state NOT IN ('committed', 'abandoned');

        CREATE TABLE sources (
            name TEXT NOT NULL,
            device INTEGER NOT NULL,
            node INTEGER NOT NULL,
            byte_count INTEGER NOT NULL,
            modified INTEGER NOT NULL,
            path TEXT NOT NULL,
            state TEXT NOT NULL,
            batch INTEGER NOT NULL,
            reason TEXT,
            PRIMARY KEY (name, device, node, byte_count, modified)
        ) WITHOUT ROWID;
        CREATE INDEX sources_set_aside ON sources (state) WHERE state = 'set-aside';

        CREATE TABLE hops (
            batch INTEGER NOT NULL REFERENCES batches,
            hop TEXT NOT NULL,
            input INTEGER NOT NULL,
            output INTEGER NOT NULL,
            quarantined INTEGER NOT NULL,
            dropped INTEGER NOT NULL,
            filtered INTEGER NOT NULL,
            deduplicated INTEGER NOT NULL,
            late INTEGER NOT NULL,
            PRIMARY KEY (batch, hop)
        ) WITHOUT ROWID;

        CREATE TABLE rule_failures (
            batch INTEGER NOT NULL REFERENCES batches,
            rule TEXT NOT NULL,
            count INTEGER NOT NULL,
            PRIMARY KEY (batch, rule)
        ) WITHOUT ROWID;

        CREATE TABLE key_files (
            memory TEXT NOT NULL,
            name TEXT NOT NULL,
            description TEXT NOT NULL,
            PRIMARY KEY (memory, name)
        ) WITHOUT ROWID;

        CREATE TABLE window_tables (
            layer TEXT PRIMARY KEY,
            fingerprint TEXT NOT NULL,
            watermark INTEGER
        ) WITHOUT ROWID;

        CREATE TABLE windows (
            layer TEXT NOT NULL,
            start INTEGER NOT NULL,
            group_key BLOB NOT NULL,
            part INTEGER NOT NULL,
            state BLOB NOT NULL,
            PRIMARY KEY (layer, start, group_key, part)
        ) WITHOUT ROWID;

        CREATE TABLE resolutions (
            id TEXT NOT NULL,
            attempt INTEGER NOT NULL,
            status TEXT NOT NULL,
            batch INTEGER NOT NULL,
            actor TEXT NOT NULL,
            reason TEXT NOT NULL,
            time INTEGER NOT NULL,
            PRIMARY KEY (id, attempt)
        ) WITHOUT ROWID;
        """
}
