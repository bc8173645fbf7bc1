import Expectations
import Foundation
import Tables

/// Runs to be told of.
enum LineageSamples {
    static let noon: Int64 = 1_793_534_400_000_000

    static func result(
        _ type: String, columns: [String], severity: Severity = .critical, success: Bool = true, id: String? = nil
    ) -> ExpectationResult {
        ExpectationResult(
            expectation: ExpectationSummary(
                type: type, arguments: [], columns: columns, severity: severity, id: id, location: nil,
                fingerprint: type + columns.joined(), description: nil),
            outcome: success ? .passed : .failed, success: success, severity: severity, rows: nil,
            observedValue: .string("secret@example.com"),
            unexpectedRows: [
                UnexpectedRow(
                    values: [.init(column: "email", value: .text("secret@example.com"))], index: [], partition: "a.csv",
                    row: 1, byteOffset: nil)
            ],
            unexpectedCounts: [], details: [], sentence: "secret@example.com is no address", discreetSentence: nil)
    }

    static let metrics = {
        let number = { (name: String, column: String?, value: Double) in
            MetricReading(name: name, column: column, condition: nil, value: value)
        }
        return [
            number("missing_count", "age", 1), number("distinct_count", "age", 3), number("min", "age", 1.5),
            number("max", "age", 90), number("sum", "age", .infinity), number("mean", "age", 40),
            number("missing_count", "email", 2), number("min", "email", 1), number("min", "at", 1.7e15),
            number("row_count", nil, 4),
            MetricReading(name: "max", column: "id", condition: "id > 1", value: 9),
            number("duplicate_count", "id,email", 0),
        ]
    }()

    static func run(
        _ id: String = "run-1", failure: RunFailure? = nil, metrics: [MetricReading] = metrics
    ) -> RunResult {
        let schema = Schema([
            Field("id", .int64, isNullable: false), Field("email", .string), Field("age", .float64),
            Field("at", .timestamp), Field("place", .structure([Field("city", .string)])),
            Field("tags", .list(.string)),
        ])
        return RunResult(
            id: id, suite: "customers", asset: "silver.customers", startedAt: noon, durationSeconds: 2.5,
            engineVersion: "1.2.3", suiteFingerprint: "s", dataFingerprint: "d",
            schema: failure == nil ? schema : Schema([]),
            files: [FileResult(name: "a.csv", byteCount: 120, modified: nil, rowCount: 4)],
            tableVersion: failure == nil ? TableVersion(number: 7, committed: noon) : nil, rowCount: 4, byteCount: 120,
            results: failure == nil
                ? [
                    result("expect_column_values_to_not_be_null", columns: ["id"], id: "ids"),
                    result(
                        "expect_column_values_to_match_regex", columns: ["email"], severity: .warning, success: false),
                    result("expect_table_row_count_to_be_between", columns: [], severity: .info),
                    result("expect_compound_columns_to_be_unique", columns: ["id", "email"]),
                ] : [],
            metrics: metrics,
            failure: failure, personalColumns: ["email"])
    }
}
