import Expectations
import Foundation
import Reports
import Tables
import Testing

@Suite struct RunJSONTests {
    private final class Pieces { var bytes: [UInt8] = [] }

    private func written(isIndented: Bool = false, _ body: (inout JSONStream) -> Void) -> String {
        let pieces = Pieces()
        JSONStream.write(isIndented: isIndented, to: { pieces.bytes += $0 }, body)
        return String(decoding: pieces.bytes, as: UTF8.self)
    }

    @Test func looksAsItDid() throws {
        let run = Samples.run(results: Samples.results, personal: ["email"])
        try expectGolden(written(isIndented: true) { RunJSON.write(run, to: &$0) } + "\n", "run.json")
    }

    @Test func isJSON() throws {
        let failure = RunFailure(code: "not-found", message: "no \"file\"\u{0}", hint: nil)
        let runs = [Samples.run(results: Samples.results), Samples.run(results: [], rowCount: 0, failure: failure)]
        let text = written { RunJSON.write(runs, to: &$0) }
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        #expect(object?["format"] as? String == "assay-runs" && object?["success"] as? Bool == false)
        let found = try #require(object?["runs"] as? [[String: Any]])
        #expect(found.map { $0["outcome"] as? String } == ["failed", "errored"])
        #expect((found[1]["statistics"] as? [String: Any])?["success_percent"] is NSNull)
        #expect((found[1]["failure"] as? [String: Any])?["message"] as? String == "no \"file\"\u{0}")
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let level: ResultFormat.Level
        let members: String
        var testDescription: String { level.rawValue }
    }

    private static let basic = """
        element_count unexpected_count unexpected_percent missing_count missing_percent unexpected_percent_total \
        unexpected_percent_nonmissing partial_unexpected_list
        """

    static let cases = [
        Case(level: .booleanOnly, members: "observed_value details"),
        Case(level: .basic, members: "observed_value details \(basic)"),
        Case(
            level: .summary,
            members: "observed_value details \(basic) partial_unexpected_index_list partial_unexpected_counts"),
        Case(
            level: .complete,
            members: """
                observed_value details \(basic) partial_unexpected_index_list partial_unexpected_counts unexpected_list \
                unexpected_index_list
                """),
    ]

    private func members(_ format: ResultFormat, rows: RowCounts = Samples.emailRows) throws -> [String: JSON] {
        let result = Samples.result(
            "e", columns: ["email"], outcome: .failed, rows: rows, observed: .number("1"),
            unexpected: (0..<3).map { Samples.row("email", .text("v\($0)"), id: $0) },
            counts: [Samples.count("email", .text("v0"), 1)], details: [JSON.Member("x", .null)], format: format,
            sentence: "x")
        let run = Samples.run(results: [result])
        let document = JSON(text: written { RunJSON.write(run, to: &$0) })
        let inner = try #require(document?["results"]?.items?.first?["result"]?.members)
        return Dictionary(inner.map { ($0.name, $0.value) }) { first, _ in first }
    }

    @Test(arguments: cases) func hasAsMuchAsTheLevelAsksFor(_ c: Case) throws {
        let names = try members(ResultFormat(level: c.level, partialUnexpectedCount: 2)).keys
        #expect(Set(names) == Set(c.members.split(separator: " ").map { String($0) }))
    }

    @Test func partialListsArePartial() throws {
        let members = try members(ResultFormat(level: .complete, partialUnexpectedCount: 2))
        #expect(members["partial_unexpected_list"] == .array([.string("v0"), .string("v1")]))
        #expect(members["unexpected_list"] == .array([.string("v0"), .string("v1"), .string("v2")]))
    }

    @Test func nullKindsHaveNoMissingCount() throws {
        let rows = RowCounts(elementCount: 3, missingCount: 0, unexpectedCount: 1, reportsMissing: false)
        #expect(try members(ResultFormat(), rows: rows)["missing_count"] == nil)
    }

    @Test func excludedValuesAreNotListed() throws {
        let members = try members(ResultFormat(level: .complete, excludeUnexpectedValues: true))
        #expect(members["partial_unexpected_list"] == nil && members["unexpected_list"] == nil)
        #expect(members["partial_unexpected_counts"] == nil && members["unexpected_index_list"] != nil)
    }

    @Test func longTextsAreCutAndSaySo() {
        let text = String(repeating: "é", count: 400_000)
        let result = Samples.result(
            "e", columns: ["a"], outcome: .failed, rows: Samples.emailRows,
            unexpected: [Samples.row("a", .text(text), id: 1)], sentence: "x")
        let shown = String(repeating: "é", count: ShownValue.textLimit) + "… (400,000 characters in all)"
        #expect(
            written { RunJSON.write(Samples.run(results: [result]), to: &$0) }.contains(
                #""partial_unexpected_list":["\#(shown)"]"#))
    }

    @Test func severalColumnsMakeAnObject() throws {
        let cells = [UnexpectedRow.Cell(column: "a", value: .integer(1)), .init(column: "b", value: .missing)]
        let result = Samples.result(
            "e", columns: ["a", "b"], outcome: .failed, rows: Samples.emailRows,
            unexpected: [UnexpectedRow(values: cells, index: [], partition: "f", row: 1, byteOffset: nil)],
            sentence: "x")
        #expect(
            written { RunJSON.write(Samples.run(results: [result]), to: &$0) }.contains(
                #""partial_unexpected_list":[{"a":1,"b":null}]"#))
    }
}
