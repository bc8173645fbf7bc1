import GRDB

/// What is still to be sent, what was, and what was given up.
enum OutboxTables {
    /// A row waits (state 0) until it is delivered (1) or dead (2).
    ///
    /// Whoever sends one holds it until a time, so that two processes over one store don't both send it; what a killed process held is
    /// free again after that time.
    static let migration = """
        CREATE TABLE outbox (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            route TEXT NOT NULL,
            channel TEXT NOT NULL,
            channel_name TEXT NOT NULL,
            incident TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            message TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            waiting_since INTEGER NOT NULL,
            state INTEGER NOT NULL DEFAULT 0,
            attempts INTEGER NOT NULL DEFAULT 0,
            next_at INTEGER NOT NULL,
            holder TEXT,
            held_until INTEGER,
            settled_at INTEGER,
            error_code TEXT,
            error_message TEXT
        );
        CREATE INDEX outbox_waiting ON outbox (route, channel, incident, sequence, number) WHERE state = 0;
        CREATE INDEX outbox_settled ON outbox (state, settled_at) WHERE state <> 0;
        CREATE INDEX outbox_delivered ON outbox (route, channel, settled_at) WHERE state = 1;
        """

    /// What finds the next message, what is being sent and what is old, without looking at all that waits or was sent.
    ///
    /// An index of all that is settled serves no question: SQLite doesn't infer from one state that it isn't another.
    static let queues = """
        CREATE INDEX outbox_due ON outbox (route, channel, channel_name, next_at, number) WHERE state = 0;
        CREATE INDEX outbox_held ON outbox (route, channel, held_until) WHERE state = 0 AND held_until IS NOT NULL;
        DROP INDEX outbox_settled;
        CREATE INDEX outbox_old ON outbox (settled_at) WHERE state = 1;
        CREATE INDEX outbox_dead ON outbox (settled_at, number) WHERE state = 2;
        """

    /// Entries that know their channel by its place know it by its kind from here on.
    ///
    /// Of a dead letter it is remembered that a later message of the incident has reached its receiver.
    static let receivers = """
        UPDATE outbox SET channel = channel_name WHERE channel NOT LIKE channel_name || '%';
        ALTER TABLE outbox ADD COLUMN superseded INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX outbox_unsent ON outbox (incident, route, channel, sequence) WHERE state <> 1;
        """

    /// Until when a receiver asked to be left alone, by all that is or will be written for it.
    static let pauses = """
        CREATE TABLE outbox_pauses (
            route TEXT NOT NULL,
            channel TEXT NOT NULL,
            until INTEGER NOT NULL,
            PRIMARY KEY (route, channel)
        ) WITHOUT ROWID;
        """

    /// What became of an incident's messages, also of those that were delivered.
    static let incidents = """
        DROP INDEX outbox_unsent;
        CREATE INDEX outbox_incidents ON outbox (incident, route, channel, sequence);
        """

    /// How long a message was tried is the sum of the pauses between attempts, in microseconds.
    static let patience = "ALTER TABLE outbox ADD COLUMN waited INTEGER NOT NULL DEFAULT 0;"
}
