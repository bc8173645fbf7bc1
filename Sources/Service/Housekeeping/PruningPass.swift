import Foundation
public import Ledger
public import Reports
public import Suites

/// Removes what a project's `retention` no longer wants: first from the ledger, then the reports that it no longer names.
///
/// In this order a crash in between leaves files that nobody names, which the next pass removes.
public struct PruningPass: Sendable {
    public struct Outcome: Sendable, Hashable {
        public var ledger = Pruned()
        public var reports = PrunedReports()

        public init() {}

        public var isNothing: Bool { ledger.rows == 0 && reports.files == 0 }
    }

    private let retention: ServiceDefinition.Retention
    private let reports: String

    /// `reports` is the folder of reports; it needn't be there.
    public init(retention: ServiceDefinition.Retention, reports: String) {
        self.retention = retention
        self.reports = reports
    }

    /// Errors are those of `Ledger.prune` and `ReportDirectory.prune`, and what `pause` throws, which is called between two transactions.
    public func run(
        _ ledger: Ledger, now: Int64, pause: (Pruned) throws -> Void = { _ in }
    ) throws -> Outcome {
        var outcome = Outcome()
        outcome.ledger = try ledger.prune(plan(now), pause: pause)
        if outcome.ledger.rows > 0 { try ledger.checkpoint() }
        if let before = plan(now).reportsBefore, let folder = try folder() {
            outcome.reports = try folder.prune(before: before, keptBy: ledger, now: now)
        }
        return outcome
    }

    /// What `run` would remove.
    public func preview(_ ledger: Ledger, now: Int64) throws -> Outcome {
        var outcome = Outcome()
        outcome.ledger = try ledger.wouldPrune(plan(now))
        if let before = plan(now).reportsBefore, let folder = try folder() {
            outcome.reports = try folder.prune(before: before, keptBy: ledger, isDry: true, now: now)
        }
        return outcome
    }

    private func plan(_ now: Int64) -> PruningPlan {
        PruningPlan(
            resultsBefore: retention.results.map { now - $0 }, samplesBefore: retention.samples.map { now - $0 },
            reportsBefore: retention.reports.map { now - $0 })
    }

    private func folder() throws -> ReportDirectory? {
        FileManager.default.fileExists(atPath: reports) ? try ReportDirectory(reports) : nil
    }
}
