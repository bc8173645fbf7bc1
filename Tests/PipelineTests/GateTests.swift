import Expectations
import Formats
import Foundation
import Pipeline
import Scan
import Statistics
import Suites
import Synchronization
import Tables
import TestSupport
import Testing

/// A gate says of records what a scan says of the table that they make, and puts each in exactly one place.
@Suite struct GateTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private static let suite = """
        suite: orders
        columns:
          id: {required: true}
          name: {matches: "^[a-cé]", length: {min: 1, max: 3}, on_fail: drop}
          amount: {type: "decimal(9,2)", between: [0, 100]}
        expectations:
          - expect_column_values_to_be_in_set: {column: user.country, value_set: [NL, DE], severity: warning}
          - expect_column_values_to_not_be_in_set: {column: name, value_set: [b], row_condition: "amount > 50"}
          - expect_column_pair_values_a_to_be_greater_than_b: {column_A: amount, column_B: least}
          - expect_column_max_to_be_between: {column: amount, max_value: 5}
        """

    /// Lines with all kinds of faults; some are blank.
    private func lines(_ count: Int, _ random: inout SeededGenerator) -> [String] {
        (0..<count).map { number in
            if random.chance(2) { return "{\"id\": \(number), " }
            if random.chance(1) { return "[1]" }
            var members: [String] = []
            if !random.chance(5) { members.append("\"id\": \(random.chance(5) ? "null" : "\(number)")") }
            members.append(
                "\"name\": \(random.pick(["\"a\"", "\"b\"", "\"é\\u0301\"", "\"\"", "7", "\"cccc\"", "null"]))")
            members.append("\"amount\": \(random.pick(["1", "99.5", "-3", "1e2", "\"n/a\"", "100.01", "null", "60"]))")
            members.append("\"least\": \(random.pick(["0", "50", "null"]))")
            if random.chance(80) {
                members.append(
                    "\"user\": {\"country\": \(random.pick(["\"NL\"", "\"DE\"", "\"FR\""])), \"x\": [1, {}]}")
            }
            if random.chance(1) { members.append("\"name\": \"a\"") }
            return random.pick(["", "", " "]) + "{\(members.joined(separator: ", "))}"
                + random.pick(["", "", " ", "\r"])
        }
    }

    private func source(
        _ text: String, chunkBytes: Int = 1 << 20, name: String = "t.jsonl"
    ) throws -> any BatchSource {
        var options = JSONOptions()
        options.chunkBytes = chunkBytes
        if chunkBytes < 1_000 { options.batchCells = 12 }
        options.declaredTypes = try Suite.parse(text: Self.suite, file: "t.yaml").declaredTypes.mapValues(\.type)
        return try JSONSource([try scratch.file(text, name)], options: options)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>) func saysWhatAScanSays(_ seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let rows = lines(random.pick([40, 300]), &random)
        let expectations = try Suite.parse(text: Self.suite, file: "t.yaml").expectations
        let source = try source(rows.joined(separator: "\n"), chunkBytes: random.pick([200, 5_000]))
        let gate = try Gate(expectations, schema: source.schema, now: 0)
        let split = try await Split(gate, source, threads: random.pick([1, 3]))
        // Of malformed records a gate says nothing else.
        let readable = rows.filter {
            $0.trimmingCharacters(in: .whitespacesAndNewlines).hasSuffix("}")
                && $0.split(separator: "\"name\"").count == 2
        }
        let report = await Scanner(threads: 2).judge(
            expectations, source: try self.source(readable.joined(separator: "\n"), name: "readable.jsonl"), now: 0)
        for (rule, failed) in zip(gate.rules, split.report.failures) {
            let result = try #require(
                report.results.first { $0.expectation.fingerprint == rule.expectation.fingerprint })
            #expect(result.rows?.unexpectedCount == failed, "seed \(seed): \(rule.expectation.rule)")
        }
        #expect(split.report.records == rows.count)
        // Every record is there once, in its order, byte by byte; what is dropped is counted.
        #expect(split.good.count == split.report.passed)
        #expect(split.bad.count == split.report.quarantined)
        var (good, bad, dropped) = (split.good[...], split.bad[...], 0)
        for line in rows {
            if good.first == line {
                good.removeFirst()
            } else if bad.first == line {
                bad.removeFirst()
            } else {
                dropped += 1
            }
        }
        #expect(good.isEmpty && bad.isEmpty)
        #expect(dropped == split.report.dropped)
    }

    @Test func doesNotDependOnCutsOrThreads() async throws {
        var random = SeededGenerator(seed: 3)
        let text = lines(400, &random).joined(separator: "\n")
        let suite = Self.suite + "\n  - expect_column_values_to_be_unique: {column: name}"
        let expectations = try Suite.parse(text: suite, file: "t.yaml").expectations
        var wanted: Split?
        for (threads, chunkBytes) in [(1, 1 << 20), (1, 150), (4, 150), (3, 2_000)] {
            let source = try source(text, chunkBytes: chunkBytes)
            let split = try await Split(Gate(expectations, schema: source.schema, now: 0), source, threads: threads)
            wanted = wanted ?? split
            #expect(split == wanted, "\(threads) threads, chunks of \(chunkBytes)")
        }
    }

    @Test func timesWithoutZoneAreThoseOfTheRecords() async throws {
        var options = JSONOptions()
        options.timeZone = try #require(ZoneRule("Europe/Berlin"))
        let lines = ["23:59", "00:00"].map { "{\"t\":\"2024-0\($0 == "00:00" ? "2-01" : "1-31")T\($0)\"}" }
        let source = try JSONSource([try scratch.file(lines.joined(separator: "\n"), "t.jsonl")], options: options)
        let expectations = try Suite.parse(
            text: """
                suite: s
                expectations:
                  - expect_column_values_to_be_between: {column: t, min_value: "2024-02-01"}
                  - expect_column_values_to_be_null: {column: t, row_condition: "t < '2024-02-01'"}
                """, file: "t.yaml"
        ).expectations
        let gate = try Gate(expectations, schema: source.schema, now: 0, timeZone: source.timeZone)
        let split = try await Split(gate, source, threads: 1)
        #expect(split.good == [lines[1]])
        #expect(split.bad == [lines[0]])
    }

    private func split(_ lines: [String], _ expectations: String) async throws -> Split {
        let expectations = try Suite.parse(text: "suite: s\nexpectations:\n\(expectations)", file: "t.yaml")
            .expectations
        let source = try source(lines.joined(separator: "\n"), chunkBytes: 16)
        return try await Split(Gate(expectations, schema: source.schema, now: 0), source, threads: 2)
    }

    @Test func letsTheFirstGoodCopyOfAKeyPass() async throws {
        let lines = [
            #"{"k": 1, "a": -1}"#, #"{"k": 1, "a": 1}"#, #"{"k": 1, "a": 2}"#, #"{"k": null, "a": 1}"#,
            #"{"k": null, "a": 1}"#,
        ]
        let split = try await split(
            lines,
            """
              - expect_column_values_to_be_unique: {column: k}
              - expect_column_values_to_be_between: {column: a, min_value: 0}
            """)
        #expect(split.good == [lines[1], lines[3], lines[4]])
        #expect(split.bad == [lines[0], lines[2]])
        #expect(split.report.failures == [1, 1])
    }

    @Test func keepsApartWhatIsAlsoToBeDropped() async throws {
        let lines = [#"{"a": 1, "b": 1}"#, #"{"a": 9, "b": 1}"#, #"{"a": 9, "b": 9}"#, #"{"a": 1, "b": 9}"#]
        let split = try await split(
            lines,
            """
              - expect_column_values_to_be_between: {column: a, max_value: 5, on_fail: drop}
              - expect_column_values_to_be_between: {column: b, max_value: 5}
              - expect_column_values_to_be_between: {column: a, max_value: 0, on_fail: warn}
            """)
        #expect(split.good == [lines[0]])
        #expect(split.bad == [lines[2], lines[3]])
        #expect(split.report.dropped == 1)
        #expect(split.report.warned == 1)
    }

    @Test func stopsAtTheRecordThatSaysSo() async throws {
        let lines = (1...50).map { #"{"a": \#($0)}"# }
        let split = try await split(
            lines, "  - expect_column_values_to_be_between: {column: a, max_value: 20, on_fail: stop}")
        #expect(split.good == Array(lines[..<20]))
        #expect(split.bad == [lines[20]])
        #expect(split.report.records == 21)
        #expect(split.report.stoppedBy == 0)
    }

    @Test func refusesWhatDoesNotFitTheRecords() throws {
        let expectations = try Suite.parse(
            text: """
                suite: s
                expectations:
                  - expect_column_values_to_be_between: {column: nothing, min_value: 0}
                  - expect_column_values_to_be_between: {column: name, min_value: 0}
                """, file: "t.yaml"
        ).expectations
        do throws(GateProblems) {
            _ = try Gate(expectations, schema: Schema([Field("name", .string)]), now: 0)
            Issue.record("nothing was refused")
        } catch {
            #expect(error.problems.map(\.error.code) == ["unknown-column", "wrong-type"])
        }
    }

    @Test func tellsNothingElseOfAMalformedRecord() async throws {
        let lines = [#"{"a": 1}"#, "[1]", #"{"a": "#, #"{"b": 1}"#, #"{"b": 1, "b": 2}"#]
        let split = try await split(lines, "  - expect_column_values_to_not_be_null: {column: a, on_fail: stop}")
        #expect(split.bad == Array(lines[1...3]))
        #expect(split.report.failures == [1] && split.report.malformed == 2 && split.report.records == 4)
        #expect(split.badLines.map { $0.contains("not_be_null") } == [false, false, true])
    }

    @Test func tellsWhatWentOnWhenTheReaderIsGone() async throws {
        let source = try source((1...5).map { #"{"a": \#($0)}"# }.joined(separator: "\n"))
        let rule = "suite: s\nexpectations:\n  - expect_column_values_to_be_between: {column: a, max_value: 4}"
        let gate = try Gate(try Suite.parse(text: rule, file: "t.yaml").expectations, schema: source.schema, now: 0)
        let gone = SourceError(
            code: "reader-gone", message: "nobody reads it any more", place: "standard output", rowsIntoBatch: 3)
        let stream = GateStream(gate, partitions: source.partitions) { _ throws(SourceError) in
            throw gone
        } bad: { _ in
        }
        var projection = gate.projection
        projection.wantsRecords = true
        await stream.run(try source.open(projection, ordinals: nil), threads: 1)
        let (report, failure) = stream.outcome
        #expect(failure == gone)
        #expect(report.records == 4 && report.passed == 3 && report.quarantined == 1)
    }

    @Test func tellsEverythingOfABadRecord() async throws {
        let split = try await split(
            [#"{"a": 1}"#, #"{"a": -2.50, "b": "x\ty"}"#, "{\"a\": \u{1}"],
            """
              - expect_column_values_to_be_between: {column: a, min_value: 0, id: not-negative}
              - expect_column_values_to_match_regex: {column: b, regex: "^y", description: "b begins with y"}
            """)
        #expect(
            split.badLines == [
                #"{"raw":"{\"a\": -2.50, \"b\": \"x\\ty\"}","source_file":"t.jsonl","source_row":2,"source_offset":9,"rules":["not-negative","expect_column_values_to_match_regex"],"errors":[{"rule":"expect_column_values_to_be_between","id":"not-negative","columns":["a"],"message":"values of a are at least 0","action":"quarantine","values":{"a":-2.50}},{"rule":"expect_column_values_to_match_regex","columns":["b"],"message":"b begins with y","action":"quarantine","values":{"b":"x\ty"}}]}"#,
                #"{"raw":"{\"a\": \u0001","source_file":"t.jsonl","source_row":3,"source_offset":35,"rules":["malformed"],"errors":[{"rule":"malformed","columns":[],"message":"invalid-json: expected a value, at byte 7","action":"quarantine"}]}"#,
            ])
    }
}
