public import Ledger
import Synchronization

/// The index of the reports' folder kept up to date, for whoever reads it without the service.
public final class ReportIndex: Sendable {
    private let folder: String
    private let ledger: Ledger
    private let clock: @Sendable () -> Int64
    /// The latest run that the index has.
    private let latest = Mutex<String?>(nil)

    /// `clock` gives microseconds since 1970.
    public init(_ folder: String, of ledger: Ledger, clock: @escaping @Sendable () -> Int64) {
        self.folder = folder
        self.ledger = ledger
        self.clock = clock
    }

    /// Writes it where there is a run that it lacks; gives a complaint where that fails, and writes it the next time.
    public func update() -> String? {
        let now = clock()
        guard let run = try? ledger.latestRuns(limit: 1, now: now).first else { return nil }
        guard latest.withLock({ $0 }) != run.id else { return nil }
        do {
            try ReportDirectory(folder).writeIndex(of: ledger, now: now)
            latest.withLock { $0 = run.id }
            return nil
        } catch {
            return (error as? ReportError)?.summary ?? (error as? LedgerError)?.summary ?? "\(error)"
        }
    }
}
