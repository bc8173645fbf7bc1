import Expectations
import GRDB

extension Ledger {
    /// Subjects with an incident that is open, or over without everybody having been told; oldest incident first.
    public func unsettledAlertSubjects() throws(LedgerError) -> [SubjectRecord] {
        try read { db in try AlertReads.unsettled(db) }
    }

    /// What is remembered of a subject's alerts, also of those that are not firing yet.
    public func alertSubject(_ subject: AlertSubject) throws(LedgerError) -> SubjectRecord? {
        try read { db in try AlertRows.subject(db, subject) }
    }

    /// Incidents, newest first; of an asset where one is named, opened before a time where one is given.
    public func incidents(
        ofAsset asset: String? = nil, openedBefore time: Int64 = .max, limit: Int
    ) throws(LedgerError) -> [IncidentRecord] {
        try read { db in
            try AlertReads.incidents(
                db,
                where:
                    "opened_at < :time AND (:asset IS NULL OR asset = :asset) ORDER BY opened_at DESC, id LIMIT :limit",
                ["time": time, "asset": asset, "limit": limit])
        }
    }

    /// Incidents whose id begins with a text of hexadecimal digits; two where there are more.
    public func incidents(withPrefix prefix: String) throws(LedgerError) -> [IncidentRecord] {
        try read { db in try AlertReads.incidents(db, prefix: prefix) }
    }

    /// What happened, newest first: to an incident where one is named.
    public func alertEvents(ofIncident incident: String? = nil, limit: Int) throws(LedgerError) -> [AlertEvent] {
        try read { db in try AlertReads.events(db, ofIncident: incident, limit: limit) }
    }
}

extension LedgerTransaction {
    /// Subjects with an incident that is open, or over without everybody having been told; oldest incident first.
    ///
    /// Costs two rows of each: what is remembered of their alerts isn't read.
    public func unsettledAlertRevisions() throws -> [SubjectRevision] {
        try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT asset, suite, revision FROM incidents JOIN alert_subjects ON alert_subjects.number = subject
                    WHERE settled = 0 ORDER BY opened_at, asset, suite
                    """)
        ).map { SubjectRevision(subject: AlertSubject(asset: $0[0], suite: $0[1]), revision: $0[2]) }
    }

    /// Subjects of one asset with an incident that is open, or over without everybody having been told.
    public func unsettledAlertSubjects(ofAsset asset: String) throws -> [SubjectRecord] {
        try AlertReads.unsettled(db, ofAsset: asset)
    }

    /// Incidents whose id begins with a text of hexadecimal digits; two where there are more.
    public func incidents(withPrefix prefix: String) throws -> [IncidentRecord] {
        try AlertReads.incidents(db, prefix: prefix)
    }

    /// When an incident was over; `nil` where it is open, or unknown.
    public func closing(ofIncident id: String) throws -> Int64? {
        try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT closed_at FROM incidents WHERE id = ?"), arguments: [id])
    }

    /// The assets some of whose alerts an incident mutes, sorted.
    public func assets(mutedBy incident: String) throws -> [String] {
        try String.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT DISTINCT asset FROM alerts JOIN alert_subjects ON alert_subjects.number = subject
                    WHERE muted_by = ? AND phase = 'firing' ORDER BY asset
                    """), arguments: [incident])
    }
}

/// Questions that are asked within a transaction and without one.
enum AlertReads {
    static func unsettled(_ db: Database) throws -> [SubjectRecord] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT alert_subjects.* FROM incidents JOIN alert_subjects ON alert_subjects.number = subject
                WHERE settled = 0 ORDER BY opened_at, asset, suite
                """
        ).map { try AlertRows.record(db, $0) }
    }

    static func unsettled(_ db: Database, ofAsset asset: String) throws -> [SubjectRecord] {
        try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT alert_subjects.* FROM alert_subjects JOIN incidents ON alert_subjects.number = subject
                    WHERE asset = ? AND settled = 0 ORDER BY opened_at, suite
                    """), arguments: [asset]
        ).map { try AlertRows.record(db, $0) }
    }

    static func incidents(
        _ db: Database, where condition: String, _ arguments: StatementArguments
    ) throws -> [IncidentRecord] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT incidents.*, asset, suite FROM incidents
                JOIN alert_subjects ON alert_subjects.number = subject WHERE \(condition)
                """, arguments: arguments
        ).map { row in
            try AlertRows.incident(db, row, AlertSubject(asset: row["asset"], suite: row["suite"]))
        }
    }

    /// Ids are hexadecimal digits, so that what a person typed can't be a pattern.
    static func incidents(_ db: Database, prefix: String) throws -> [IncidentRecord] {
        guard !prefix.isEmpty, prefix.utf8.count <= 32, prefix.utf8.allSatisfy(\.isHexadecimalDigit) else { return [] }
        return try incidents(db, where: "id GLOB ? ORDER BY id LIMIT 2", [prefix.lowercased() + "*"])
    }

    static func events(_ db: Database, ofIncident incident: String?, limit: Int) throws -> [AlertEvent] {
        let condition = incident == nil ? "" : "WHERE incident = :incident"
        let arguments: StatementArguments = incident.map { ["limit": limit, "incident": $0] } ?? ["limit": limit]
        return try Row.fetchAll(
            db,
            sql: """
                SELECT alert_events.*, asset, suite FROM alert_events
                JOIN alert_subjects ON alert_subjects.number = subject
                \(condition) ORDER BY alert_events.number DESC LIMIT :limit
                """, arguments: arguments
        ).compactMap { row in
            AlertEvent.Kind(rawValue: row["kind"]).map { kind in
                AlertEvent(
                    kind, at: row["at"], subject: AlertSubject(asset: row["asset"], suite: row["suite"]),
                    incident: row["incident"], key: row["key"], route: row["route"], actor: row["actor"],
                    note: row["note"], run: row["run"])
            }
        }
    }
}

extension UInt8 {
    fileprivate var isHexadecimalDigit: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}
