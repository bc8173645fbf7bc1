import Alerts
import Expectations
import Foundation
import Ledger
import Reports
import Scan
import Statistics
import Suites
import Tables

/// Runs a project's validations for the service, and makes what is kept of each.
struct ValidationDesk: Sendable {
    let project: Project
    let ledger: Ledger
    let threads: Int
    let memory: MemoryBudget

    /// A run, and the name of its report's file where one was written.
    struct Judged: Sendable {
        let run: RunResult
        let report: String?
        /// Why there is no report though there should be one.
        let complaint: String?
    }

    /// Judges the data of a validation; cancelling ends the reading, and throws then.
    ///
    /// A run that could not be decided has a report only where it is the last attempt. Only regular files are read: a pipe or a device may never
    /// come to an end. May block its thread.
    func judge(
        _ validation: Project.Validation, id: String, at now: Int64, isLast: Bool
    ) async throws(CancellationError) -> Judged {
        guard let suite = project.suite(named: validation.suite), let asset = project.asset(named: validation.asset)
        else { preconditionFailure("a project's validations have their suites and assets") }
        let runner = Runner(
            threads: threads, now: now, store: Store(ledger), memory: memory, usesStatistics: true,
            showsProgress: false
        ) { job throws(SourceError) in
            if let irregularity = job.data.irregularity { throw irregularity }
            return try job.open()
        }
        let job: Job
        do throws(SuiteProblems) { job = try Job(suite: suite, asset: asset, of: project) } catch {
            let message = error.errors.first?.message ?? "the suites of the asset don't go together"
            return undecided(validation, id: id, at: now, .conflictingTypes(message))
        }
        let run = await runner.run(job, id: id)
        guard !Task.isCancelled else { throw CancellationError() }
        return run.failure == nil || isLast ? keep(run) : Judged(run: run, report: nil, complaint: nil)
    }

    /// A run that nobody could begin, or that was ended before its time.
    func undecided(_ validation: Project.Validation, id: String, at now: Int64, _ failure: RunFailure) -> Judged {
        keep(
            RunResult(
                id: id, suite: validation.suite, asset: validation.asset, startedAt: now, durationSeconds: 0,
                engineVersion: Version.current,
                suiteFingerprint: project.suite(named: validation.suite)?.fingerprint ?? "", dataFingerprint: "",
                schema: Schema([]), files: [], tableVersion: nil, rowCount: 0, byteCount: 0, results: [], metrics: [],
                failure: failure, personalColumns: []))
    }

    private func keep(_ run: RunResult) -> Judged {
        guard isTold(run) else { return Judged(run: run, report: nil, complaint: nil) }
        let name = ReportDirectory.name(startedAt: run.startedAt, runID: run.id)
        let values = ValueDisplay(rawValue: project.reportedValues.rawValue) ?? .masked
        do {
            let page = try RunReport([run], from: ledger, values: values).html()
            try ReportDirectory(project.reports).write(page, as: name)
            return Judged(run: run, report: name, complaint: nil)
        } catch let error as ReportError {
            return Judged(run: run, report: nil, complaint: error.summary)
        } catch let error as LedgerError {
            return Judged(run: run, report: nil, complaint: error.summary)
        } catch {
            return Judged(run: run, report: nil, complaint: "\(error)")
        }
    }

    /// Whether a run gets a file among the reports: what was no success, and the first success after it.
    private func isTold(_ run: RunResult) -> Bool {
        guard run.success else { return true }
        let earlier = RunFilter(suite: run.suite, asset: run.asset, until: run.startedAt)
        let before = try? ledger.runs(matching: earlier, limit: 1).first
        return before?.success == false
    }
}
