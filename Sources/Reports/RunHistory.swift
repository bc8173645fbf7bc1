public import Expectations
public import Ledger
import Tables

/// What the ledger knows around a run: the one before, how long failures last, and the latest runs.
public struct RunHistory: Sendable {
    public let previous: PreviousRun?
    /// By fingerprint: the first run of the unbroken series of failures.
    public let failingSince: [String: RunReference]
    /// Of the same suite over the same asset, newest first; the run itself may be among them.
    public let recent: [StoredRun]

    public init(previous: PreviousRun?, failingSince: [String: RunReference] = [:], recent: [StoredRun] = []) {
        self.previous = previous
        self.failingSince = failingSince
        self.recent = recent
    }

    /// Nothing is known: a first run, or no ledger.
    public static let none = RunHistory(previous: nil)

    /// Reads what a ledger has on a run, which may be recorded already or not; what was dated later doesn't count.
    public init(of run: RunResult, in ledger: Ledger, recent: Int = 30) throws(LedgerError) {
        previous = try ledger.previousRun(before: run)
        failingSince = try ledger.failingSince(
            in: Validation(suite: run.suite, asset: run.asset), through: run.startedAt)
        self.recent = try ledger.runs(
            matching: RunFilter(suite: run.suite, asset: run.asset, until: run.startedAt.addingClamped(1)),
            limit: recent)
    }
}
