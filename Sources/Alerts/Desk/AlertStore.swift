import Ledger
import Suites
import Tables

/// Where alerts are remembered and messages put: the ledger, within a transaction.
protocol AlertStore {
    func alertSubject(_ subject: AlertSubject) throws -> SubjectRecord?
    func alertsHaveTaken(_ run: String, of subject: AlertSubject) throws -> Bool
    func saveAlerts(_ record: SubjectRecord, replacing old: SubjectRecord?, run: String?) throws
    func append(_ event: AlertEvent) throws
    func enqueue(_ entry: OutboxEntry) throws

    func unsettledAlertRevisions() throws -> [SubjectRevision]
    func unsettledAlertSubjects(ofAsset asset: String) throws -> [SubjectRecord]
    func incidents(withPrefix prefix: String) throws -> [IncidentRecord]
    func closing(ofIncident id: String) throws -> Int64?
    func assets(mutedBy incident: String) throws -> [String]
    /// Routes that could be delivered nothing of an incident: all that was sent to them is given up.
    func routes(unreachedOfIncident id: String) throws -> Set<String>
    /// Keys of those whom a route was sent messages of an incident.
    func receivers(of route: String, incident: String) throws -> Set<String>
    /// Has a route's messages of an incident be those of another one.
    func rename(route: String, to name: String, incident: String) throws
    func isDeclared(_ thing: Declaration, at now: Int64) throws -> Bool
}

extension LedgerTransaction: AlertStore {}

/// The other subjects of a store, as a step asks for them.
struct StoredSurroundings: AlertSurroundings {
    let store: any AlertStore
    let lineage: Lineage
    let setting: AlertSetting

    func causes(of asset: String, at now: Int64) throws -> [AlertCause] {
        try lineage.ancestors(of: asset).flatMap { ancestor in
            let isInMaintenance = setting.maintenance(ancestor, now) != nil
            return try store.unsettledAlertSubjects(ofAsset: ancestor).compactMap { record in
                let unheard = try record.incident.map { try store.routes(unreachedOfIncident: $0.id) } ?? []
                return AlertCause(record, unheard: unheard, isInMaintenance: isInMaintenance, at: now)
            }
        }
    }

    func hasFollowers(_ asset: String) -> Bool { lineage.hasFollowers(asset) }

    func closing(ofIncident id: String) throws -> Int64? { try store.closing(ofIncident: id) }

    func assets(mutedBy incident: String) throws -> [String] { try store.assets(mutedBy: incident) }

    func receivers(of route: String, incident: String, at now: Int64) throws -> Set<String> {
        let keys = try store.receivers(of: route, incident: incident)
        let isElsewhere = try keys.contains { try store.isDeclared(.receiver(route: route, key: $0), at: now) }
        return isElsewhere ? [] : keys
    }
}
