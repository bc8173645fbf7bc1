import Expectations
import Formats
import Pipeline
import Scan
import Suites
import Tables
import TestSupport
import Testing

/// What nobody declared is judged value by value: what becomes of a record depends on nothing but it, and on keys before it.
@Suite struct GateTypesTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// How an input came: how much of it at first, and in what pieces.
    private struct Cut {
        var sampleBytes = 1 << 18
        var chunkBytes = 1 << 20
        var threads = 1
    }

    private func split(_ lines: [String], _ suite: String, _ cut: Cut = Cut()) async throws -> Split {
        let suite = try Suite.parse(text: suite, file: "t.yaml")
        var options = JSONOptions()
        options.sampleBytes = cut.sampleBytes
        options.chunkBytes = cut.chunkBytes
        options.declaredTypes = suite.declaredTypes.mapValues(\.type)
        options.fixedColumns = Set(named: suite.expectations.flatMap(\.columnsRead))
        options.maximumRowBytes = 600
        options.keptOfLongRows = 40
        let source = try JSONSource([try scratch.file(lines.joined(separator: "\n"), "t.jsonl")], options: options)
        let types = GateTypes(source, for: suite.expectations, now: 0)
        let gate = try Gate(suite.expectations, schema: types.source.schema, guessed: types.guessed, now: 0)
        return try await Split(gate, types.source, threads: cut.threads)
    }

    private static let suite = """
        suite: s
        columns:
          declared: {type: "decimal(9,2)", between: [0, 100]}
          amount: {between: [0, 100]}
          name: {matches: "^[a-c1]", length: {min: 1, max: 4}}
          at: {between: ["2026-01-01", "2026-12-31"]}
          color: {in: [red, 5, "7"]}
        expectations:
          - expect_column_values_to_be_unique: {column: k}
          - expect_compound_columns_to_be_unique: {column_list: [k, name]}
          - expect_column_pair_values_a_to_be_greater_than_b: {column_A: a, column_B: b}
          - expect_column_pair_values_a_to_be_greater_than_b: {column_A: a, column_B: c, or_equal: true, severity: warning}
          - expect_column_values_to_not_be_null: {column: a, row_condition: "b > 3"}
          - expect_column_values_to_be_in_set: {column: c, value_set: [1, 2.5, x], row_condition: 'name == "a"'}
          - expect_column_values_to_be_in_type_list: {column: a, type_list: [int64, string]}
          - expect_column_values_to_not_be_in_set: {column: user.id, value_set: [1, 2]}
        """

    private func lines(_ random: inout SeededGenerator) -> [String] {
        let values = [
            "1", "1.0", "2", "2.50", "2.5", "-3", "1e2", "9007199254740993", "9007199254740992", "9007199254740992.0",
            "123456789012345678901", "1e999", "1e300", "true", "false", "null", "\"\"", "\"1\"", "\"a\"", "\"x\\ty\"",
            "\"2026-05-01\"", "\"2026-05-01T10:00:00+02:00\"", "\"n/a\"", "[1]", "{}", "{\"id\": 1}", "{\"id\": \"1\"}",
        ]
        // Streams mostly hold a few forms, with others among them.
        let usual = (0..<8).map { _ in (0..<3).map { _ in random.pick(values) } }
        return (0..<120).map { _ in
            if random.chance(2) { return random.pick(["{\"k\": ", "[1]", "5", "{\"k\": 1, \"k\": 2}"]) }
            if random.chance(1) { return "{\"k\": \"\(String(repeating: "y", count: 700))\"}" }
            let members = ["declared", "amount", "name", "at", "color", "k", "a", "b", "c", "user"].enumerated()
                .compactMap { place, name in
                    random.chance(15)
                        ? nil : "\"\(name)\": \(random.pick(random.chance(85) ? usual[place % 8] : values))"
                }
            return "{\(members.joined(separator: ", "))}"
        }
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>) func doesNotDependOnHowTheInputCame(_ seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let lines = lines(&random)
        let whole = try await split(lines, Self.suite)
        for sampleBytes in [64, 300, 3_000] {
            let cut = Cut(
                sampleBytes: sampleBytes, chunkBytes: random.pick([16, 90, 1_000, 1 << 20]),
                threads: random.pick([1, 3])
            )
            let cutUp = try await split(lines, Self.suite, cut)
            for (line, other) in zip(whole.badLines, cutUp.badLines) { #expect(line == other, "seed \(seed), \(cut)") }
            #expect(cutUp == whole, "seed \(seed), \(cut)")
        }
        // Each record is in one of the outputs, once.
        var (good, bad) = (whole.good[...], whole.bad[...])
        for line in lines {
            if good.first == line {
                good.removeFirst()
            } else {
                let kept = bad.popFirst()
                #expect(
                    kept == line || line.utf8.count > 600 && line.hasPrefix(kept ?? "?"), "seed \(seed): \(line)")
            }
        }
        #expect(good.isEmpty && bad.isEmpty)
        #expect(whole.report.records == lines.count)
    }

    private static let rulesOfNumbersAndTexts = """
        suite: s
        columns:
          amount: {between: [0, 100]}
          least: {in: [1, 2.5, 9007199254740993], not_in: [100]}
          name: {matches: "^[a-c]", length: {min: 1, max: 4}, in: [a, b1, bc]}
          isOpen: {in: [true]}
          day: {between: ["2026-01-01", "2026-12-31"]}
        expectations:
          - expect_column_pair_values_a_to_be_greater_than_b: {column_A: amount, column_B: least}
          - expect_column_pair_values_a_to_be_greater_than_b: {column_A: least, column_B: amount, or_equal: true, severity: warning}
          - expect_column_values_to_not_be_null: {column: name, row_condition: "amount > 2.5"}
          - expect_column_values_to_be_null: {column: least, row_condition: 'name == "a"'}
          - expect_column_values_to_be_between: {column: amount, min_value: 1, strict_min: true, on_fail: warn}
        """

    /// Where each column has one sort of values that one type holds, in whatever order, the gate counts what a validation of all
    /// records counts.
    @Test(arguments: 1...20 as ClosedRange<UInt64>) func countsWhatAValidationCounts(_ seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let numbers = [
            "1", "2.5", "2.50", "-3", "1e2", "100", "99.99", "9007199254740993", "9007199254740992",
            "12345678901234567890", "0.12345678901234567", "null",
        ]
        let texts = [#""a""#, #""b1""#, #""xyzzy""#, #""""#, "null"]
        let days = [
            #""2026-05-01""#, #""2027-01-01""#, #""2026-12-31T00:00:00Z""#, #""2025-12-31T23:59:59Z""#,
            #""2026-02-30""#,
            #""n/a""#,
        ]
        let sorts = [numbers, numbers, texts, ["true", "false", "null"], days].map { values in
            (0..<random.pick([2, values.count])).map { _ in random.pick(values) }
        }
        let lines = (0..<150).map { _ in
            let members = zip(["amount", "least", "name", "isOpen", "day"], sorts).map {
                "\"\($0)\": \(random.pick($1))"
            }
            return "{\(members.joined(separator: ", "))}"
        }
        let cut = Cut(sampleBytes: 64, chunkBytes: random.pick([16, 90, 1_000]), threads: 2)
        let split = try await split(lines, Self.rulesOfNumbersAndTexts, cut)
        let suite = try Suite.parse(text: Self.rulesOfNumbersAndTexts, file: "t.yaml")
        var options = JSONOptions()
        options.fixedColumns = Set(named: suite.expectations.flatMap(\.columnsRead))
        let source = try JSONSource([try scratch.file(lines.joined(separator: "\n"), "whole.jsonl")], options: options)
        let run = await Scanner(threads: 1).judge(suite.expectations, source: source, now: 0)
        let counts = run.results.compactMap { $0.rows?.unexpectedCount }
        #expect(counts == split.report.failures, "seed \(seed)")
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let rules: String
        let good: [String]
        let bad: [String]
    }

    static let cases = [
        Case(
            testDescription: "a rule with a condition about many columns",
            rules: """
                amount: {}
                expectations:
                  - expect_column_values_to_be_between:
                      column: amount
                      min_value: 0
                      row_condition: "country = 'NL' AND status = 'paid' AND kind = 'web' AND currency = 'EUR' AND isOpen AND n > 2"
                """,
            good: [
                #"{"amount":1,"country":"NL","status":"paid","kind":"web","currency":"EUR","isOpen":true,"n":3}"#,
                #"{"amount":-1,"country":"NL","status":"paid","kind":"web","currency":"EUR","isOpen":true,"n":"3"}"#,
                #"{"amount":-1,"country":5,"status":"paid","kind":"web","currency":"EUR","isOpen":true,"n":3}"#,
            ],
            bad: [#"{"amount":-1,"country":"NL","status":"paid","kind":"web","currency":"EUR","isOpen":true,"n":2.5}"#]),
        Case(
            testDescription: "a fraction behind whole numbers", rules: "amount: {between: [0, 10]}",
            good: [#"{"amount": 1}"#, #"{"amount": 1.5}"#], bad: [#"{"amount": 10.5}"#]),
        Case(
            testDescription: "a text among numbers", rules: "amount: {between: [0, 10]}",
            good: [#"{"amount": 1}"#, #"{"amount": null}"#], bad: [#"{"amount": "1"}"#, #"{"amount": [1]}"#]),
        Case(
            testDescription: "whole numbers that doubles take for others",
            rules: "amount: {between: [0, 9007199254740992]}",
            good: [#"{"amount": 1.5}"#, #"{"amount": 9007199254740992}"#],
            bad: [#"{"amount": 9007199254740993}"#]),
        Case(
            testDescription: "numbers of up to 38 digits, however many of them behind the point",
            rules: "amount: {between: [0, 1000]}",
            good: [
                #"{"amount": 999.9999999999999999999999}"#, #"{"amount": 99.999999999999999999999}"#,
                #"{"amount": 1e-38}"#, #"{"amount": 5}"#,
            ],
            bad: [
                #"{"amount": 1000.0000000000000000000001}"#, #"{"amount": -1e-30}"#, #"{"amount": 1e-400}"#,
                #"{"amount": 0.123456789012345678901234567890123456789}"#,
            ]),
        Case(
            testDescription: "numbers that are equal are one key", rules: "k: {unique: true}",
            good: [
                #"{"k": 1}"#, #"{"k": 1.5}"#, #"{"k": "1"}"#, #"{"k": true}"#, #"{"k": "true"}"#,
                #"{"k": 123456789012345678901}"#,
            ],
            bad: [#"{"k": 1.0}"#, #"{"k": 1.50}"#, #"{"k": true}"#, #"{"k": 123456789012345678901}"#]),
        Case(
            testDescription: "times with an offset", rules: #"at: {between: ["2026-01-01", "2026-12-31"]}"#,
            good: [#"{"at": "2026-05-01"}"#, #"{"at": "2026-01-01T01:00:00+01:00"}"#],
            bad: [#"{"at": "2026-01-01T00:30:00+01:00"}"#, #"{"at": "n/a"}"#, #"{"at": 5}"#]),
        Case(
            testDescription: "a pattern matches a number as it was written", rules: "zip: {matches: \"^[0-9.]{4}$\"}",
            good: [#"{"zip": "1000"}"#, #"{"zip": 1000}"#, #"{"zip": 1.50}"#],
            bad: [#"{"zip": 1.5}"#, #"{"zip": true}"#]),
    ]

    @Test(arguments: cases) func judgesEachValueByItsType(_ c: Case) async throws {
        let suite = "suite: s\ncolumns:\n  \(c.rules)"
        let split = try await split(c.good + c.bad, suite, Cut(sampleBytes: 64, chunkBytes: 16))
        #expect(split.good == c.good)
        #expect(split.bad == c.bad)
        // The same where the others come first; of equal keys the first one is good then.
        let turned = try await self.split(c.bad + c.good, suite)
        #expect(turned.report.passed == c.good.count)
    }

    /// Such a value breaks the rule because it can't be compared, and not because of where it lies.
    @Test func namesWhatCannotBeCompared() async throws {
        let split = try await split(
            [#"{"amount": 1e-400, "declared": 5}"#, #"{"amount": -5, "declared": "x"}"#],
            "suite: s\ncolumns: {amount: {between: [0, 9]}, declared: {type: int64, between: [0, 9]}}")
        let errors = try split.badLines.map { try #require(JSON(text: $0)?["errors"]?.items) }
        #expect(
            errors.map { $0.map { "\($0["columns"]?.text() ?? "") \($0["uncomparable"]?.text() ?? "-")" } } == [
                [#"["amount"] ["amount"]"#],
                [#"["amount"] -"#, #"["declared"] ["declared"]"#, #"["declared"] ["declared"]"#],
            ])
    }

    @Test func keepsARecordApartThatIsTooLong() async throws {
        let long = #"{"k": ""# + String(repeating: "é", count: 400) + #""}"#
        let split = try await split([long, #"{"k": 1}"#, long], "suite: s\ncolumns: {k: {required: true}}")
        #expect(split.good == [#"{"k": 1}"#])
        let raw = #"{\"k\": \""# + String(repeating: "é", count: 16)
        #expect(
            split.badLines.first
                == #"{"raw":"\#(raw)","source_file":"t.jsonl","source_row":1,"source_offset":0,"rules":["row-too-long"],"errors":[{"rule":"row-too-long","columns":[],"message":"the row has 809 bytes, more than 600","action":"quarantine"}]}"#
        )
        #expect(split.bad.count == 2)
    }

    @Test func refusesRulesForNoTypeWhateverComes() async throws {
        for line in [#"{"a": 1}"#, #"{"a": "x"}"#, "{}"] {
            await #expect(throws: GateProblems.self) {
                _ = try await split(
                    [line],
                    """
                    suite: s
                    expectations:
                      - {expect_column_values_to_not_be_null: {column: a, row_condition: "a > 1 AND a LIKE 'x%'"}}
                    """)
            }
        }
    }
}
