import Expectations
import Foundation
import Suites
import Tables
import Testing

@Suite struct SpellingTests {
    /// `events.short.yaml`, `events.long.yaml` and `events.gx.json` belong together: the part before the first point.
    static let groups = Array(Set(Fixtures.names(in: "good").map { String($0.prefix { $0 != "." }) })).sorted()

    @Test(arguments: groups)
    func allSpellingsMakeTheSameSuite(_ group: String) throws {
        let suites = try Fixtures.names(in: "good").filter { $0.hasPrefix(group + ".") }.map { name in
            try Suite.parse(text: Fixtures.text("good", name), file: name, environment: Fixtures.environment)
        }
        let first = try #require(suites.first)
        #expect(suites.count > 1)
        for other in suites.dropFirst() {
            #expect(other.name == first.name)
            #expect(other.asset == first.asset)
            #expect(Self.fingerprints(other) == Self.fingerprints(first))
            #expect(other.fingerprint == first.fingerprint)
            #expect(other.declaredTypes == first.declaredTypes)
        }
    }

    private static func fingerprints(_ suite: Suite) -> [String] {
        suite.expectations.map { "\($0.kind.name) \($0.columns) \($0.fingerprint)" }.sorted()
    }

    @Test func placesPointAtTheShortSpelling() throws {
        let suite = try Suite.parse(
            text: """
                columns:
                  amount: {type: int, between: [0, 10], mostly: 0.9}
                row_count: [1, null]
                """, file: "orders.yaml")
        let places = suite.expectations.map { expectation in
            let arguments = expectation.arguments.members.map { member in
                "\(member.name) \(member.value.mark.map { "\($0.line):\($0.column)" } ?? "?")"
            }
            return "\(expectation.arguments.mark?.description ?? "?") \(arguments.joined(separator: ", "))"
        }
        #expect(
            places == [
                "orders.yaml:2:3 column 2:3",
                "orders.yaml:2:12 column 2:3, type_ 2:18",
                "orders.yaml:2:23 column 2:3, min_value 2:33, max_value 2:36, mostly 2:49",
                "orders.yaml:3:1 min_value 3:13",
            ])
    }

    @Test func defaultsReachWhatDoesNotSayOtherwise() throws {
        let suite = try Suite.parse(
            text: Fixtures.text("good", "defaults.short.yaml"), file: "defaults.short.yaml")
        let seen = suite.expectations.map { "\($0.kind.name) \($0.severity) \($0.resultFormat.level)" }
        #expect(
            seen == [
                "expect_column_to_exist warning basic", "expect_column_values_to_be_unique warning basic",
                "expect_column_to_exist critical basic", "expect_column_values_to_be_between critical basic",
                "expect_table_row_count_to_be_between warning basic",
            ])
        #expect(suite.expectations.allSatisfy { $0.resultFormat.partialUnexpectedCount == 5 })
    }

    @Test func knowsPersonalColumnsAndDeclaredTypes() throws {
        let suite = try Suite.parse(
            text: """
                description: people
                columns:
                  email: {tags: [pii, contact], type: string}
                  phone: {tags: pii}
                  age: {type: "decimal(3)", tags: []}
                expectations:
                  - expect_column_values_to_be_of_type: {column: age, type_: int}
                  - expect_column_values_to_be_of_type: {column: born, type_: date}
                """, file: "folder/people.yaml")
        #expect(suite.personalColumns == ["email", "phone"])
        #expect(suite.declaredTypes.mapValues(\.text) == ["email": "string", "age": "decimal(3)", "born": "date"])
        #expect(suite.name == "people")
        #expect(suite.asset == nil)
        #expect(suite.description == "people")
        #expect(suite.file == "folder/people.yaml")
    }

    @Test func equalExpectationsHaveTheFullestResult() throws {
        let suite = try Suite.parse(
            text: """
                result_format: BASIC
                expectations:
                  - expect_column_values_to_be_unique: {column: id}
                  - expect_column_values_to_be_unique:
                      column: id
                      severity: info
                      result_format: {result_format: COMPLETE, unexpected_index_column_names: [x], exclude_unexpected_values: true}
                  - expect_column_values_to_be_unique:
                      {column: id, result_format: {partial_unexpected_count: 50, unexpected_index_column_names: [y, x]}}
                """, file: "a.yaml")
        #expect(
            suite.expectations.map(\.resultFormat) == [
                ResultFormat(level: .complete, partialUnexpectedCount: 50, unexpectedIndexColumnNames: ["x", "y"])
            ])
        #expect(suite.expectations.map(\.severity) == [.critical])
    }

    @Test func columnsOfOtherBytesAreDeclaredApart() throws {
        let suite = try Suite.parse(
            text: """
                expectations:
                  - expect_column_values_to_be_of_type: {column: "caf\u{E9}", type_: date}
                  - expect_column_values_to_be_of_type: {column: "cafe\u{301}", type_: string}
                """, file: "a.yaml")
        #expect(
            suite.declaredTypes.sorted { $0.key < $1.key }.map { "\($0.key.text.utf8.count) \($0.value.text)" }
                == ["6 string", "5 date"])
    }

    @Test func equalExpectationsCountOnceAndTheLoudestStays() throws {
        let suite = try Suite.parse(
            text: """
                columns: {id: {unique: true, severity: info}}
                expectations:
                  - expect_column_values_to_be_unique: {column: id}
                  - expect_column_values_to_be_unique: {column: id, severity: warning}
                  - expect_column_values_to_be_unique: {column: id, mostly: 0.5}
                """, file: "a.yaml")
        #expect(
            suite.expectations.map { "\($0.kind.name) \($0.severity)" } == [
                "expect_column_to_exist info", "expect_column_values_to_be_unique critical",
                "expect_column_values_to_be_unique critical",
            ])
    }

    static let actions: [(arguments: [String], usual: OnFail?, action: OnFail)] = [
        (["on_fail: drop", "on_fail: stop"], nil, .stop), (["on_fail: warn", "on_fail: quarantine"], nil, .quarantine),
        (["on_fail: quarantine", "on_fail: drop"], nil, .quarantine),
        (["on_fail: warn", "on_fail: drop"], .stop, .drop),
        // One that doesn't say goes by what is usual, or by its own severity.
        (["on_fail: warn", "severity: critical"], nil, .quarantine), (["on_fail: drop", "severity: info"], nil, .drop),
        (["on_fail: drop", "severity: info"], .stop, .stop),
        (["on_fail: quarantine", "severity: info"], .warn, .quarantine),
        (["severity: critical, on_fail: warn", "severity: warning"], nil, .warn),
    ]

    /// Of two spellings of one rule a gate does what the sterner says.
    @Test(arguments: actions) func equalExpectationsDoWhatTheSternestSays(
        _ arguments: [String], _ usual: OnFail?, _ action: OnFail
    ) throws {
        for arguments in [arguments, arguments.reversed()] {
            let items = arguments.map { "  - expect_column_values_to_be_unique: {column: id, \($0)}\n" }
            let suite = try Suite.parse(text: "expectations:\n" + items.joined(), file: "a.yaml")
            #expect(suite.expectations.map { $0.consequences.action(orElse: usual) } == [action])
        }
    }

    @Test func equalExpectationsKeepAllThatEitherSays() throws {
        let suite = try Suite.parse(
            text: """
                expectations:
                  - expect_column_values_to_be_unique:
                      {column: id, severity: info, on_empty: fail, id: first, notes: why, meta: {a: 1}}
                  - expect_column_values_to_be_unique: {column: id, on_missing_column: skip, on_empty: warn, notes: because}
                  - expect_column_values_to_be_unique: {column: id, description: words, id: last}
                """, file: "a.yaml")
        let united = try #require(suite.expectations.first)
        #expect(suite.expectations.count == 1)
        #expect((united.severity, united.onEmpty, united.onMissingColumn) == (.critical, .fail, .error))
        #expect((united.id, united.description) == ("first", "words"))
        #expect(
            united.summary.notes == [
                JSON.Member("notes", .string("because")), JSON.Member("meta", .object([JSON.Member("a", .integer(1))])),
            ])
    }

    /// In pandas a missing value differs from all others, in SQL nobody knows: they are two rules, and neither may go unasked.
    @Test func equalConditionsOfTwoDialectsAreAMistake() throws {
        let text = """
            expectations:
              - expect_column_values_to_be_unique: {column: id, row_condition: "a != 1"}
              - expect_column_values_to_be_unique: {column: id, row_condition: "a != 1", condition_parser: pandas}
            """
        let problems = #expect(throws: SuiteProblems.self) { try Suite.parse(text: text, file: "a.yaml") }
        #expect(
            problems?.errors.map(\.message) == [
                "expect_column_values_to_be_unique has the same row_condition as another one, in another dialect"
            ])
        #expect(problems?.errors.first?.location?.line == 3)
    }

    @Test func sharesAskedOfRequiredStayApartFromMostly() throws {
        let suite = try Suite.parse(
            text: "columns: {id: {required: true, unique: true, in: [1, 2], mostly: 0.5}}", file: "a.yaml")
        let shares = suite.expectations.map { $0.arguments["mostly"]?.found }
        #expect(shares == [nil, nil, nil, "0.5"])
    }
}
