import Expectations
import Foundation
import Ledger
import Reports
import Tables

/// A run as an analyst meets it: some of everything.
enum Samples {
    static let noon: Int64 = 1_793_534_400_000_000
    static let hour: Int64 = 3_600_000_000

    static func run(
        _ id: String = "run-7", suite: String = "silver_events", asset: String = "silver.events",
        at startedAt: Int64 = noon,
        results: [ExpectationResult], rowCount: Int = 48_211, files: Int = 2, failure: RunFailure? = nil,
        personal: Set<String> = [], suiteFingerprint: String = "5e0c7d1f", dataFingerprint: String = "a91b44c2"
    ) -> RunResult {
        RunResult(
            id: id, suite: suite, asset: asset, startedAt: startedAt, durationSeconds: 3.42, engineVersion: "0.1.0",
            suiteFingerprint: suiteFingerprint, dataFingerprint: dataFingerprint,
            schema: failure == nil ? Schema([Field("event_id", .string)]) : Schema([]),
            files: (0..<files).map {
                FileResult(
                    name: "data/events-\($0 + 1).csv", byteCount: 6_310_000, modified: noon - hour,
                    rowCount: rowCount / files)
            },
            rowCount: rowCount, byteCount: 12_620_000, results: results, metrics: [], failure: failure,
            personalColumns: personal)
    }

    static func result(
        _ fingerprint: String, _ type: String = "expect_column_values_to_not_be_null", columns: [String] = ["event_id"],
        outcome: Outcome = .passed, success: Bool? = nil, severity: Severity = .critical, rows: RowCounts? = nil,
        observed: JSON? = nil, unexpected: [UnexpectedRow] = [], counts: [UnexpectedCount]? = [],
        details: [JSON.Member] = [], format: ResultFormat = ResultFormat(), description: String? = nil,
        sentence: String,
        discreet: String? = nil
    ) -> ExpectationResult {
        ExpectationResult(
            expectation: ExpectationSummary(
                type: type,
                arguments: columns.first.map { [JSON.Member("column", .string($0))] } ?? [], columns: columns,
                severity: severity, resultFormat: format, id: nil,
                location: SourceMark(file: "expectations/silver_events.yaml", line: 7, column: 3),
                fingerprint: fingerprint,
                description: description),
            outcome: outcome, success: success ?? (outcome == .passed), severity: severity, rows: rows,
            observedValue: observed, unexpectedRows: UnexpectedRows(unexpected), unexpectedCounts: counts,
            details: details,
            sentence: sentence, discreetSentence: discreet)
    }

    static func row(_ column: String, _ value: Value, id: Int, file: Int = 1) -> UnexpectedRow {
        UnexpectedRow(
            values: [.init(column: column, value: value)], index: [.init(column: "event_id", value: .text("e-\(id)"))],
            partition: "data/events-\(file).csv", row: id, byteOffset: Int64(id) * 131)
    }

    static func count(_ column: String, _ value: Value, _ count: Int) -> UnexpectedCount {
        UnexpectedCount(values: [.init(column: column, value: value)], count: count)
    }

    static let emailRows = RowCounts(elementCount: 48_211, missingCount: 310, unexpectedCount: 37)

    static var results: [ExpectationResult] {
        [
            result(
                "unique", "expect_column_values_to_be_unique",
                rows: RowCounts(elementCount: 48_211, missingCount: 0, unexpectedCount: 0),
                sentence: "every event_id occurs once"),
            result(
                "amount", "expect_column_values_to_be_between", columns: ["amount"], outcome: .failed,
                severity: .warning,
                rows: RowCounts(elementCount: 48_211, missingCount: 1_204, unexpectedCount: 3),
                unexpected: [
                    row("amount", .integer(-5), id: 118),
                    row("amount", .decimal(DecimalNumber(unscaled: 1_250_050, scale: 2)), id: 20_441, file: 2),
                    row("amount", .integer(-5), id: 23_007, file: 2),
                ],
                counts: [
                    count("amount", .integer(-5), 2),
                    count("amount", .decimal(DecimalNumber(unscaled: 1_250_050, scale: 2)), 1),
                ],
                sentence: "3 of 47,007 amounts are not between 0 and 10,000"),
            result(
                "email", "expect_column_values_to_match_regex", columns: ["email"], outcome: .failed, rows: emailRows,
                unexpected: (0..<6).map {
                    row(
                        "email", .text(["anna@example", "Ben Ali", "", "x@y", "carl(at)web.de", "???"][$0]),
                        id: 9 + $0 * 7)
                },
                counts: [count("email", .text(""), 21), count("email", .text("x@y"), 9)],
                description: "Receipts go to this address: a wrong one means a customer without a receipt.",
                sentence: "37 of 47,901 emails are no e-mail addresses, 0 are allowed"),
            result(
                "schema", "expect_table_schema_to_be_stable", columns: [], outcome: .failed,
                details: [
                    JSON.Member(
                        "changes",
                        .array([
                            change("added", "coupon", nil, "string", "warn"),
                            change("type", "user_id", "int64", "string", "fail"),
                        ])), JSON.Member("compared_with", .string("run-6")),
                ],
                sentence: "the columns changed since the last run: user_id is string now, it was int64; coupon is new"),
            result(
                "mean", "expect_column_mean_to_be_between", columns: ["amount"], observed: .number("58.1204"),
                sentence: "the mean of amount is 58.12, between 5 and 200"),
            result(
                "refunds", "expect_column_values_to_not_be_null", columns: ["refund_reason"],
                outcome: .vacuous(reason: "the row condition event_type = 'refund' selects no row"), success: true,
                severity: .warning,
                rows: RowCounts(elementCount: 0, missingCount: 0, unexpectedCount: 0, reportsMissing: false),
                sentence: "refund_reason was not checked: no row is a refund"),
            result(
                "phone", "expect_column_value_lengths_to_be_between", columns: ["phone"],
                outcome: .errored(reason: "there is no column \"phone\"; did you mean \"phones\"?"), severity: .warning,
                sentence: "the length of phone could not be checked"),
            result(
                "type", "expect_column_values_to_be_in_set", columns: ["event_type"],
                rows: RowCounts(elementCount: 48_211, missingCount: 0, unexpectedCount: 2),
                sentence: "48,209 of 48,211 event_types are page_view, click, add_to_cart or purchase; 99.9% must be"),
        ]
    }

    private static func change(_ change: String, _ column: String, _ from: String?, _ to: String?, _ reaction: String)
        -> JSON
    {
        .object([
            JSON.Member("change", .string(change)), JSON.Member("column", .string(column)),
            JSON.Member("from", from.map { .string($0) } ?? .null), JSON.Member("to", to.map { .string($0) } ?? .null),
            JSON.Member("reaction", .string(reaction)),
        ])
    }

    static func stored(_ number: Int, failed: Int = 0, errored: Bool = false, report: Bool = true) -> StoredRun {
        StoredRun(
            number: Int64(number), id: "run-\(number)", suite: "silver_events", asset: "silver.events",
            startedAt: noon - Int64(7 - number) * hour, durationSeconds: 3.1, engineVersion: "0.1.0",
            suiteFingerprint: "5e0c7d1f",
            dataFingerprint: "before", rowCount: 47_100, byteCount: 12_300_000,
            counts: OutcomeCounts(
                evaluated: 8, successful: 8 - failed, passed: 8 - failed, failed: failed, vacuous: 0, errored: 0),
            outcomeName: errored ? "errored" : failed > 0 ? "failed" : "passed", success: failed == 0 && !errored,
            failure: errored ? RunFailure(code: "not-found", message: "no such file") : nil,
            report: report ? "20261101T\(number)-run-\(number).html" : nil)
    }

    static func verdict(_ success: Bool, rows: RowCounts? = nil, observed: JSON? = nil) -> StoredVerdict {
        StoredVerdict(
            run: RunReference(id: "run-6", startedAt: noon - hour), outcome: success ? .passed : .failed,
            success: success,
            rows: rows, observedValue: observed)
    }

    static var history: RunHistory {
        let verdicts: [String: StoredVerdict] = [
            "unique": verdict(false),
            "amount": verdict(true, rows: RowCounts(elementCount: 47_100, missingCount: 1_180, unexpectedCount: 0)),
            "email": verdict(false, rows: RowCounts(elementCount: 47_100, missingCount: 310, unexpectedCount: 12)),
            "schema": verdict(true), "mean": verdict(true, observed: .number("51.7")), "refunds": verdict(true),
            "gone": verdict(true),
            "type": verdict(true, rows: RowCounts(elementCount: 47_100, missingCount: 0, unexpectedCount: 2)),
        ]
        return RunHistory(
            previous: PreviousRun(run: stored(6, failed: 2), verdicts: verdicts),
            failingSince: ["email": RunReference(id: "run-2", startedAt: noon - 5 * hour)],
            recent: [
                stored(7, failed: 4), stored(6, failed: 2), stored(5, failed: 1), stored(4, errored: true),
                stored(3, failed: 1), stored(2, failed: 1),
                stored(1), stored(0),
            ])
    }

    static var report: RunReport {
        let gold = run(
            "run-8", suite: "gold_revenue", asset: "gold.revenue_hourly",
            results: [
                result(
                    "rows", "expect_table_row_count_to_be_between", columns: [], observed: .number("1440"),
                    sentence: "the table has 1,440 rows, 1 or more")
            ],
            rowCount: 1_440, files: 1)
        let missing = run(
            "run-9", suite: "landing", asset: "landing.events", results: [], rowCount: 0, files: 0,
            failure: RunFailure(
                code: "not-found", message: "no file matches data/landing/*.csv", hint: "check the path in assay.yaml"))
        return RunReport([
            .init(run(results: results, suiteFingerprint: "77aa01bc"), history: history), .init(gold), .init(missing),
        ])
    }
}
