import Expectations
import Formats
import Foundation
import Scan
import Statistics
import Suites
import Synchronization
import Tables

/// The clock of the tests: 2024-07-01T12:00:00Z.
let noon: Int64 = 1_719_835_200_000_000

/// The expectations of a suite that is written down in YAML, without its first line.
func expectations(_ yaml: String) throws(SuiteProblems) -> [Expectation] {
    try Suite.parse(text: "suite: test\n\(yaml)", file: "test.yaml").expectations
}

/// A scan of files.
func scan(
    _ paths: [String], _ expectations: [Expectation], threads: Int = 2, chunkBytes: Int = 1 << 20,
    batchCells: Int = 1 << 20,
    header: CSVOptions.Header = .present,
    declared: [ColumnName: LogicalType] = [:], memory: MemoryBudget = .unlimited
) async throws -> ScanReport {
    var options = CSVOptions()
    (options.chunkBytes, options.header, options.declaredTypes) = (chunkBytes, header, declared)
    options.batchCells = batchCells
    return await Scanner(threads: threads, memory: memory).judge(
        expectations, source: try CSVSource(paths, options: options), now: noon)
}

extension ScanReport {
    /// All that a report says, line by line; how often the data was read is left out.
    var lines: [String] {
        var lines = ["\(rowCount) rows, \(byteCount) bytes, failure \(failure.map { "\($0)" } ?? "none")"]
        lines += schema.fields.map { "\($0.name): \($0.type)" }
        lines += files.map { "\($0.name): \($0.rowCount) rows" }
        lines += metrics.map { "\($0.name) of \($0.column ?? "the table") where \($0.condition ?? "any"): \($0.value)" }
        for result in results {
            let rows = result.rows.map { "\($0.elementCount) \($0.missingCount) \($0.unexpectedCount)" } ?? "-"
            lines.append(
                "\(result.expectation.type) \(result.expectation.columns) \(result.outcome) \(result.success) \(result.severity) \(rows) "
                    + "\(result.observedValue?.text() ?? "-") \(JSON.object(result.details).text()) \(result.sentence)")
            lines += result.unexpectedRows.map { "    \($0)" }
            lines += result.unexpectedCounts?.map { "    \($0)" } ?? ["    too many to count"]
        }
        return lines
    }

    /// Outcomes, and why where there was nothing to check or to decide.
    var outcomes: [String] {
        results.map { result in
            switch result.outcome {
            case .passed: "passed"
            case .failed: "failed"
            case .vacuous(let reason): "vacuous: \(reason)"
            case .errored(let reason): "errored: \(reason)"
            }
        }
    }
}

/// Collects progress from any thread.
final class Progress: Sendable {
    private let reports = Mutex<[ScanProgress]>([])

    var all: [ScanProgress] { reports.withLock { $0 } }

    func add(_ progress: ScanProgress) { reports.withLock { $0.append(progress) } }
}
