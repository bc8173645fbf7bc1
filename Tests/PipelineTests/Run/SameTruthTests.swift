import Expectations
import Formats
import Foundation
import Intake
import Pipeline
import Scan
import Suites
import Tables
import TestSupport
import Testing

@testable import Delta

/// The gate says of records what validation says of the table that they make: the same counts and the same rows for each rule.
@Suite struct SameTruthTests {
    /// Kinds that judge rows, with arguments by chance.
    private static func rules(_ random: inout SeededGenerator) -> [String] {
        let (low, high) = (Int.random(in: -5...3, using: &random), Int.random(in: 3...9, using: &random))
        let all = [
            "expect_column_values_to_not_be_null: {column: id",
            "expect_column_values_to_be_null: {column: note",
            "expect_column_values_to_be_between: {column: amount, min_value: \(low), max_value: \(high), strict_max: \(random.chance(50))",
            "expect_column_values_to_be_in_set: {column: kind, value_set: [a, é]",
            "expect_column_values_to_not_be_in_set: {column: kind, value_set: [b, \"\"]",
            "expect_column_values_to_match_regex: {column: kind, regex: \"^[a-cé]+$\"",
            "expect_column_value_lengths_to_be_between: {column: kind, min_value: 1, max_value: \(random.pick([1, 2]))",
            "expect_column_pair_values_a_to_be_greater_than_b: {column_A: amount, column_B: least, or_equal: \(random.chance(50))",
            "expect_column_values_to_be_between: {column: at, min_value: \"2026-11-20T00:00:00Z\"",
            "expect_column_values_to_not_be_null: {column: user.country, row_condition: \"amount > \(low)\"",
            "expect_column_values_to_be_between: {column: at, min_value: \"2026-11-20 00:30\", max_value: \"2026-11-20T01:30:00\", strict_max: true",
            "expect_column_values_to_not_be_in_set: {column: at, value_set: [\"2026-11-20 00:30:00\", 2026-11-20]",
            "expect_column_values_to_not_be_null: {column: note, row_condition: \"at < '2026-11-20 01:00'\"",
            "expect_column_values_to_be_between: {column: when, max_value: \"2026-11-20 01:00\"",
            "expect_column_pair_values_a_to_be_greater_than_b: {column_A: at, column_B: day, or_equal: true",
        ]
        return all.filter { _ in random.chance(60) }.enumerated().map { number, rule in
            "  - \(rule), id: r\(number), result_format: {result_format: SUMMARY, partial_unexpected_count: 1000}}"
        }
    }

    private static let columns =
        "columns: {id: {type: int64}, amount: {type: \"decimal(9,2)\"}, least: {type: float64}, at: {type: timestamp}, kind: {type: string}, note: {type: string}, when: {}, day: {type: date}, user.country: {type: string}}"

    /// A record with all columns: a file has no others than its records have, and a pipeline's table has those that are declared.
    private static let whole =
        #"{"id": 1, "amount": 3, "least": 3, "at": "2026-11-20T00:00:00Z", "kind": "a", "note": null, "when": "2026-11-20", "day": "2026-11-20", "user": {"country": "DE"}}"#

    private static func record(_ random: inout SeededGenerator, isClean: Bool) -> String {
        if !isClean {
            if random.chance(3) { return random.pick(["{\"id\": 1", "[]", "7", "{\"id\": \"\\ud800\"}", "\u{1}"]) }
            if random.chance(3) { return #"{"id": "one", "amount": "n/a", "at": "21/11/2026"}"# }
        }
        var members: [String] = []
        func member(_ name: String, _ values: [String]) {
            if !random.chance(10) { members.append("\"\(name)\": \(random.pick(values))") }
        }
        member("id", ["1", "2", "3", "null", "-9223372036854775808"])
        member("amount", ["0", "3", "3.00", "8.99", "9", "-5.5", "null", "1e2"])
        member("least", ["3", "3.0", "-1e-3", "8.99", "null"])
        member(
            "at",
            [
                "\"2026-11-20T00:00:00Z\"", "\"2026-11-19T23:59:59.999999Z\"", "\"2026-11-20T01:00:00+02:00\"", "null",
                "\"2026-11-20 00:30\"", "\"2026-11-20T01:30:00\"", "\"2026-11-19T23:30:00Z\"", "\"2026-11-20\"",
            ])
        member("when", ["\"2026-11-20 00:59\"", "\"2026-11-20T01:00:00\"", "\"2026-11-20T00:30:00Z\"", "null"])
        member("day", ["\"2026-11-20\"", "\"2026-11-19\"", "null"])
        member("kind", ["\"a\"", "\"b\"", "\"é\"", "\"e\\u0301\"", "\"\"", "\"aa\"", "null"])
        member("note", ["\"x\"", "null", "null"])
        member("user", ["{\"country\": \"DE\"}", "{}", "{\"country\": null}", "null"])
        return "{\(members.joined(separator: ", "))}"
    }

    private func judge(
        _ expectations: [Expectations.Expectation], _ source: any BatchSource
    ) async throws -> [ExpectationResult] {
        let report = await Scanner(threads: 2).judge(expectations, source: source, now: 0)
        #expect(report.failure == nil)
        return report.results
    }

    @Test(arguments: 1...30 as ClosedRange<UInt64>) func saysTheSame(_ seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let isClean = random.chance(60)
        let zone = random.pick([nil, "Europe/Berlin", "-03:30"])
        let rules = Self.rules(&random)
        let suite = "\(Self.columns)\nexpectations:\n\(rules.isEmpty ? "  []" : rules.joined(separator: "\n"))\n"
        let pipeline = try TestPipeline(
            silver: "gate: {suite: events, on_fail: quarantine}", suite: suite,
            // The table that is validated has the columns that the suite declares, and the pipeline's shall too.
            source: "schema_evolution: rescue" + (zone.map { "\ntimezone: \($0)" } ?? ""))
        let records =
            [Self.whole] + (0..<random.pick([0, 30, 300])).map { _ in Self.record(&random, isClean: isClean) }
        let path = try pipeline.land(records)
        #expect(try await pipeline.run(threads: random.pick([1, 3])) == .caughtUp)

        let loaded = try #require(pipeline.definition.silver.gate?.suite)
        var options = JSONOptions()
        options.readsLines = true
        options.timeZone = zone.flatMap { ZoneRule($0) } ?? .utc
        options.declaredTypes = loaded.declaredTypes.mapValues(\.type)
        let results = try await judge(loaded.expectations, JSONSource([path], options: options))
        var wanted: [String: Set<Int>] = [:]
        for result in results {
            guard let id = result.expectation.id, id.hasPrefix("r") else { continue }
            wanted[id] = Set(result.unexpectedRows.map { Int($0.row) })
            #expect(result.unexpectedRows.count == result.rows?.unexpectedCount, "seed \(seed)")
        }
        let kept = try pipeline.rows("kept")
        var (found, unfit) = ([String: Set<Int>](), Set<Int>())
        for row in kept {
            let number = try #require(row["source_row"].flatMap { Int($0) })
            for error in try #require(row["errors"].flatMap { JSON(text: $0) }?.items) {
                if let id = error["id"]?.string { found[id, default: []].insert(number) } else { unfit.insert(number) }
            }
        }
        // Of a malformed record a gate says nothing else.
        let malformed = Set(
            kept.filter { $0["rules"] == #"["malformed"]"# }.compactMap { $0["source_row"].flatMap { Int($0) } })
        for id in wanted.keys { wanted[id]?.subtract(malformed) }
        let explanation = Comment(rawValue: "seed \(seed), \(zone ?? "no zone"): \(suite)")
        if isClean { #expect(unfit.isEmpty, explanation) }
        #expect(found == wanted.filter { !$0.value.isEmpty }, explanation)
        #expect(kept.count == Set(wanted.values.joined()).union(unfit).count, explanation)
        #expect(pipeline.counts.output + kept.count == records.count, explanation)

        // What is in silver breaks none of the rules.
        var silver = try DeltaSource(table: pipeline.scratch.path("silver"))
        silver.timeZone = options.timeZone
        for result in try await judge(loaded.expectations, silver) {
            #expect(result.rows?.unexpectedCount ?? 0 == 0, explanation)
        }
    }
}
