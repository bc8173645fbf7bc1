import Expectations
import Formats
import Scan
import Tables
import TestSupport
import Testing

/// Bounds, sets and row conditions that name no zone, on data of an asset that has one.
@Suite struct LocalTimesTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// Expectations on 2024-02-01T00:30, and whether they pass where that is a time of Berlin.
    static let cases: [(expectation: String, passes: Bool)] = [
        ("expect_column_values_to_be_between: {column: t, min_value: \"2024-02-01\"}", true),
        ("expect_column_values_to_be_between: {column: t, max_value: \"2024-02-01T00:30\"}", true),
        ("expect_column_values_to_be_between: {column: t, max_value: \"2024-02-01T00:30Z\"}", true),
        ("expect_column_values_to_be_between: {column: t, min_value: \"2024-02-01T00:30Z\"}", false),
        ("expect_column_max_to_be_between: {column: t, max_value: \"2024-02-01T00:29\"}", false),
        ("expect_column_min_to_be_between: {column: t, min_value: \"2024-02-01T00:30\"}", true),
        ("expect_column_median_to_be_between: {column: t, min_value: \"2024-02-01\", max_value: \"2024-02-02\"}", true),
        ("expect_column_values_to_be_in_set: {column: t, value_set: [\"2024-02-01T00:30\"]}", true),
        ("expect_column_values_to_not_be_in_set: {column: t, value_set: [\"2024-01-31T23:30Z\"]}", false),
        ("expect_column_values_to_be_null: {column: t, row_condition: \"t < '2024-02-01'\", on_empty: fail}", false),
        (
            "expect_column_values_to_not_be_null: {column: t, row_condition: \"t >= DATE '2024-02-01'\", on_empty: fail}",
            true
        ),
        (
            "expect_column_values_to_not_be_null: {column: t, row_condition: \"t in ('2024-02-01T00:30')\", on_empty: fail}",
            true
        ),
        (
            "expect_column_values_to_not_be_null: {column: t, row_condition: \"t < TIMESTAMP '2024-02-01 00:00'\", on_empty: fail}",
            true
        ),
    ]

    @Test func daysHaveNoZone() async throws {
        let expectations = try expectations(
            """
            expectations:
              - expect_column_median_to_be_between: {column: d, min_value: "2024-02-01", max_value: "2024-02-01"}
              - expect_column_values_to_be_between: {column: d, min_value: "2024-02-01", max_value: "2024-02-01"}
            """)
        var options = CSVOptions()
        options.timeZone = try #require(ZoneRule("Europe/Berlin"))
        let source = try CSVSource([scratch.file("d,x\n2024-02-01,1\n")], options: options)
        let report = await Scanner(threads: 1).judge(expectations, source: source, now: noon)
        #expect(report.outcomes == ["passed", "passed"])
    }

    /// Expectations on the day that begins at the time, in Berlin, and what they come to.
    static let pairs: [(expectation: String, passes: Bool)] = [
        ("expect_column_pair_values_a_to_be_greater_than_b: {column_A: t, column_B: d, or_equal: true}", true),
        ("expect_column_pair_values_a_to_be_greater_than_b: {column_A: t, column_B: d}", false),
        ("expect_column_pair_values_a_to_be_greater_than_b: {column_A: d, column_B: t, or_equal: true}", true),
        ("expect_column_values_to_not_be_null: {column: d, row_condition: \"d = t\", on_empty: fail}", true),
        ("expect_column_values_to_not_be_null: {column: d, row_condition: \"t <= d\", on_empty: fail}", true),
        ("expect_column_values_to_not_be_null: {column: d, row_condition: \"d < t\", on_empty: fail}", false),
        (
            "expect_column_values_to_not_be_null: {column: d, row_condition: \"d is distinct from t\", on_empty: fail}",
            false
        ),
    ]

    @Test(arguments: pairs) func aDayBesideATimeIsItsMidnight(_ expectation: String, _ passes: Bool) async throws {
        var options = CSVOptions()
        options.timeZone = try #require(ZoneRule("Europe/Berlin"))
        let source = try CSVSource([scratch.file("d,t\n2024-02-01,2024-01-31T23:00Z\n")], options: options)
        let report = await Scanner(threads: 1).judge(
            try expectations("expectations:\n  - \(expectation)\n"), source: source, now: noon)
        #expect(report.results[0].success == passes)
    }

    @Test(arguments: ["UTC", "-05:00", "Europe/Berlin"]) func daysBeyondAllTimeBeginAtItsEnds(_ zone: String) throws {
        let zone = try #require(ZoneRule(zone))
        #expect(zone.midnights(ofDays: [.min, .max]) == [.min, .max])
    }

    @Test(arguments: cases) func areClockTimesOfTheAsset(_ expectation: String, _ passes: Bool) async throws {
        let expectations = try expectations("expectations:\n  - \(expectation)\n")
        var csv = CSVOptions()
        csv.timeZone = try #require(ZoneRule("Europe/Berlin"))
        let source = try CSVSource([scratch.file("t,x\n2024-02-01T00:30,1\n")], options: csv)
        let report = await Scanner(threads: 1).judge(expectations, source: source, now: noon)
        #expect(report.results[0].success == passes)
        var json = JSONOptions()
        json.timeZone = csv.timeZone
        let lines = try JSONSource([scratch.file("{\"t\":\"2024-02-01T00:30\"}\n", "t.jsonl")], options: json)
        let other = await Scanner(threads: 1).judge(expectations, source: lines, now: noon)
        #expect(other.results[0].success == passes)
    }
}
