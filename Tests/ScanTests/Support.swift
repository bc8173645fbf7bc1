import Expectations
import Formats
import Foundation
import Scan
import Statistics
import Suites
import Synchronization
import Tables

/// SplitMix64: the same numbers from the same seed, on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &self)]
    }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}

/// A directory of a test's own, gone with it.
final class Scratch: Sendable {
    let directory: URL

    init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("scan-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    /// Writes a file and gives its path.
    func file(_ text: String, _ name: String = "t.csv") throws -> String {
        let url = directory.appendingPathComponent(name)
        try Data(text.utf8).write(to: url)
        return url.path
    }

    /// The path of a file in it.
    func path(_ name: String) -> String { directory.appendingPathComponent(name).path }

    /// A text with the directory taken out.
    func line(_ text: String) -> String { text.replacingOccurrences(of: directory.path + "/", with: "") }
}

/// The clock of the tests: 2024-07-01T12:00:00Z.
let noon: Int64 = 1_719_835_200_000_000

/// The expectations of a suite that is written down in YAML, without its first line.
func expectations(_ yaml: String) throws(SuiteProblems) -> [Expectation] {
    try Suite.parse(text: "suite: test\n\(yaml)", file: "test.yaml").expectations
}

/// A scan of files.
func scan(
    _ paths: [String], _ expectations: [Expectation], threads: Int = 2, chunkBytes: Int = 1 << 20,
    header: CSVOptions.Header = .present,
    declared: [String: LogicalType] = [:], memory: MemoryBudget = .unlimited
) async throws -> ScanReport {
    var options = CSVOptions()
    (options.chunkBytes, options.header, options.declaredTypes) = (chunkBytes, header, declared)
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
