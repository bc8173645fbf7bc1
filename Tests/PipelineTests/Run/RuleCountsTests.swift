import Expectations
import Formats
import Foundation
import Pipeline
import Scan
import Suites
import Tables
import TestSupport
import Testing

/// How many records break a rule is one number, whoever tells it: a validation, a gate, a pipeline's batches, its state, its quarantine.
@Suite struct RuleCountsTests {
    private static let contracts = """
        result_format: {result_format: SUMMARY, partial_unexpected_count: 1000}
        columns:
          a: {type: int64, required: true, between: [0, 50]}
          b: {type: string, matches: "^[a-z]+$", length: [1, 3]}
          c: {type: "decimal(8,2)", in: [1.5, 2, 3.25]}
          d: {type: timestamp, between: ["2026-01-01", "2026-06-30"]}
          e: {type: boolean, in: [true]}

        """

    /// Rules besides, with what becomes of records by chance; the first two are told of in the same words.
    private static func rules(_ random: inout SeededGenerator) -> String {
        let all = [
            "expect_column_values_to_be_between: {column: a, min_value: 5, max_value: 40, mostly: 0.9",
            "expect_column_values_to_be_between: {column: a, min_value: 5, max_value: 40, mostly: 0.5",
            "expect_column_values_to_be_null: {column: e, row_condition: \"c > 1.5\"",
            "expect_column_pair_values_a_to_be_greater_than_b: {column_A: c, column_B: a",
            "expect_column_values_to_not_be_in_set: {column: b, value_set: [a, \"5\"]",
        ]
        return "expectations:\n"
            + all.map { "  - \($0), on_fail: \(random.pick(["quarantine", "warn", "drop"]))}\n" }.joined()
    }

    private static let whole = #"{"a": 7, "b": "a", "c": 2, "d": "2026-01-01T00:00:00Z", "e": true}"#
    private static let good = [
        "a": ["-5", "0", "7", "33", "50", "60"], "b": [#""a""#, #""bc""#, #""ghij""#, #""é""#],
        "c": ["1.5", "2", "3.25", "4"], "d": [#""2026-01-01T00:00:00Z""#, #""2026-05-05""#, #""2027-01-01""#],
        "e": ["true", "false"],
    ]
    private static let junk = [
        "null", #""""#, #""x""#, "5", "1.5", "true", "[1]", #"{"z": 1}"#, #""5""#, #""2026-02-01""#, #""1.50""#,
        #""true""#, "1e300", "-1", "1180591620717411303424", #""ABCD""#, #""2026-13-01""#, "0.30000000000000004",
    ]

    private static func record(_ random: inout SeededGenerator) -> String {
        if random.chance(3) { return random.pick(["{\"a\": 1", "[]", "7", #"{"a": "\ud800"}"#]) }
        let members = good.sorted { $0.key < $1.key }.compactMap { name, values in
            random.chance(5) ? nil : "\"\(name)\": \(random.pick(random.chance(20) ? junk : values))"
        }
        return "{\(members.joined(separator: ", "))}"
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>) func areTheSameWhoeverTells(_ seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let text = Self.contracts + Self.rules(&random)
        let pipeline = try TestPipeline(
            silver: "gate: {suite: events, on_fail: quarantine}", suite: text, source: "schema_evolution: rescue")
        let records = [Self.whole] + (0..<random.pick([20, 300])).map { _ in Self.record(&random) }
        let starts = try land(records, pipeline, &random)
        #expect(try await pipeline.run(threads: random.pick([1, 3])) == .caughtUp)
        let suite = try #require(pipeline.definition.silver.gate?.suite)
        let path = try pipeline.scratch.file(records.map { $0 + "\n" }.joined(), "all.jsonl")
        let kept = try pipeline.rows("kept").map { try Kept($0, starts) }
        let malformed = Set(kept.filter(\.isMalformed).map(\.record))
        let atRest = try await atRest(suite, path).mapValues { $0.subtracting(malformed) }
        let explanation = Comment(rawValue: "seed \(seed): \(text)")
        #expect(!atRest.isEmpty, explanation)

        let inline = try await inline(suite, path)
        #expect(inline == atRest.mapValues(\.count).filter { inline[$0.key] != nil }, explanation)

        // People are told in words: what breaks several rules of the same words is one record.
        var wanted: [Told: Set<Int>] = [:]
        for rule in suite.expectations {
            let action = rule.consequences.action(orElse: .quarantine)
            guard let rows = atRest[rule.fingerprint], !rows.isEmpty else { continue }
            wanted[Told(words: rule.rule, action: action.rawValue), default: []].formUnion(rows)
        }
        let state = Self.counts(try pipeline.overview().rules)
        #expect(state == wanted.mapValues(\.count), explanation)
        var batches: [Told: Int] = [:]
        for case .committed(let summary) in pipeline.events {
            batches.merge(Self.counts(summary.rules)) { $0 + $1 }
        }
        #expect(batches == state, explanation)

        // The quarantine has all that its records broke; of rules that keep records apart, all records.
        let apart = Set(kept.map(\.record))
        var broken: [Told: Set<Int>] = [:]
        for record in kept {
            for error in record.errors where !Self.isOfStages(error) {
                broken[error, default: []].insert(record.record)
            }
        }
        #expect(broken == wanted.mapValues { $0.intersection(apart) }.filter { !$0.value.isEmpty }, explanation)
        for (rule, rows) in wanted where rule.action == "quarantine" { #expect(rows.isSubset(of: apart), explanation) }
    }

    /// A rule, as people are told of it.
    private struct Told: Hashable {
        let words: String
        let action: String
        /// The kind; it says no more than the words do.
        var rule: String?

        static func == (left: Told, right: Told) -> Bool { left.words == right.words && left.action == right.action }

        func hash(into hasher: inout Hasher) {
            hasher.combine(words)
            hasher.combine(action)
        }
    }

    /// What is wrong with records whatever the rules.
    private static let ofStages = "records can be read, and their values made"

    private static func isOfStages(_ error: Told) -> Bool { !(error.rule ?? "").hasPrefix("expect_") }

    private static func counts(_ rules: [BatchManifest.RuleCount]) -> [Told: Int] {
        Dictionary(
            uniqueKeysWithValues: rules.filter { $0.rule != ofStages }.map {
                (Told(words: $0.rule, action: $0.action?.rawValue ?? ""), $0.count)
            })
    }

    /// A record of the quarantine.
    private struct Kept {
        /// Among all records, from 1.
        let record: Int
        let isMalformed: Bool
        let errors: [Told]

        init(_ row: [String: String], _ starts: [String: Int]) throws {
            let file = URL(fileURLWithPath: try #require(row["source_file"])).lastPathComponent
            record = try #require(starts[file]) + (try #require(row["source_row"].flatMap { Int($0) }))
            isMalformed = row["rules"] == #"["malformed"]"#
            errors = try #require(row["errors"].flatMap { JSON(text: $0) }?.items).map { error in
                Told(
                    words: error["message"]?.string ?? "", action: error["action"]?.string ?? "",
                    rule: error["rule"]?.string)
            }
        }
    }

    /// Lands records in files of any size; how many records come before each.
    private func land(
        _ records: [String], _ pipeline: TestPipeline, _ random: inout SeededGenerator
    ) throws -> [String: Int] {
        var starts: [String: Int] = [:]
        var place = 0
        while place < records.count {
            let end = min(records.count, place + random.pick([1, 20, 500]))
            let name = "\(starts.count + 1).jsonl"
            starts[name] = place
            try pipeline.land(Array(records[place..<end]), as: name)
            place = end
        }
        return starts
    }

    private static func options(_ suite: Suites.Suite) -> JSONOptions {
        var options = JSONOptions()
        options.readsLines = true
        options.declaredTypes = suite.declaredTypes.mapValues(\.type)
        return options
    }

    /// By rule, the records that a validation of the whole finds.
    private func atRest(_ suite: Suites.Suite, _ path: String) async throws -> [String: Set<Int>] {
        let source = try JSONSource([path], options: Self.options(suite))
        let report = await Scanner(threads: 2).judge(suite.expectations, source: source, now: 0)
        #expect(report.failure == nil)
        var found: [String: Set<Int>] = [:]
        for result in report.results {
            guard let rows = result.rows else { continue }
            found[result.expectation.fingerprint] = Set(result.unexpectedRows.map { Int($0.row) })
            #expect(result.unexpectedRows.count == rows.unexpectedCount)
        }
        return found
    }

    /// By rule, how many records a gate finds.
    private func inline(_ suite: Suites.Suite, _ path: String) async throws -> [String: Int] {
        var options = Self.options(suite)
        options.fixedColumns = Set(named: suite.expectations.flatMap(\.columnsRead))
        options.keptOfLongRows = 40
        let types = GateTypes(try JSONSource([path], options: options), for: suite.expectations, now: 0)
        let gate = try Gate(
            suite.expectations, schema: types.source.schema, guessed: types.guessed, now: 0, defaultAction: .quarantine)
        let report = try await Split(gate, types.source, threads: 2).report
        return Dictionary(
            uniqueKeysWithValues: zip(gate.rules, report.failures).map { ($0.expectation.fingerprint, $1) })
    }

    static let stopping = [
        // Something else is wrong with the record.
        ("columns: {id: {required: true}, kind: {in: [x, y], on_fail: stop}}", ""),
        // It is the very value that is none of its column's type.
        ("columns: {amount: {between: [0, 1000], on_fail: stop}}", ""),
        // It can't be made.
        ("columns: {kind: {in: [x, y], on_fail: stop}}", "select: {made: \"int64(text)\"}\n"),
    ]

    /// What else is wrong with a record doesn't save its batch.
    @Test(arguments: stopping) func holdABatchWhateverElseIsWrong(_ suite: String, _ select: String) async throws {
        let pipeline = try TestPipeline(silver: select + "gate: {suite: events}", suite: suite + "\n")
        try pipeline.land([#"{"id": 1, "amount": 5, "kind": "x", "text": "1"}"#])
        #expect(try await pipeline.run() == .caughtUp)
        try pipeline.land([
            #"{"id": 3, "amount": "n/a", "kind": "WRONG", "text": "one"}"#,
            #"{"id": 4, "amount": 7, "kind": "y", "text": "2"}"#,
        ])
        guard case .held(let reason) = try await pipeline.run() else {
            Issue.record("it is not held")
            return
        }
        #expect(reason.hasPrefix("a record breaks a rule that stops the pipeline: "))
        // Let pass, it is counted as what it is.
        try pipeline.letPass()
        #expect(try await pipeline.run() == .caughtUp)
        #expect(
            try pipeline.overview().rules.contains { $0.action == .stop && $0.count == 1 && reason.hasSuffix($0.rule) })
        #expect(try pipeline.cells("kept", "errors").allSatisfy { $0.contains(#""action":"stop""#) })
        #expect(pipeline.counts.quarantined == 1)
    }

    /// Of a record that is filtered no rule is asked.
    @Test func leaveOutWhatIsFiltered() async throws {
        let pipeline = try TestPipeline(
            silver: "filter: \"kind = 'x'\"\ngate: {suite: events}",
            suite: "columns: {amount: {between: [0, 10], on_fail: stop}}\n")
        try pipeline.land([#"{"amount": 500, "kind": "y"}"#, #"{"amount": 5, "kind": "x"}"#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.overview().rules.isEmpty)
        #expect(pipeline.counts.filtered == 1)
    }
}
