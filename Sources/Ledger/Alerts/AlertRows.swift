import Expectations
import GRDB
import Tables

/// The rows of alerts as values.
enum AlertRows {
    /// One look into an index each for the subject, its alerts and its incident; more only where something fails.
    static func subject(_ db: Database, _ subject: AlertSubject) throws -> SubjectRecord? {
        let find = try db.cachedStatement(sql: "SELECT * FROM alert_subjects WHERE asset = ? AND suite = ?")
        guard let row = try Row.fetchOne(find, arguments: [subject.asset, subject.suite]) else { return nil }
        return try record(db, row)
    }

    static func record(_ db: Database, _ row: Row) throws -> SubjectRecord {
        let number: Int64 = row["number"]
        let subject = AlertSubject(asset: row["asset"], suite: row["suite"])
        return SubjectRecord(
            subject: subject, ordinal: row["ordinal"], latestStart: row["latest_start"],
            latestTaking: row["latest_taking"], routes: StoredText.strings(row["routes"]),
            alerts: try alerts(db, of: number), incident: try unsettled(db, of: number, subject))
    }

    private static func alerts(_ db: Database, of subject: Int64) throws -> [String: AlertRecord] {
        let rows = try Row.fetchAll(
            db.cachedStatement(sql: "SELECT * FROM alerts WHERE subject = ?"), arguments: [subject])
        guard !rows.isEmpty else { return [:] }
        var alerts: [String: AlertRecord] = [:]
        for row in rows { alerts[row["key"]] = AlertRecord(row) }
        let tellings = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT key, route, alert_tellings.severity, alert_tellings.flapping, told_at,
                        alert_tellings.unexpected_count, alert_tellings.element_count,
                        alert_tellings.acknowledged_at
                    FROM alerts JOIN alert_tellings ON alert = number WHERE subject = ?
                    """), arguments: [subject])
        for row in tellings {
            let telling = AlertRecord.Telling(
                severity: Severity(stored: row["severity"]), isFlapping: row["flapping"], at: row["told_at"],
                counts: AlertRecord.Counts(row["unexpected_count"], row["element_count"]),
                acknowledgedAt: row["acknowledged_at"])
            alerts[row["key"] as String]?.tellings[row["route"]] = telling
        }
        return alerts
    }

    private static func unsettled(_ db: Database, of number: Int64, _ subject: AlertSubject) throws -> IncidentRecord? {
        let find = try db.cachedStatement(sql: "SELECT * FROM incidents WHERE subject = ? AND settled = 0")
        return try Row.fetchOne(find, arguments: [number]).map { try incident(db, $0, subject) }
    }

    static func incident(_ db: Database, _ row: Row, _ subject: AlertSubject) throws -> IncidentRecord {
        let threads = try Row.fetchAll(
            db.cachedStatement(sql: "SELECT * FROM incident_threads WHERE incident = ?"),
            arguments: [row["number"] as Int64])
        return IncidentRecord(
            id: row["id"], subject: subject, openedAt: row["opened_at"], closedAt: row["closed_at"],
            severity: Severity(stored: row["severity"]), isSettled: row["settled"],
            acknowledgement: AlertMark(row, "acknowledged"), snooze: AlertMark(row, "snoozed"),
            threads: Dictionary(
                threads.map { row in
                    (
                        row["route"] as String,
                        IncidentRecord.Thread(
                            key: row["key"], opening: row["opening"], sequence: row["sequence"],
                            toldAt: row["told_at"], since: row["since"], namesFollowers: row["names_followers"])
                    )
                }
            ) { first, _ in first })
    }
}

extension AlertRecord {
    init(_ row: Row) {
        self.init(
            key: row["key"], type: row["type"], columns: StoredText.strings(row["columns"]), position: row["position"],
            severity: Severity(stored: row["severity"]), sentence: row["sentence"],
            counts: Counts(row["unexpected_count"], row["element_count"]), since: row["since"])
        firstSentence = row["first_sentence"]
        phase = Phase(rawValue: row["phase"]) ?? .ok
        isRemoved = row["removed"]
        recent = UInt128(row["recent"] as String, radix: 2) ?? 0
        failures = row["failures"]
        successes = row["successes"]
        firedAt = row["fired_at"]
        judgedAt = row["judged_at"]
        changes = Change.read(row["changes"])
        isFlapping = row["flapping"]
        acknowledgement = AlertMark(row, "acknowledged")
        snooze = AlertMark(row, "snoozed")
        mutedBy = row["muted_by"]
        kin = row["kin"]
    }

    /// The values of its columns in the table's order, from `type` on.
    var columnValues: StatementArguments {
        let word: [(any DatabaseValueConvertible)?] = [
            type, JSON.array(columns.map { .string($0) }).text(), position, severity.stored, StoredText.fit(sentence),
            counts?.unexpected, counts?.elements, StoredText.fit(firstSentence),
        ]
        let standing: [(any DatabaseValueConvertible)?] = [
            phase.rawValue, isRemoved, String(recent, radix: 2), failures, successes, since, firedAt, judgedAt,
            Change.text(changes), isFlapping,
        ]
        return StatementArguments(word) + StatementArguments(standing) + AlertMark.columnValues(acknowledgement)
            + AlertMark.columnValues(snooze) + StatementArguments([mutedBy, kin] as [(any DatabaseValueConvertible)?])
    }

    static let columnNames = [
        "type", "columns", "position", "severity", "sentence", "unexpected_count", "element_count", "first_sentence",
        "phase", "removed", "recent", "failures", "successes", "since",
        "fired_at", "judged_at", "changes", "flapping", "acknowledged_by", "acknowledged_at", "acknowledged_until",
        "acknowledged_note", "snoozed_by", "snoozed_at", "snoozed_until", "snoozed_note", "muted_by",
        "kin",
    ]
}

extension AlertRecord.Counts {
    init?(_ unexpected: Int?, _ elements: Int?) {
        guard let unexpected, let elements else { return nil }
        self.init(unexpected: unexpected, elements: elements)
    }
}

extension AlertRecord.Change {
    /// As in `1700000000000000/12 1700003600000000/13`.
    static func text(_ changes: [Self]) -> String {
        changes.map { "\($0.at)/\($0.ordinal)" }.joined(separator: " ")
    }

    static func read(_ text: String) -> [Self] {
        text.split(separator: " ").compactMap { part in
            let numbers = part.split(separator: "/")
            guard numbers.count == 2, let at = Int64(numbers[0]), let ordinal = Int(numbers[1]) else { return nil }
            return Self(at: at, ordinal: ordinal)
        }
    }
}

extension AlertMark {
    /// From four columns whose names begin alike; `nil` where nobody said anything.
    init?(_ row: Row, _ name: String) {
        guard let actor = row["\(name)_by"] as String? else { return nil }
        self.init(actor: actor, at: row["\(name)_at"], until: row["\(name)_until"], note: row["\(name)_note"])
    }

    static func columnValues(_ mark: AlertMark?) -> StatementArguments {
        StatementArguments(
            [mark?.actor, mark?.at, mark?.until, mark?.note] as [(any DatabaseValueConvertible)?])
    }
}
