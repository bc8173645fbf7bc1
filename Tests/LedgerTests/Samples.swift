import Expectations
import Foundation
import Tables
import TestSupport

/// Runs to be recorded, made as small as a test allows.
enum Samples {
    static let schema = Schema([Field("id", .int64, isNullable: false), Field("email", .string)])

    static func run(
        _ id: String, suite: String = "orders", asset: String = "silver.orders", at startedAt: Int64 = 0,
        results: [ExpectationResult] = [result()], metrics: [MetricReading] = [], schema: Schema = schema,
        failure: RunFailure? = nil, personal: Set<String> = []
    ) -> RunResult {
        RunResult(
            id: id, suite: suite, asset: asset, startedAt: startedAt, durationSeconds: 0.25, engineVersion: "0.1.0",
            suiteFingerprint: "suite-1", dataFingerprint: "data-1", schema: schema,
            files: [FileResult(name: "orders.csv", byteCount: 120, modified: 7, rowCount: 4)], rowCount: 4,
            byteCount: 120,
            results: results, metrics: metrics, failure: failure, personalColumns: personal)
    }

    static func result(
        _ fingerprint: String = "e1", outcome: Outcome = .passed, success: Bool? = nil, rows: RowCounts? = nil,
        observed: JSON? = nil, type: String = "expect_column_values_to_not_be_null", unexpected: UnexpectedRows = [],
        counts: [UnexpectedCount]? = [], details: [JSON.Member] = [], sentence: String = "every email is present",
        discreet: String? = nil
    ) -> ExpectationResult {
        ExpectationResult(
            expectation: ExpectationSummary(
                type: type,
                arguments: [JSON.Member("column", .string("email")), JSON.Member("mostly", .number("0.90"))],
                columns: ["email"], severity: .critical, id: "emails",
                location: SourceMark(file: "orders.yaml", line: 7, column: 3), fingerprint: fingerprint,
                description: "customers can be reached"),
            outcome: outcome, success: success ?? (outcome == .passed), severity: .critical, rows: rows,
            observedValue: observed, unexpectedRows: unexpected, unexpectedCounts: counts, details: details,
            sentence: sentence, discreetSentence: discreet)
    }

    static func failing(email: String, row: Int = 2) -> ExpectationResult {
        let cells = [UnexpectedRow.Cell(column: "email", value: .text(email))]
        return result(
            "e2", outcome: .failed, rows: RowCounts(elementCount: 4, missingCount: 1, unexpectedCount: 1),
            type: "expect_column_values_to_match_regex",
            unexpected: [
                UnexpectedRow(
                    values: cells, index: [UnexpectedRow.Cell(column: "id", value: .integer(17))],
                    partition: "orders.csv", row: row, byteOffset: 40)
            ],
            counts: [UnexpectedCount(values: cells, count: 1)], sentence: "1 of 3 emails is no address")
    }
}

/// The `sqlite3` program as another process, spoken to through a pipe.
final class OtherProcess {
    static let tool = ["/usr/bin/sqlite3", "/usr/local/bin/sqlite3", "/opt/homebrew/bin/sqlite3"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    init(_ path: String) throws {
        process.executableURL = URL(fileURLWithPath: Self.tool ?? "sqlite3")
        process.arguments = ["-batch", path]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    /// Has statements executed, and waits until they are.
    @discardableResult
    func execute(_ sql: String) throws -> String {
        try input.fileHandleForWriting.write(contentsOf: Data("\(sql)\n.print done\n".utf8))
        var text = ""
        while !text.hasSuffix("done\n") {
            let data = output.fileHandleForReading.arrived()
            guard !data.isEmpty else { return text }
            text += String(decoding: data, as: UTF8.self)
        }
        return String(text.dropLast(5)).trimmingCharacters(in: .newlines)
    }

    func kill() {
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    func finish() throws {
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}

extension Scratch {
    /// Where a test's ledger is.
    func path() -> String { path("assay.db") }
}
