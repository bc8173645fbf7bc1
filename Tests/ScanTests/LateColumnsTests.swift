import Expectations
import Formats
import Scan
import Tables
import TestSupport
import Testing

/// Verdicts on columns that first appear behind the beginning of a file.
@Suite struct LateColumnsTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func judge(
        _ rows: [String], _ expectations: [Expectations.Expectation], sampleBytes: Int, threads: Int = 2
    ) async throws -> ScanReport {
        var options = JSONOptions()
        (options.sampleBytes, options.chunkBytes) = (sampleBytes, 200)
        if threads > 2 { options.batchCells = 20 }
        options.expectedColumns = Set(named: expectations.flatMap(\.columnsRead))
        let source = try JSONSource([scratch.file(rows.joined(separator: "\n"), "t.jsonl")], options: options)
        return await Scanner(threads: threads).judge(expectations, source: source, now: noon)
    }

    private static let suite = """
        columns:
          id: {required: true, unique: true}
          status: {in: [ok]}
          score: {type: int64, between: [0, 10], optional: true}
          Label: {length: [1, 3]}
          geo.lat: {between: [-90, 90], optional: true}
          absent: {required: true, optional: true}
          typo: {required: true}
        expectations:
          - expect_column_values_to_not_be_null: {column: id, row_condition: "late_flag = 'yes'"}
          - expect_compound_columns_to_be_unique: {column_list: [id, status]}
          - expect_column_mean_to_be_between: {column: rare, min_value: 0, max_value: 4}
          - expect_column_values_to_match_regex: {column: free, regex: "^x"}
          - expect_table_columns_to_match_set: {column_set: [id, status, score], exact_match: true}
          - expect_table_column_count_to_equal: {value: 7}
        """

    /// What is said of a table doesn't depend on how much of it was looked at before it was read.
    @Test(arguments: 0..<40) func theBeginningDecidesNothing(_ seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let rows = (0..<60).map { row -> String in
            var members = ["\"id\":\(row)"]
            let optional = [
                #""status":"\#(random.pick(["ok", "bad"]))""#, #""score":\#(random.pick(["3", "12", "null"]))"#,
                #""label":"\#(random.pick(["x", "long"]))""#, #""geo":{"lat":\#(random.pick(["1.5", "99"]))}"#,
                #""late_flag":"yes""#, #""rare":\#(random.pick(["1", "2.5"]))"#,
                #""free":"\#(random.pick(["x", "y"]))""#, #""other\#(row / 20)":[1]"#,
            ]
            for (place, member) in optional.enumerated() where random.chance(row > place * 7 ? 30 : 0) {
                members.append(member)
            }
            return "{" + members.joined(separator: ",") + "}"
        }
        let expectations = try expectations(Self.suite)
        let whole = try await judge(rows, expectations, sampleBytes: 1 << 18)
        for threads in [1, 3] {
            let first = try await judge(rows, expectations, sampleBytes: 64, threads: threads)
            #expect(first.lines == whole.lines)
        }
    }

    /// A reading begins again when such a column's first value tells its type, and not when it is over.
    @Test func columnsThatSuitesNameAreThere() async throws {
        let rows = (0..<50).map { "{\"id\":\($0)}" } + ["{\"id\":50,\"status\":\"bad\",\"other\":1}"]
        let expectations = try expectations(
            """
            columns:
              status: {in: [ok]}
            expectations:
              - expect_table_columns_to_match_set: {column_set: [id, status, other], exact_match: true}
            """)
        let report = try await judge(rows, expectations, sampleBytes: 64)
        #expect(report.passes == 2)
        #expect(report.schema.names == ["id", "status", "other"])
        #expect(report.outcomes == ["passed", "failed", "passed"])
    }

    @Test func aColumnThatNoRowHasIsNone() async throws {
        let report = try await judge(
            ["{\"id\":1}"],
            expectations("columns: {typo: {type: int64, required: true}, id: {required: true}}"), sampleBytes: 64)
        #expect(report.schema.names == ["id"])
        #expect(
            report.outcomes.map { $0.prefix { $0 != ":" } } == ["failed", "errored", "errored", "passed", "passed"])
    }
}
