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
    func isDeclared(_ thing: Declaration, at now: Int64) throws -> Bool
}

extension LedgerTransaction: AlertStore {}

/// The other subjects of a store, as a step asks for them.
struct StoredSurroundings: AlertSurroundings {
    let store: any AlertStore
    let lineage: Lineage

    func causes(of asset: String, at now: Int64) throws -> [AlertCause] {
        try lineage.ancestors(of: asset).flatMap { ancestor in
            try store.unsettledAlertSubjects(ofAsset: ancestor).compactMap { AlertCause($0, at: now) }
        }
    }

    func hasFollowers(_ asset: String) -> Bool { lineage.hasFollowers(asset) }

    func closing(ofIncident id: String) throws -> Int64? { try store.closing(ofIncident: id) }

    func assets(mutedBy incident: String) throws -> [String] { try store.assets(mutedBy: incident) }
}
