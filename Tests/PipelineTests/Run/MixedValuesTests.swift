import Expectations
import Formats
import Foundation
import Pipeline
import Scan
import Suites
import Tables
import TestSupport
import Testing

/// Whoever asks, the same rules find the same rows: a validation, a gate, and a pipeline however its records come in files.
@Suite struct MixedValuesTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private static let suite = """
        expectations:
          - expect_column_values_to_not_be_null: {column: a, id: there}
          - expect_column_values_to_be_between: {column: a, min_value: -2, max_value: 77, id: between}
          - expect_column_values_to_be_between: {column: b, min_value: 0.5, strict_min: true, id: above}
          - expect_column_values_to_be_in_set: {column: b, value_set: [1, 2.5, 77, 1000], id: in}
          - expect_column_values_to_not_be_in_set: {column: a, value_set: [0, 0.30000000000000004], id: out}
          - expect_column_pair_values_a_to_be_greater_than_b: {column_A: a, column_B: b, id: pair}
          - expect_column_pair_values_a_to_be_greater_than_b: {column_A: yes, column_B: no, or_equal: true, id: flags}
          - expect_column_values_to_match_regex: {column: name, regex: "^[a-c0-9.]+$", id: pattern}
          - expect_column_value_lengths_to_be_between: {column: name, max_value: 4, id: length}
          - expect_column_values_to_be_null: {column: b, row_condition: "a > 2", id: condition}
          - expect_column_values_to_be_in_set: {column: user.id, value_set: [1, 2], id: nested}

        """

    private static let numbers = [
        "0", "1", "-3", "77", "77.0", "2.5", "2.50", "1e3", "12.5", "-0.0", "9007199254740992", "123456789012", "0.1",
    ]
    private static let longNumbers = [
        "9007199254740993", "0.30000000000000004", "123456789012345678901234567890", "1e300", "1e-30", "5e-324",
        "-0.12345678901234567890123",
    ]
    private static let texts = [#""a""#, #""b1""#, #""xyzzy""#, #""""#, #""e\u0301""#]
    private static let booleans = ["true", "false"]

    /// The columns' values, by name: of one sort, and others among them.
    private static func values(
        among others: [String]?, _ random: inout SeededGenerator
    ) -> [(name: String, values: [String])] {
        [("a", numbers), ("b", numbers), ("name", texts), ("yes", booleans), ("no", booleans)].map { name, own in
            let some = (0..<random.pick([2, 5])).map { _ in random.pick(own) }
            guard let others = others ?? (own == numbers ? longNumbers : nil) else { return (name, some) }
            return (name, others.isEmpty ? some : some + (0..<2).map { _ in random.pick(others) })
        }
    }

    /// What says which types the columns have, as far as anything does.
    private static let usual = #"{"a": 1, "b": 2, "name": "a", "yes": true, "no": false, "user": {"id": 1}}"#
    /// The first records say nothing of some columns, or of all.
    private static let silent = [
        "{}", #"{"a": null, "b": 2}"#, #"{"name": "b", "user": {}}"#, #"{"b": 3, "yes": true}"#,
    ]
    /// They say something else.
    private static let misleading = [
        #"{"a": "abc", "b": true, "name": 5, "yes": "no", "no": 1, "user": {"id": "x"}}"#, #"{"a": "1", "user": 5}"#,
        #"{"a": [1], "b": {"x": 1}, "name": true}"#,
        #"{"a": "2026-01-01", "b": "2026-01-01T10:00:00Z"}"#,
    ]

    /// - others: what is among the values of each column; numbers of many digits among numbers where it is `nil`.
    private static func records(among others: [String]?, _ random: inout SeededGenerator) -> [String] {
        let columns = values(among: others, &random)
        let first = random.pick([[usual], silent, others?.isEmpty ?? true ? [usual] : misleading])
        return [random.pick(first)]
            + (0..<random.pick([5, 60, 200])).map { _ in
                var members = columns.compactMap { column in
                    random.chance(10)
                        ? nil : "\"\(column.name)\": \(random.chance(8) ? "null" : random.pick(column.values))"
                }
                if random.chance(70) { members.append("\"user\": {\"id\": \(random.pick(["1", "2", "3", "null"]))}") }
                members.shuffle(using: &random)
                return "{\(members.joined(separator: ", "))}"
            }
    }

    /// By rule, the records that break it, from 1; of a pipeline's quarantine.
    private func broken(_ records: [String], _ random: inout SeededGenerator) async throws -> [String: Set<Int>] {
        let pipeline = try TestPipeline(silver: "gate: {suite: events, on_fail: quarantine}", suite: Self.suite)
        var starts: [String: Int] = [:]
        var place = 0
        while place < records.count {
            // The first record alone makes the schema.
            let end = place == 0 ? 1 : min(records.count, place + random.pick([1, 3, 20, 500]))
            let name = "\(starts.count + 1).jsonl"
            starts[name] = place
            try pipeline.land(Array(records[place..<end]), as: name)
            place = end
        }
        #expect(try await pipeline.run(threads: random.pick([1, 3])) == .caughtUp)
        var found: [String: Set<Int>] = [:]
        for row in try pipeline.rows("kept") {
            let file = try #require(row["source_file"])
            let start = try #require(starts[URL(fileURLWithPath: file).lastPathComponent])
            let number = start + (try #require(row["source_row"].flatMap { Int($0) }))
            for id in try ids(row["errors"]) { found[id, default: []].insert(number) }
        }
        #expect(pipeline.counts.input == records.count)
        return found
    }

    private func ids(_ errors: String?) throws -> [String] {
        try #require(errors.flatMap { JSON(text: $0) }?.items).compactMap { $0["id"]?.string }
    }

    /// The same of a gate.
    private func brokenInline(_ suite: Suites.Suite, _ path: String) async throws -> [String: Set<Int>] {
        var options = JSONOptions()
        options.fixedColumns = Set(named: suite.expectations.flatMap(\.columnsRead))
        options.readsLines = true
        options.keptOfLongRows = 40
        let types = GateTypes(try JSONSource([path], options: options), for: suite.expectations, now: 0)
        let gate = try Gate(
            suite.expectations, schema: types.source.schema, guessed: types.guessed, now: 0, defaultAction: .quarantine)
        var found: [String: Set<Int>] = [:]
        for line in try await Split(gate, types.source, threads: 2).badLines {
            let record = try #require(JSON(text: line))
            let number = try #require(record["source_row"]?.integer)
            for error in record["errors"]?.items ?? [] {
                if let id = error["id"]?.string { found[id, default: []].insert(Int(number)) }
            }
        }
        return found
    }

    /// The same of a validation of the whole.
    private func brokenAtRest(_ suite: Suites.Suite, _ path: String) async throws -> [String: Set<Int>] {
        var options = JSONOptions()
        options.fixedColumns = Set(named: suite.expectations.flatMap(\.columnsRead))
        let report = await Scanner(threads: 2).judge(
            suite.expectations, source: try JSONSource([path], options: options), now: 0)
        var found: [String: Set<Int>] = [:]
        for result in report.results {
            guard let id = result.expectation.id else { continue }
            #expect(result.rows != nil, "\(id) could not be decided")
            let rows = Set(result.unexpectedRows.map { Int($0.row) })
            #expect(rows.count == result.rows?.unexpectedCount)
            if !rows.isEmpty { found[id] = rows }
        }
        return found
    }

    private func suite() throws -> Suites.Suite {
        let shown = Self.suite.replacingOccurrences(
            of: "}\n", with: ", result_format: {result_format: SUMMARY, partial_unexpected_count: 1000}}\n")
        return try Suites.Suite.parse(text: "suite: events\n" + shown, file: "t.yaml")
    }

    /// Columns of one sort of values, whole numbers and fractions among each other, and numbers that no one type holds.
    @Test(arguments: 1...40 as ClosedRange<UInt64>) func findTheSameRows(_ seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let records = Self.records(among: seed % 2 == 0 ? [] : nil, &random)
        let path = try scratch.file(records.joined(separator: "\n"), "all.jsonl")
        let atRest = try await brokenAtRest(suite(), path)
        let inline = try await brokenInline(suite(), path)
        let piped = try await broken(records, &random)
        #expect(piped == inline, "seed \(seed)")
        #expect(inline == atRest, "seed \(seed)")
    }

    /// Columns of anything: what a gate says of a record, a pipeline says.
    @Test(arguments: 1...40 as ClosedRange<UInt64>) func findTheSameRowsAmongMixedValues(_ seed: UInt64) async throws {
        var random = SeededGenerator(seed: 1_000 + seed)
        let others = Self.longNumbers + Self.texts + Self.booleans + ["[1, 2]", #"{"x": 1}"#]
        let records = Self.records(among: others, &random)
        let path = try scratch.file(records.joined(separator: "\n"), "all.jsonl")
        let inline = try await brokenInline(suite(), path)
        let piped = try await broken(records, &random)
        #expect(piped == inline, "seed \(seed)")
    }
}
