import GRDB

/// What is done now and then, and the forgetting of old batches.
extension PipelineState {
    /// What is done now and then.
    enum Upkeep: String, Sendable {
        /// Small files are put together.
        case optimize
        /// Old batches are forgotten.
        case forget
        /// A run has begun, and has not come to its end.
        case run
    }

    /// When it was done last: microseconds since 1970-01-01T00:00:00Z; `nil` for never.
    func lastTime(of upkeep: Upkeep) throws(PipelineError) -> Int64? {
        try read { db in
            try Int64.fetchOne(db, sql: "SELECT time FROM upkeep WHERE kind = ?", arguments: [upkeep.rawValue])
        }
    }

    func note(_ upkeep: Upkeep, at time: Int64) throws(PipelineError) {
        try write { db in
            try db.execute(sql: "INSERT OR REPLACE INTO upkeep VALUES (?, ?)", arguments: [upkeep.rawValue, time])
        }
    }

    /// When the run began that hasn't come to its end, as one that ended by an error or was killed; `nil` where there is none.
    ///
    /// A state that no pipeline of this version has had says nothing of it.
    public func openRun() throws(PipelineError) -> Int64? {
        let isTold = try read { db in try db.tableExists("upkeep") }
        return isTold ? try lastTime(of: .run) : nil
    }

    /// The run that began last has come to its end.
    func closeRun() throws(PipelineError) {
        try write { db in try db.execute(sql: "DELETE FROM upkeep WHERE kind = ?", arguments: [Upkeep.run.rawValue]) }
    }

    /// Forgets batches that are over and began before `time`, but for the newest one, and the files they read that are gone.
    ///
    /// Their counts stay, added up. Files that lie where they landed must be known for ever: they would be read again. So must
    /// resolutions, as long as the quarantine has the records. A thousand batches, and ten thousand files, at a time; whether there may be more.
    func forget(before time: Int64, isGone: (String) -> Bool) throws(PipelineError) -> Bool {
        let batches = try write { db in
            let old = try Int.fetchAll(
                db,
                sql: """
                    SELECT number FROM batches WHERE clock < ? AND state IN ('committed', 'abandoned')
                    AND number < (SELECT max(number) FROM batches WHERE state = 'committed') ORDER BY number LIMIT 1000
                    """, arguments: [time])
            for number in old { try forget(number, db) }
            return old.count
        }
        let gone = try read { db in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT path, name, device, node, byte_count, modified FROM sources
                    WHERE state = 'read' AND batch NOT IN (SELECT number FROM batches)
                    """)
            var gone: [StatementArguments] = []
            while gone.count < 10_000, let row = try rows.next() {
                let path: String = row["path"]
                if isGone(path) { gone.append(StatementArguments(row.databaseValues.dropFirst())) }
            }
            return gone
        }
        try write { db in
            for key in gone {
                try db.execute(
                    sql: """
                        DELETE FROM sources
                        WHERE name = ? AND device = ? AND node = ? AND byte_count = ? AND modified = ?
                        """, arguments: key)
            }
        }
        return batches == 1_000 || gone.count == 10_000
    }

    /// Adds a batch's counts to those of all that were forgotten.
    private func forget(_ number: Int, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO forgotten_hops
                SELECT hop, kind IN ('replay', 'release'), input, output, quarantined, dropped, filtered, deduplicated, late
                FROM hops JOIN batches ON number = batch WHERE batch = ?
                ON CONFLICT DO UPDATE SET input = input + excluded.input, output = output + excluded.output,
                    quarantined = quarantined + excluded.quarantined, dropped = dropped + excluded.dropped,
                    filtered = filtered + excluded.filtered, deduplicated = deduplicated + excluded.deduplicated,
                    late = late + excluded.late
                """, arguments: [number])
        try db.execute(
            sql: """
                UPDATE pipeline SET forgotten_batches = forgotten_batches
                    + (SELECT count(*) FROM batches WHERE number = ? AND state = 'committed')
                """, arguments: [number])
        try Self.addRulesToForgotten(ofBatch: number, db)
        for (table, column) in [
            ("hops", "batch"), ("rule_counts", "batch"), ("written", "batch"), ("batches", "number"),
        ] {
            try db.execute(sql: "DELETE FROM \(table) WHERE \(column) = ?", arguments: [number])
        }
    }
}
