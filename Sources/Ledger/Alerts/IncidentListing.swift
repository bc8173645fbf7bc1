public import Expectations
import GRDB

/// An incident as lists show it: its worst alerts, and how many there are.
public struct IncidentListing: Sendable, Hashable {
    public let incident: IncidentRecord
    /// In the order of `SubjectRecord.incidentAlerts`, without what routes were told; no more than were asked for.
    public let alerts: [AlertRecord]
    /// How many alerts it has.
    public let alertCount: Int
    /// Whether all that fails follows from incidents upstream, and no route was told of it.
    public let isMuted: Bool
    public let isFlapping: Bool
    /// One of those that it follows from; `nil` where it follows from none.
    public let cause: Cause?

    public struct Cause: Sendable, Hashable {
        public let incident: String
        /// The asset that the incident is of; `nil` where the incident is forgotten.
        public let asset: String?
    }
}

extension SubjectRecord {
    /// The incident's alerts: those that fail or go back and forth, and those that have failed since it was opened.
    ///
    /// What fails comes first, the most severe at the top, then in the order of the suite.
    public var incidentAlerts: [AlertRecord] {
        guard let start = incident?.openedAt else { return [] }
        func place(_ alert: AlertRecord) -> (Int, Int, Int, String) {
            (alert.phase == .firing ? 0 : 1, -alert.severity.stored, alert.position, alert.key)
        }
        return alerts.values.filter { $0.phase == .firing || $0.isFlapping || $0.firedAt.map { $0 >= start } ?? false }
            .sorted { place($0) < place($1) }
    }

    /// Whether all that fails follows from incidents upstream, and no route was told of it.
    public var isMuted: Bool {
        let firing = alerts.values.filter { $0.phase == .firing }
        return !firing.isEmpty && firing.allSatisfy { $0.mutedBy != nil && $0.tellings.isEmpty }
    }
}

extension SubjectRecord {
    /// Whether its incident is more urgent than another one: what nobody has taken on, then what somebody is on, what is muted, snoozed,
    /// over; the most severe first, and the newest of these.
    public func comesBefore(_ other: SubjectRecord) -> Bool {
        guard let mine = incident, let its = other.incident else { return incident != nil && other.incident == nil }
        func place(_ record: SubjectRecord, _ incident: IncidentRecord) -> (Int, Int, Int64) {
            (record.urgency, -incident.severity.stored, -incident.openedAt)
        }
        let (left, right) = (place(self, mine), place(other, its))
        return left == right ? mine.id > its.id : left < right
    }

    private var urgency: Int {
        guard let incident, incident.isOpen else { return 4 }
        if incident.snooze != nil { return 3 }
        if incident.acknowledgement != nil { return 1 }
        return isMuted ? 2 : 0
    }
}

extension Ledger {
    /// Incidents that are open, or over without everybody having been told, as `SubjectRecord.comesBefore` orders them; of an asset where one
    /// is named.
    ///
    /// No more than `limit`, each with no more than `alerts` of its alerts; costs a look at all alerts of each of these.
    public func incidentListings(
        ofAsset asset: String? = nil, limit: Int, alerts: Int
    ) throws(LedgerError) -> [IncidentListing] {
        try read { db in
            try IncidentReads.listings(
                db,
                where: """
                    settled = 0 AND (:asset IS NULL OR asset = :asset)
                    ORDER BY \(IncidentReads.urgency), incidents.severity DESC, opened_at DESC, id DESC LIMIT :limit
                    """,
                ["asset": asset, "limit": limit], alerts: alerts)
        }
    }

    /// An incident by its id; `nil` where there is none.
    public func incidentListing(_ id: String, alerts: Int) throws(LedgerError) -> IncidentListing? {
        try read { db in try IncidentReads.listings(db, where: "id = :id", ["id": id], alerts: alerts).first }
    }

    /// An incident's alerts, in the order of its listing, behind the first so many; `nil` where there is no such incident.
    public func alerts(ofIncident id: String, after count: Int, limit: Int) throws(LedgerError) -> [AlertRecord]? {
        try read { db in
            let find = "SELECT subject, opened_at FROM incidents WHERE id = ?"
            guard let row = try Row.fetchOne(db, sql: find, arguments: [id]) else { return nil }
            return try IncidentReads.alerts(db, of: row, after: count, limit: limit)
        }
    }

    /// How many incidents are open, or over without everybody having been told, by severity.
    public func unsettledIncidentCounts() throws(LedgerError) -> [Severity: Int] {
        try read { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT severity, count(*) AS count FROM incidents WHERE settled = 0 GROUP BY severity")
            return Dictionary(rows.map { (Severity(stored: $0["severity"]), $0["count"] as Int) }, uniquingKeysWith: +)
        }
    }
}

private enum IncidentReads {
    /// As `SubjectRecord.urgency` has it.
    static let urgency = """
        CASE WHEN closed_at IS NOT NULL THEN 4 WHEN snoozed_by IS NOT NULL THEN 3 WHEN acknowledged_by IS NOT NULL THEN 1
        WHEN EXISTS (SELECT 1 FROM alerts WHERE alerts.subject = incidents.subject AND phase = 'firing') AND NOT EXISTS (
            SELECT 1 FROM alerts WHERE alerts.subject = incidents.subject AND phase = 'firing' AND (
                muted_by IS NULL OR EXISTS (SELECT 1 FROM alert_tellings WHERE alert = alerts.number))) THEN 2
        ELSE 0 END
        """

    /// As `SubjectRecord.incidentAlerts` has it.
    private static let ofIncident = "subject = :subject AND (phase = 'firing' OR flapping <> 0 OR fired_at >= :opened)"

    static func listings(
        _ db: Database, where condition: String, _ arguments: StatementArguments, alerts: Int
    ) throws -> [IncidentListing] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT incidents.*, asset, suite FROM incidents
                JOIN alert_subjects ON alert_subjects.number = subject WHERE \(condition)
                """, arguments: arguments
        ).map { try listing(db, $0, alerts: alerts) }
    }

    static func alerts(_ db: Database, of incident: Row, after count: Int, limit: Int) throws -> [AlertRecord] {
        try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT * FROM alerts WHERE \(ofIncident)
                    ORDER BY phase = 'firing' DESC, severity DESC, position, key LIMIT :limit OFFSET :count
                    """),
            arguments: [
                "subject": incident["subject"], "opened": incident["opened_at"], "limit": limit, "count": count,
            ]
        ).map { AlertRecord($0) }
    }

    private static func listing(_ db: Database, _ row: Row, alerts: Int) throws -> IncidentListing {
        let counts = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT count(*) AS alerts, sum(phase = 'firing') AS firing,
                        sum(phase = 'firing' AND (
                            muted_by IS NULL OR EXISTS (SELECT 1 FROM alert_tellings WHERE alert = number))) AS loud,
                        sum(flapping <> 0) AS flapping,
                        max(muted_by) AS cause
                    FROM alerts WHERE \(ofIncident)
                    """), arguments: ["subject": row["subject"], "opened": row["opened_at"]])
        func count(_ name: String) -> Int { counts?[name] ?? 0 }
        let cause: String? = counts?["cause"]
        return IncidentListing(
            incident: try AlertRows.incident(db, row, AlertSubject(asset: row["asset"], suite: row["suite"])),
            alerts: try Self.alerts(db, of: row, after: 0, limit: alerts), alertCount: count("alerts"),
            isMuted: count("firing") > 0 && count("loud") == 0, isFlapping: count("flapping") > 0,
            cause: try cause.map { IncidentListing.Cause(incident: $0, asset: try asset(db, ofIncident: $0)) })
    }

    private static func asset(_ db: Database, ofIncident id: String) throws -> String? {
        try String.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT asset FROM incidents JOIN alert_subjects ON alert_subjects.number = subject WHERE id = ?
                    """), arguments: [id])
    }
}
