import Expectations
import Formats
import Scan
import Tables
import TestSupport
import Testing

/// Where the text of a value is judged, the text is shown.
@Suite struct ShownTextsTests {
    /// An expectation, and the unexpected values that it shows, and how often.
    static let cases: [(expectation: String, shown: [Value], counts: [Int])] = [
        ("expect_column_values_to_match_regex: {column: i, regex: \"^[0-9]$\"}", [.text("+9"), .text("-0")], [1, 1]),
        ("expect_column_values_to_not_match_regex: {column: i, regex: \"9\"}", [.text("9"), .text("+9")], [1, 1]),
        ("expect_column_value_lengths_to_equal: {column: i, value: 1}", [.text("+9"), .text("-0")], [1, 1]),
        (
            "expect_column_values_to_not_match_regex: {column: t, regex: \"[+]02\"}",
            [.text("2024-01-01T00:00:00+02:00")], [1]
        ),
        ("expect_column_values_to_not_be_in_set: {column: i, value_set: [9]}", [.integer(9), .integer(9)], [2]),
        (
            "expect_column_values_to_be_between: {column: t, min_value: \"2024-01-01\"}",
            [.timestamp(microseconds: 1_704_060_000_000_000)], [1]
        ),
    ]

    @Test(arguments: cases) func areAsTheyWereWritten(_ expectation: String, _ shown: [Value], _ counts: [Int])
        async throws
    {
        let scratch = try Scratch()
        let rows = "i,t\n9,2024-01-01T00:00:00Z\n+9,2024-01-01T00:00:00+02:00\n-0,2024-01-01T10:00:00Z\n"
        let report = try await scan(
            [scratch.file(rows)], expectations("expectations:\n  - \(expectation)\n"),
            declared: ["i": .int64, "t": .timestamp])
        let result = report.results[0]
        #expect(result.unexpectedRows.map { $0.values.map(\.value) } == shown.map { [$0] })
        #expect(result.unexpectedCounts?.map(\.count) == counts)
    }
}
