import Expectations
import GRDB
import TestSupport
import Testing

@testable import Ledger

@Suite struct AlertTablesTests {
    let scratch: Scratch
    let ledger: Ledger
    static let subject = AlertSubject(asset: "silver.events", suite: "silver_events")

    init() throws {
        scratch = try Scratch()
        ledger = try Ledger(path: scratch.path())
    }

    static var failing: SubjectRecord {
        var alert = AlertRecord(
            key: "k1", type: "expect_column_values_to_be_between", columns: ["amount", "tax"], position: 7,
            severity: .warning, sentence: "12 of 1,000", counts: .init(unexpected: 12, elements: 1_000), since: 5)
        alert.firstSentence = "3 of 1,000"
        alert.phase = .firing
        alert.isRemoved = true
        alert.recent = .max
        alert.failures = 128
        alert.successes = 1
        alert.firedAt = 6
        alert.judgedAt = 9
        alert.changes = [.init(at: -3, ordinal: 1), .init(at: 6, ordinal: 2)]
        alert.isFlapping = true
        alert.acknowledgement = AlertMark(actor: "anna", at: 7, until: 70, note: "on it")
        alert.snooze = AlertMark(actor: "ben", at: 8)
        alert.mutedBy = "0f"
        alert.kin = 2
        alert.tellings = [
            "team": .init(
                severity: .critical, isFlapping: true, at: 6, counts: .init(unexpected: 3, elements: 1_000),
                acknowledgedAt: 7),
            "ops": .init(severity: .info, isFlapping: false, at: 7),
        ]
        let incident = IncidentRecord(
            id: "ab12", subject: subject, openedAt: 6, closedAt: 10, severity: .warning,
            acknowledgement: AlertMark(actor: "anna", at: 7),
            snooze: AlertMark(actor: "ben", at: 8, until: 80, note: ""),
            threads: ["team": .init(key: "k1", opening: "o", sequence: 3, toldAt: 9, since: 5, namesFollowers: true)])
        return SubjectRecord(
            subject: subject, ordinal: 4, latestStart: 8, latestTaking: 9, routes: ["team", "ops"],
            alerts: [
                "k1": alert,
                "k2": AlertRecord(
                    key: "k2", type: "t", columns: [], position: 0, severity: .info, sentence: "", counts: nil, since: 1
                ),
            ],
            incident: incident)
    }

    @Test func whatIsStoredIsReadAgain() throws {
        let record = Self.failing
        try ledger.transaction { try $0.saveAlerts(record, replacing: nil, run: "run-1") }
        #expect(try ledger.alertSubject(Self.subject) == record)
        #expect(try ledger.unsettledAlertSubjects() == [record])
        #expect(try ledger.transaction { try $0.alertsHaveTaken("run-1", of: Self.subject) })
        #expect(try !ledger.transaction { try $0.alertsHaveTaken("run-2", of: Self.subject) })
        #expect(try ledger.transaction { try $0.assets(mutedBy: "0f") } == ["silver.events"])
        #expect(try ledger.transaction { try $0.closing(ofIncident: "ab12") } == 10)
    }

    /// What a store holds that was written before a step, with some rows, read by this version.
    private func record(before name: String, _ rows: String) throws -> SubjectRecord? {
        let queue = try DatabaseQueue(path: scratch.path("old.sqlite"))
        try queue.write { db in
            try db.execute(sql: "CREATE TABLE \(LedgerMigrations.table) (identifier TEXT NOT NULL PRIMARY KEY)")
            for step in LedgerMigrations.steps.prefix(while: { $0.name != name }) {
                try db.execute(sql: step.sql)
                try db.execute(sql: "INSERT INTO \(LedgerMigrations.table) VALUES (?)", arguments: [step.name])
            }
            try db.execute(
                sql: """
                    INSERT INTO alert_subjects (number, asset, suite, ordinal, latest_start, latest_taking, routes)
                    VALUES (1, 'silver.events', 'silver_events', 1, 5, 5, '["team"]');
                    INSERT INTO incidents (number, id, subject, opened_at, severity, settled) VALUES (7, 'ab12', 1, 5, 2, 0);
                    """ + rows)
        }
        try queue.close()
        return try Ledger(path: scratch.path("old.sqlite")).alertSubject(Self.subject)
    }

    /// Routes were told of it when it was made.
    @Test func anAcknowledgementOfBeforeIsNotToldAgain() throws {
        let record = try record(
            before: "6-acknowledgements",
            """
            INSERT INTO alerts (number, subject, key, type, columns, position, severity, sentence, first_sentence, phase,
                removed, recent, failures, successes, since, judged_at, changes, flapping, acknowledged_by, acknowledged_at)
            VALUES (3, 1, 'k1', 't', '[]', 0, 2, 's', 's', 'firing', 0, '1', 1, 0, 5, 5, '', 0, 'anna', 8);
            INSERT INTO alert_tellings VALUES (3, 'team', 2, 0, 6, NULL, NULL);
            """)
        #expect(record?.alerts["k1"]?.tellings["team"]?.acknowledgedAt == 8)
    }

    @Test func threadsThatBeganBeforeTheyHadKeysKeepTheIncidents() throws {
        let record = try #require(
            try record(before: "5-threads", "INSERT INTO incident_threads VALUES (7, 'team', 3, 9, 5);"))
        #expect(record.incident?.threads == ["team": .init(key: "ab12", sequence: 3, toldAt: 9, since: 5)])
    }

    @Test func whatHasChangedIsStored() throws {
        let old = Self.failing
        try ledger.transaction { try $0.saveAlerts(old, replacing: nil, run: "run-1") }
        var new = old
        new.ordinal = 5
        new.alerts["k2"] = nil
        new.alerts["k1"]?.tellings["ops"] = nil
        new.alerts["k1"]?.snooze = nil
        new.incident?.closedAt = nil
        new.incident?.threads["ops"] = .init(key: "k2", sequence: 1, toldAt: 11, since: 5)
        try ledger.transaction { try $0.saveAlerts(new, replacing: old, run: "run-2") }
        #expect(try ledger.alertSubject(Self.subject) == new)
        new.incident?.isSettled = true
        try ledger.transaction { try $0.saveAlerts(new, replacing: ledger.alertSubject(Self.subject), run: nil) }
        #expect(try ledger.alertSubject(Self.subject)?.incident == nil)
        #expect(try ledger.incidents(limit: 5).map(\.id) == ["ab12"])
    }

    @Test func aRevisionTellsThatSomethingWasWritten() throws {
        func revisions() throws -> [SubjectRevision] {
            try ledger.transaction { try $0.unsettledAlertRevisions() }
        }
        let old = Self.failing
        try ledger.transaction { try $0.saveAlerts(old, replacing: nil, run: "run-1") }
        #expect(try revisions() == [SubjectRevision(subject: Self.subject, revision: 0)])
        try ledger.transaction { try $0.saveAlerts(old, replacing: old, run: nil) }
        #expect(try revisions() == [SubjectRevision(subject: Self.subject, revision: 0)])
        var new = old
        new.alerts["k1"]?.snooze = nil
        try ledger.transaction { try $0.saveAlerts(new, replacing: old, run: nil) }
        #expect(try revisions() == [SubjectRevision(subject: Self.subject, revision: 1)])
        new.incident?.isSettled = true
        try ledger.transaction { try $0.saveAlerts(new, replacing: ledger.alertSubject(Self.subject), run: nil) }
        #expect(try revisions().isEmpty)
    }

    @Test func whatIsInOrderWritesTwoRows() throws {
        var record = SubjectRecord(subject: Self.subject)
        var changes: [Int] = []
        for number in 1...100 {
            let old = number == 1 ? nil : record
            record.ordinal = number
            changes.append(
                try ledger.transaction { transaction in
                    let before = transaction.db.totalChangesCount
                    try transaction.saveAlerts(record, replacing: old, run: "run-\(number)")
                    return transaction.db.totalChangesCount - before
                })
        }
        // From the 65th run on the oldest of the runs that are remembered goes.
        #expect(changes == Array(repeating: 2, count: 64) + Array(repeating: 3, count: 36))
    }

    @Test func questionsGoByIndexes() throws {
        let questions = [
            "SELECT * FROM alert_subjects WHERE asset = 'a' AND suite = 's'",
            "SELECT * FROM alerts WHERE subject = 1",
            "SELECT key, route FROM alerts JOIN alert_tellings ON alert = number WHERE subject = 1",
            "SELECT * FROM incidents WHERE subject = 1 AND settled = 0",
            "SELECT 1 FROM alert_subjects JOIN alert_runs ON subject = number WHERE asset = 'a' AND suite = 's' AND run = 'r'",
            "SELECT DISTINCT asset FROM alerts JOIN alert_subjects ON alert_subjects.number = subject WHERE muted_by = 'x'",
            "SELECT * FROM alert_events WHERE incident = 'x' ORDER BY number DESC LIMIT 9",
            "SELECT * FROM incidents WHERE id GLOB 'ab12*' ORDER BY id LIMIT 2",
        ]
        for question in questions {
            let plan = try ledger.read { db in
                try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN \(question)").map { $0["detail"] as String }
            }
            #expect(!plan.contains { $0.hasPrefix("SCAN") }, "\(question): \(plan)")
        }
    }
}
