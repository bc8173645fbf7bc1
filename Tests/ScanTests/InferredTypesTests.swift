import Expectations
import Formats
import Scan
import Tables
import TestSupport
import Testing

/// Columns whose types the beginning of a file doesn't tell, or tells too narrow.
@Suite struct InferredTypesTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// A scan that looks at few bytes before it guesses.
    private func scan(_ text: String, _ yaml: String, threads: Int = 2, _ name: String = "t.csv") async throws
        -> ScanReport
    {
        var csv = CSVOptions()
        (csv.chunkBytes, csv.sampleBytes) = (256, 64)
        var json = JSONOptions()
        (json.chunkBytes, json.sampleBytes) = (256, 64)
        let source = try DataFiles.open([scratch.file(text, name)], format: nil, csv: csv, json: json)
        return await Scanner(threads: threads).judge(
            try expectations("expectations:\n\(yaml)"), source: source, now: noon)
    }

    private static let ids = (0..<100).map { String(1_700_000_000_000_000_000 + $0) }

    @Test(arguments: ["t.csv", "t.jsonl"]) func oneFractionMakesNoTwoNumbersEqual(_ name: String) async throws {
        let text =
            name == "t.csv"
            ? "id,b\n" + (Self.ids + ["12.0"]).map { "\($0),x\n" }.joined()
            : (Self.ids + ["12.0"]).map { "{\"id\":\($0)}\n" }.joined()
        let report = try await scan(
            text,
            """
              - expect_column_values_to_be_unique: {column: id}
              - expect_column_unique_value_count_to_be_between: {column: id, min_value: 101}
              - expect_column_max_to_be_between: {column: id, min_value: 1700000000000000099, max_value: 1700000000000000099}
              - expect_column_values_to_be_in_set: {column: id, value_set: [1700000000000000001, 12], mostly: 0.01}
              - expect_column_values_to_be_between: {column: id, max_value: 1700000000000000098, mostly: 0.99}
              - expect_column_median_to_be_between: {column: id, min_value: 1700000000000000049, max_value: 1700000000000000049}
            """, name)
        #expect(report.schema.fields[0].type == .decimal(precision: 38, scale: 0))
        #expect(report.outcomes == Array(repeating: "passed", count: 6))
        #expect(report.results[3].rows?.unexpectedCount == 99)
        #expect(report.results[4].rows?.unexpectedCount == 1)
    }

    @Test func numbersWithZerosInFrontMakeTheirColumnText() async throws {
        let report = try await scan(
            "zip,b\n" + (10_000..<10_100).map { "\($0),x\n" }.joined() + "00501,x\n501,x\n",
            """
              - expect_column_values_to_be_unique: {column: zip}
              - expect_column_value_lengths_to_equal: {column: zip, value: 5}
            """)
        #expect(report.schema.fields[0].type == .string)
        #expect(report.outcomes == ["passed", "failed"])
    }

    /// Values that come late, and expectations that pass whatever the others are.
    static let late: [(values: [String], type: String, expectation: String)] = [
        (
            ["5", "7", "x"], "int64",
            "expect_column_values_to_be_in_set: {column: late, value_set: [5, 7], mostly: 0.6}"
        ),
        (["007", "7"], "string", "expect_column_values_to_be_unique: {column: late}"),
        (
            ["2024-01-31", "2024-02-01T10:00"], "timestamp",
            "expect_column_max_to_be_between: {column: late, max_value: \"2024-02-01T10:00\"}"
        ),
        (["9007199254740993", "9007199254740992"], "int64", "expect_column_values_to_be_unique: {column: late}"),
        (["x", "1"], "string", "expect_column_values_to_be_unique: {column: late}"),
    ]

    @Test(arguments: late) func theFirstValuesTellTheType(_ values: [String], _ type: String, _ expectation: String)
        async throws
    {
        let gap = String(repeating: "x,\n", count: 400)
        let text = "a,late\n" + gap + values.map { "x,\($0)\n" }.joined(separator: gap) + gap
        let numeric = "  - expect_column_mean_to_be_between: {column: late, min_value: -1}\n"
        for (threads, others) in [(1, ""), (3, ""), (1, numeric), (3, numeric)] {
            let report = try await scan(text, "  - \(expectation)\n\(others)", threads: threads)
            #expect(report.schema["late"]?.type.description == type)
            #expect(report.outcomes[0] == "passed")
        }
    }

    @Test func aColumnWithoutAnyValueHasNothingToCheck() async throws {
        let report = try await scan(
            "a,late\n" + String(repeating: "x,\n", count: 400),
            """
              - expect_column_values_to_be_between: {column: late, min_value: 0}
              - expect_column_values_to_be_unique: {column: late}
            """)
        #expect(report.outcomes.allSatisfy { $0.hasPrefix("vacuous") })
        #expect(report.passes == 1)
    }
}
