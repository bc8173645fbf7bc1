import Expectations
import Formats
import Foundation
import Scan
import Statistics
import Suites
import Tables

/// Runs jobs: opens the files, scans, and puts together what becomes of it.
struct Runner {
    let threads: Int
    /// Microseconds since 1970-01-01T00:00:00Z.
    let now: Int64
    /// Where the last schema of an asset is asked for.
    let store: Store
    let memory: MemoryBudget
    let usesStatistics: Bool
    let showsProgress: Bool
    /// How a job's data is opened.
    var open: @Sendable (Job) throws(SourceError) -> any BatchSource = { job throws(SourceError) in try job.open() }

    /// Runs a job.
    ///
    /// Data that can't be read makes a run that could not be decided, not an error.
    func run(_ job: Job, id: String) async -> RunResult {
        let began = ContinuousClock.now
        let line = ProgressLine(job.suite.name, isShown: showsProgress)
        let scanner = Scanner(threads: threads, memory: memory, usesStatistics: usesStatistics) { line.show($0) }
        let report: ScanReport
        do throws(SourceError) {
            let source = try open(job)
            report = await scanner.judge(
                job.suite.expectations, source: source, now: now,
                previousSchema: store.previousSchema(ofAsset: job.asset))
        } catch {
            report = ScanReport(job.suite.expectations, unreadable: error)
        }
        line.clear()
        let elapsed = began.duration(to: .now).components
        return RunResult(
            id: id, suite: job.suite.name, asset: job.asset, startedAt: now,
            durationSeconds: Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18,
            engineVersion: Version.current, suiteFingerprint: job.suite.fingerprint,
            dataFingerprint: Self.fingerprint(report.files), schema: report.schema, files: report.files,
            tableVersion: report.tableVersion, rowCount: report.rowCount, byteCount: report.byteCount,
            results: report.results, metrics: report.metrics,
            failure: report.failure, personalColumns: job.personalColumns)
    }

    /// Of the files' names, sizes and modification times: the same for data that nobody touched.
    private static func fingerprint(_ files: [FileResult]) -> String {
        let parts = files.map { file in
            let size = file.byteCount.map { String($0) } ?? "-"
            let modified = file.modified.map { String($0) } ?? "-"
            return "\(file.name)\u{1F}\(size)\u{1F}\(modified)"
        }
        return Hash128(parts.joined(separator: "\u{1E}")).hexadecimal
    }
}
