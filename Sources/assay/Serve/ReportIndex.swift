import Ledger
import Reports
import Synchronization

/// The index of the reports' folder, for whoever reads it without the service.
final class ReportIndex: Sendable {
    private let folder: String
    private let ledger: Ledger
    private let clock: @Sendable () -> Int64
    /// The latest run that the index has.
    private let latest = Mutex<String?>(nil)

    init(_ folder: String, of ledger: Ledger, clock: @escaping @Sendable () -> Int64) {
        self.folder = folder
        self.ledger = ledger
        self.clock = clock
    }

    /// Writes it where there is a run that it lacks; gives a complaint where that fails.
    func update() -> String? {
        let now = clock()
        guard let run = try? ledger.latestRuns(limit: 1, now: now).first else { return nil }
        let isNew = latest.withLock { latest in
            defer { latest = run.id }
            return latest != run.id
        }
        guard isNew else { return nil }
        do {
            try ReportDirectory(folder).writeIndex(of: ledger, now: now)
            return nil
        } catch {
            return (error as? ReportError)?.summary ?? (error as? LedgerError)?.summary ?? "\(error)"
        }
    }
}
