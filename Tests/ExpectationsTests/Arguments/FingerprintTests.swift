import Expectations
import Scan
import Suites
import Tables
import Testing

@Suite struct FingerprintTests {
    static let alike: [(first: String, second: String)] = [
        ("{column: x, min_value: 1, max_value: 2}", "{max_value: 2.0, column: x, min_value: 1e0}"),
        ("{column: x, min_value: 1}", "{column: \"x\", min_value: 1, max_value: null}"),
        ("{column: x, min_value: 1}", "{column: x, min_value: 1, severity: info, id: a, notes: b, on_empty: fail}"),
        ("{column: x, min_value: 1}", "{column: x, min_value: 1, description: words, result_format: COMPLETE}"),
    ]

    @Test(arguments: alike) func isTheSameForAnotherSpelling(_ first: String, _ second: String) throws {
        #expect(try Self.fingerprint(first) == Self.fingerprint(second))
    }

    static let different: [(first: String, second: String)] = [
        ("{column: x, min_value: 1}", "{column: y, min_value: 1}"),
        ("{column: x, min_value: 1}", "{column: x, min_value: 2}"),
        ("{column: x, min_value: 1}", "{column: x, max_value: 1}"),
        ("{column: x, min_value: 1}", "{column: x, min_value: \"1\"}"),
        ("{column: x, min_value: 1}", "{column: x, min_value: 1, strict_min: true}"),
        ("{column: x, min_value: 1}", "{column: x, min_value: 1, mostly: 0.9}"),
        ("{column: x, min_value: 1}", "{column: x, min_value: 1, row_condition: y = 1}"),
        ("{column: \"\\u00e9\", min_value: 1}", "{column: \"e\\u0301\", min_value: 1}"),
    ]

    @Test(arguments: different) func changesWithTheArguments(_ first: String, _ second: String) throws {
        #expect(try Self.fingerprint(first) != Self.fingerprint(second))
    }

    @Test func changesWithTheKind() throws {
        let arguments = "{column: x, min_value: 1}"
        #expect(
            try Self.fingerprint(arguments) != Self.fingerprint(arguments, kind: "expect_column_max_to_be_between"))
    }

    private static func fingerprint(
        _ arguments: String, kind: String = "expect_column_values_to_be_between"
    ) throws -> String {
        let suite = try Suite.parse(text: "expectations:\n  - \(kind): \(arguments)", file: "suite.yaml")
        return try #require(suite.expectations.first).fingerprint
    }

    /// They had one metric between them, as Swift takes composed and decomposed letters for equal.
    @Test func expectationsThatDifferInComposedLettersAloneAreJudgedApart() async throws {
        let suite = try Suite.parse(
            text: #"""
                expectations:
                  - expect_column_values_to_be_in_set: {column: x, value_set: ["\u00e9"]}
                  - expect_column_values_to_be_in_set: {column: x, value_set: ["e\u0301"]}
                  - expect_column_values_to_match_regex: {column: x, regex: "^\u00e9$"}
                  - expect_column_values_to_match_regex: {column: x, regex: "^e\u0301$"}
                  - expect_table_row_count_to_equal: {value: 1, row_condition: "x = '\u00e9'"}
                  - expect_table_row_count_to_equal: {value: 1, row_condition: "x = 'e\u0301'"}
                """#, file: "suite.yaml")
        let table = MemoryTable(Schema([Field("x", .string)]), columns: [[.text("\u{E9}")]])
        let report = await Scanner(threads: 1).judge(suite.expectations, source: table, now: 0)
        #expect(report.results.map(\.outcome.name) == ["passed", "failed", "passed", "failed", "passed", "failed"])
    }

    /// One of them shows values: the other one must not show them for it.
    @Test func valuesThatAreLeftOutStayLeftOutBesideOthers() async throws {
        let suite = try Suite.parse(
            text: """
                expectations:
                  - expect_column_values_to_be_unique: {column: x}
                  - expect_column_values_to_be_unique:
                      {column: x, mostly: 0.9, result_format: {result_format: SUMMARY, exclude_unexpected_values: true}}
                  - expect_column_values_to_be_unique: {column: x, mostly: 0.8, result_format: BOOLEAN_ONLY}
                """, file: "suite.yaml")
        let table = MemoryTable(Schema([Field("x", .int64)]), columns: [[.integer(7), .integer(7)]])
        let results = await Scanner(threads: 1).judge(suite.expectations, source: table, now: 0).results
        #expect(results.map { $0.unexpectedCounts?.count } == [1, 0, 0])
        #expect(results.map { $0.unexpectedRows.count } == [2, 2, 0])
        #expect(results[1].unexpectedRows.allSatisfy { $0.values.isEmpty })
    }
}
