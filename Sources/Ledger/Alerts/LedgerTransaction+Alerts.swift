import Expectations
import GRDB
import Tables

extension LedgerTransaction {
    /// What is remembered of a subject; `nil` where no run of it was ever taken.
    public func alertSubject(_ subject: AlertSubject) throws -> SubjectRecord? { try AlertRows.subject(db, subject) }

    /// Whether a subject's alerts have heard of a run; of the latest runs only.
    public func alertsHaveTaken(_ run: String, of subject: AlertSubject) throws -> Bool {
        let find = try db.cachedStatement(
            sql: """
                SELECT 1 FROM alert_subjects JOIN alert_runs ON subject = number
                WHERE asset = ? AND suite = ? AND run = ?
                """)
        return try Bool.fetchOne(find, arguments: [subject.asset, subject.suite, run]) != nil
    }

    /// Stores what has changed of a subject, and of which run it was judged by.
    ///
    /// Where nothing fails, that is one row of the subject and one of the run.
    public func saveAlerts(_ record: SubjectRecord, replacing old: SubjectRecord?, run: String?) throws {
        guard record != old || run != nil else { return }
        let number = try saveSubject(record, isNew: old == nil)
        if let run { try note(run, subject: number, ordinal: record.ordinal) }
        if let incident = record.incident, incident != old?.incident {
            try save(incident, subject: number, threads: old?.incident?.threads ?? [:])
        }
        for (key, alert) in record.alerts where old?.alerts[key] != alert {
            try save(alert, subject: number, old: old?.alerts[key])
        }
        for key in old?.alerts.keys ?? [:].keys where record.alerts[key] == nil {
            try db.cachedStatement(sql: "DELETE FROM alerts WHERE subject = ? AND key = ?")
                .execute(arguments: [number, key])
        }
    }

    /// Writes down what happened.
    public func append(_ event: AlertEvent) throws {
        let arguments: [(any DatabaseValueConvertible)?] = [
            event.at, event.kind.rawValue, event.incident, event.key, event.route, event.actor,
            event.note.map { StoredText.fit($0) }, event.run, event.subject.asset, event.subject.suite,
        ]
        try db.cachedStatement(
            sql: """
                INSERT INTO alert_events (at, kind, subject, incident, key, route, actor, note, run)
                SELECT ?1, ?2, number, ?3, ?4, ?5, ?6, ?7, ?8 FROM alert_subjects WHERE asset = ?9 AND suite = ?10
                """
        ).execute(arguments: StatementArguments(arguments))
    }

    /// Forgets incidents that are settled and were over before a time, and what happened before it.
    public func forgetAlerts(before time: Int64) throws {
        try db.execute(sql: "DELETE FROM incidents WHERE settled = 1 AND closed_at < ?", arguments: [time])
        try db.execute(
            sql: """
                DELETE FROM alert_events WHERE at < ? AND NOT EXISTS (
                    SELECT 1 FROM incidents WHERE incidents.id = alert_events.incident)
                """, arguments: [time])
    }

    private func saveSubject(_ record: SubjectRecord, isNew: Bool) throws -> Int64 {
        let routes = JSON.array(record.routes.map { .string($0) }).text()
        let upsert = try db.cachedStatement(
            sql: """
                INSERT INTO alert_subjects (asset, suite, ordinal, latest_start, latest_taking, routes)
                VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET ordinal = excluded.ordinal, latest_start = excluded.latest_start,
                    latest_taking = excluded.latest_taking, routes = excluded.routes, revision = revision + 1
                RETURNING number
                """)
        let number = try Int64.fetchOne(
            upsert,
            arguments: [
                record.subject.asset, record.subject.suite, record.ordinal, record.latestStart, record.latestTaking,
                routes,
            ])
        guard let number else { throw DatabaseError(resultCode: .SQLITE_INTERNAL, message: "no row was returned") }
        return number
    }

    /// How many runs are remembered to be taken once only.
    private static let rememberedRuns = 64

    private func note(_ run: String, subject: Int64, ordinal: Int) throws {
        try db.cachedStatement(sql: "INSERT INTO alert_runs VALUES (?, ?, ?)")
            .execute(arguments: [subject, ordinal, run])
        try db.cachedStatement(sql: "DELETE FROM alert_runs WHERE subject = ? AND ordinal <= ?")
            .execute(arguments: [subject, ordinal - Self.rememberedRuns])
    }

    private func save(
        _ incident: IncidentRecord, subject: Int64, threads old: [String: IncidentRecord.Thread]
    ) throws {
        let values: [(any DatabaseValueConvertible)?] = [
            incident.id, subject, incident.openedAt, incident.closedAt, incident.severity.stored, incident.isSettled,
        ]
        let upsert = try db.cachedStatement(
            sql: """
                INSERT INTO incidents (id, subject, opened_at, closed_at, severity, settled, acknowledged_by,
                    acknowledged_at, acknowledged_until, acknowledged_note, snoozed_by, snoozed_at, snoozed_until,
                    snoozed_note)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET closed_at = excluded.closed_at, severity = excluded.severity,
                    settled = excluded.settled, acknowledged_by = excluded.acknowledged_by,
                    acknowledged_at = excluded.acknowledged_at, acknowledged_until = excluded.acknowledged_until,
                    acknowledged_note = excluded.acknowledged_note, snoozed_by = excluded.snoozed_by,
                    snoozed_at = excluded.snoozed_at, snoozed_until = excluded.snoozed_until,
                    snoozed_note = excluded.snoozed_note
                RETURNING number
                """)
        let number = try Int64.fetchOne(
            upsert,
            arguments: StatementArguments(values) + AlertMark.columnValues(incident.acknowledgement)
                + AlertMark.columnValues(incident.snooze))
        for route in old.keys where incident.threads[route] == nil {
            try db.cachedStatement(sql: "DELETE FROM incident_threads WHERE incident = ? AND route = ?")
                .execute(arguments: [number, route])
        }
        for (route, thread) in incident.threads {
            try db.cachedStatement(
                sql: """
                    INSERT INTO incident_threads (incident, route, key, opening, sequence, told_at, since, names_followers)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET sequence = excluded.sequence, told_at = excluded.told_at,
                        since = excluded.since, names_followers = excluded.names_followers
                    """
            ).execute(arguments: [
                number, route, thread.key, thread.opening, thread.sequence, thread.toldAt, thread.since,
                thread.namesFollowers,
            ])
        }
    }

    private func save(_ alert: AlertRecord, subject: Int64, old: AlertRecord?) throws {
        let names = AlertRecord.columnNames
        let upsert = try db.cachedStatement(
            sql: """
                INSERT INTO alerts (subject, key, \(names.joined(separator: ", ")))
                VALUES (?, ?\(String(repeating: ", ?", count: names.count)))
                ON CONFLICT DO UPDATE SET \(names.map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
                RETURNING number
                """)
        let number = try Int64.fetchOne(upsert, arguments: [subject, alert.key] + alert.columnValues)
        for (route, telling) in alert.tellings where old?.tellings[route] != telling {
            try db.cachedStatement(sql: "INSERT OR REPLACE INTO alert_tellings VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
                .execute(arguments: [
                    number, route, telling.severity.stored, telling.isFlapping, telling.at, telling.counts?.unexpected,
                    telling.counts?.elements, telling.acknowledgedAt,
                ])
        }
        for route in old?.tellings.keys ?? [:].keys where alert.tellings[route] == nil {
            try db.cachedStatement(sql: "DELETE FROM alert_tellings WHERE alert = ? AND route = ?")
                .execute(arguments: [number, route])
        }
    }
}
