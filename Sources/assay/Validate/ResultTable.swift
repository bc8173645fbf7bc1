import Expectations
import Foundation
import Ledger
import Reports
import Suites
import Tables

/// The results of runs as a table for a terminal.
struct ResultTable: RunRenderer {
    let paint: Paint
    /// Whether expectations that passed get a line of their own.
    let listsPassed: Bool

    func write(_ report: RunReport, to sink: @escaping ([UInt8]) -> Void) {
        let runs = report.sections.map { text($0.run, report.values) }
        sink(Array((runs.joined(separator: "\n") + "\n").utf8))
    }

    private func text(_ run: RunResult, _ values: ValueDisplay) -> String {
        var lines = [head(run)]
        if let failure = run.failure {
            lines.append(
                "  \(paint.magenta("could not be read:")) \(Diagnostics.neutral(failure.message)) [\(failure.code)]")
            if let hint = failure.hint { lines.append("    hint: \(hint)") }
        }
        let sorted = run.results.enumerated().sorted { left, right in
            (Self.rank(left.element), left.offset) < (Self.rank(right.element), right.offset)
        }
        let shown = run.results.filter { listsPassed || $0.outcome != .passed }
        let width = shown.map { subject($0).count }.filter { $0 <= 28 }.max() ?? 0
        for (_, whole) in sorted where listsPassed || whole.outcome != .passed {
            let result = values.apply(to: whole, personal: run.personalColumns)
            let name = subject(result)
            let padding = String(repeating: " ", count: max(0, width - name.count))
            lines.append("  \(mark(result)) \(paint.bold(name))\(padding)  \(Diagnostics.neutral(result.sentence))")
            if let unread = unread(result) { lines.append(paint.dim("             \(unread)")) }
            if let example = example(result) { lines.append(paint.dim("             \(example)")) }
        }
        lines.append(foot(run))
        return lines.joined(separator: "\n") + "\n"
    }

    private func head(_ run: RunResult) -> String {
        let version = run.tableVersion.map { ", version \($0.number)" } ?? ""
        let files = Wording.count(run.files.count, "file")
        let size = ProgressLine.bytes(Double(run.byteCount))
        let seconds = Wording.number((run.durationSeconds * 1_000).rounded() / 1_000)
        return
            "\(paint.bold(run.suite)) on \(run.asset)\(version): \(Wording.count(run.rowCount, "row")) in \(files), \(size), \(seconds) s"
    }

    private func foot(_ run: RunResult) -> String {
        let statistics = run.statistics
        // Vacuous ones that `on_empty` makes failures.
        let empty = run.results.reduce(0) { count, result in
            if case .vacuous = result.outcome, !result.success { count + 1 } else { count }
        }
        let parts = [
            (statistics.failed + empty, "failed", paint.red),
            (statistics.errored, "could not be decided", paint.magenta),
            (statistics.vacuous - empty, "had nothing to check", paint.yellow),
            (statistics.passed, "passed", paint.green),
        ].filter { $0.0 > 0 }
        let counts = parts.map { count, word, color in color("\(Wording.count(count)) \(word)") }
        return "  \(Wording.count(statistics.evaluated, "expectation")): "
            + (counts.isEmpty ? "nothing was checked" : counts.joined(separator: ", "))
    }

    private func subject(_ result: ExpectationResult) -> String {
        let columns = result.expectation.columns
        return columns.isEmpty ? "table" : Diagnostics.neutral(columns.joined(separator: ", "))
    }

    private func mark(_ result: ExpectationResult) -> String {
        switch result.outcome {
        case .passed: paint.green("✓ passed  ")
        case .failed:
            result.severity == .critical
                ? paint.red("✗ critical") : paint.yellow(result.severity == .warning ? "✗ warning " : "✗ info    ")
        case .vacuous:
            result.success
                ? paint.yellow("○ vacuous ")
                : (result.severity == .critical ? paint.red("✗ critical") : paint.yellow("✗ \(result.severity)"))
        case .errored: paint.magenta("! errored ")
        }
    }

    /// That part of the verdict rests on what files say of themselves.
    private func unread(_ result: ExpectationResult) -> String? {
        result.rowsFromStatistics.map {
            "by the files' statistics for \(Wording.count($0, "row")), which were not read"
        }
    }

    /// The first failing rows.
    private func example(_ result: ExpectationResult) -> String? {
        guard result.outcome == .failed, !result.unexpectedRows.isEmpty else { return nil }
        let rows = Array(result.unexpectedRows.prefix(3))
        let isOneFile = rows.allSatisfy { $0.partition == rows.first?.partition }
        let shown = rows.map { row in
            let values = row.values.map { Self.shown($0.value) }
            let value = values.isEmpty ? "" : ": \(values.joined(separator: ", "))"
            return "row \(row.row)\(isOneFile ? "" : " of \(row.partition)")\(value)"
        }
        let place = isOneFile ? rows.first.map { " in \($0.partition)" } ?? "" : ""
        return "\(shown.joined(separator: "; "))\(place)"
    }

    /// As it is, digit by digit: numbers of rows are looked up, not read out.
    ///
    /// Texts stand in quotes.
    private static func shown(_ value: Value) -> String {
        if case .text = value { return Diagnostics.neutral(Wording.value(value)) }
        return value.description
    }

    private static func rank(_ result: ExpectationResult) -> Int {
        switch result.outcome {
        case .failed: 2 - (Severity.allCases.firstIndex(of: result.severity) ?? 0)
        case .errored: 3
        case .vacuous: 4
        case .passed: 5
        }
    }
}
