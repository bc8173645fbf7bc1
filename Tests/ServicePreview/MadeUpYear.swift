import Expectations
import Ledger
import Tables

/// Hourly runs of some validations: mostly well, each with a failure that lasts for a while, one that fails all the time.
struct MadeUpYear {
    var validations = 23
    var expectations = 50
    var runs = 8_760

    private static let hour: Int64 = 3_600_000_000
    /// 2027-01-01T00:00:00Z.
    private static let end: Int64 = 1_798_761_600_000_000
    private static let layers = ["landing", "silver", "gold"]
    private static let feeds = [
        "events", "orders", "payments", "revenue", "sessions", "customers", "inventory", "returns",
    ]

    /// Writes hour by hour, as a service does, in transactions of two days.
    func write(to ledger: Ledger) throws {
        for first in stride(from: 0, to: runs, by: 48) {
            try ledger.transaction { transaction in
                for hour in first..<min(first + 48, runs) {
                    for validation in 0..<validations { try transaction.record(run(validation, hour)) }
                }
            }
        }
    }

    func run(_ validation: Int, _ hour: Int, id: String? = nil) -> RunResult {
        let layer = Self.layers[validation % Self.layers.count]
        let feed = Self.feeds[validation / Self.layers.count % Self.feeds.count]
        let suffix = validation < 24 ? "" : "_\(validation / 24 + 1)"
        let started = Self.end - Int64(runs - hour) * Self.hour + Int64(validation) * 90_000_000
        let rows = 40_000 + (hour % 24) * 900 + validation * 1_000 + hour % 7 * 310
        let isUnreadable = Self.chance(validation, hour / 5, 17, oneIn: 400)
        let results = isUnreadable ? [] : (0..<expectations).map { result($0, validation, hour, rows) }
        return RunResult(
            id: id ?? "run-\(validation)-\(hour)", suite: "\(layer)_\(feed)\(suffix)",
            asset: "\(layer).\(feed)\(suffix)",
            startedAt: started, durationSeconds: 1.5 + Double(hour % 13) / 10, engineVersion: "preview",
            suiteFingerprint: "5e0c7d1f", dataFingerprint: "a91b44c2-\(hour)", schema: schema(validation, hour),
            files: [
                FileResult(
                    name: "\(layer)/\(feed)-\(hour).parquet", byteCount: 12_000_000, modified: started, rowCount: rows)
            ],
            rowCount: isUnreadable ? 0 : rows, byteCount: isUnreadable ? 0 : 12_000_000, results: results,
            metrics: isUnreadable ? [] : metrics(validation, hour, rows),
            failure: isUnreadable
                ? RunFailure(
                    code: "cut-short", message: "the file ends in the middle of a page", hint: "write it again") : nil)
    }

    /// A column came after half of the time.
    private func schema(_ validation: Int, _ hour: Int) -> Schema {
        let fields = [
            Field("event_id", .string, isNullable: false), Field("amount", .decimal(precision: 12, scale: 2)),
            Field("email", .string), Field("occurred_at", .timestamp),
        ]
        return Schema(hour > runs / 2 ? fields + [Field("channel", .string)] : fields)
    }

    private func metrics(_ validation: Int, _ hour: Int, _ rows: Int) -> [MetricReading] {
        let wave = Double((hour * 37 + validation * 11) % 101) / 100
        return [
            MetricReading(name: "row_count", column: nil, value: Double(rows)),
            MetricReading(name: "missing_count", column: "email", value: Double(300 + hour % 24 * 7)),
            MetricReading(name: "mean", column: "amount", value: 41.2 + wave),
            MetricReading(name: "max", column: "amount", value: 900 + wave * 100),
            MetricReading(name: "distinct_count", column: "event_id", value: Double(rows - hour % 3)),
            MetricReading(name: "mean", column: "amount", condition: "country = 'DE'", value: 44.2 - wave),
        ]
    }

    private func result(_ number: Int, _ validation: Int, _ hour: Int, _ rows: Int) -> ExpectationResult {
        let column = ["event_id", "amount", "email", "occurred_at"][number % 4] + (number < 4 ? "" : "_\(number / 4)")
        // The first of the first validation fails all the time, others for a day now and then.
        let isFailing =
            validation == 0 && number == 0 || Self.chance(validation, number, hour / 24, oneIn: 500)
            || validation == 1 && number < 3 && hour >= runs - 7
        let unexpected = isFailing ? 3 + hour % 40 : 0
        let cells = [UnexpectedRow.Cell(column: column, value: .text("anna.k\(hour)@example,com"))]
        return ExpectationResult(
            expectation: ExpectationSummary(
                type: number % 3 == 0 ? "expect_column_values_to_match_regex" : "expect_column_values_to_not_be_null",
                arguments: [JSON.Member("column", .string(column)), JSON.Member("mostly", .number("0.99"))],
                columns: [column], severity: number % 5 == 0 ? .critical : .warning,
                location: SourceMark(file: "expectations/suite.yaml", line: number + 3, column: 3),
                fingerprint: "e\(number)"),
            outcome: isFailing ? .failed : .passed, success: !isFailing,
            severity: number % 5 == 0 ? .critical : .warning,
            rows: RowCounts(elementCount: rows, missingCount: 10, unexpectedCount: unexpected),
            unexpectedRows: isFailing
                ? [
                    UnexpectedRow(
                        values: cells, index: [], partition: "events-\(hour).parquet", row: 17, byteOffset: nil)
                ]
                : [], unexpectedCounts: isFailing ? [UnexpectedCount(values: cells, count: unexpected)] : [],
            sentence: isFailing
                ? "\(unexpected) values of \(column) are no addresses" : "values of \(column) are present")
    }

    /// The same for the same numbers, in every run of the program.
    private static func chance(_ first: Int, _ second: Int, _ third: Int, oneIn count: UInt64) -> Bool {
        Hash128("\(first)/\(second)/\(third)").low % count == 0
    }
}

extension MadeUpYear {
    /// The last validation's last run alone.
    func writeLast(to ledger: Ledger) throws { try ledger.record(run(validations - 1, runs - 1)) }
}
