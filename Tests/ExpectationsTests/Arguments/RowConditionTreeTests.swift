import Testing

@testable import Expectations
@testable import Suites

/// GX 1.x's row conditions, out of the JSON that it writes.
@Suite struct RowConditionTreeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let tree: String
        let text: String
        var testDescription: String { text }
    }

    static let leaf = #"{"type": "comparison", "column": {"name": "a"}, "operator": "==", "parameter": 1}"#

    static let cases = [
        Case(tree: leaf, text: #""a" = 1"#),
        Case(
            tree: #"{"type": "comparison", "column": {"name": "a b"}, "operator": "!=", "parameter": "it's"}"#,
            text: #""a b" <> 'it''s'"#),
        Case(
            tree: #"{"type": "comparison", "column": {"name": "a"}, "operator": "<", "parameter": 1.50}"#,
            text: #""a" < 1.5"#),
        Case(
            tree: #"{"type": "comparison", "column": {"name": "a"}, "operator": ">=", "parameter": true}"#,
            text: #""a" >= TRUE"#),
        Case(
            tree: #"{"type": "comparison", "column": {"name": "a"}, "operator": "IN", "parameter": ["x", "y"]}"#,
            text: #""a" IN ('x', 'y')"#),
        Case(
            tree: #"{"type": "comparison", "column": {"name": "a"}, "operator": "NOT_IN", "parameter": [1, 2.5]}"#,
            text: #""a" NOT IN (1, 2.5)"#),
        Case(tree: #"{"type": "nullity", "column": {"name": "a"}, "is_null": true}"#, text: #""a" IS NULL"#),
        Case(tree: #"{"type": "nullity", "column": {"name": "a"}, "is_null": false}"#, text: #""a" IS NOT NULL"#),
        Case(
            tree:
                #"{"type": "and", "conditions": [\#(leaf), {"type": "nullity", "column": {"name": "b"}, "is_null": true}]}"#,
            text: #""a" = 1 AND "b" IS NULL"#),
        Case(
            tree: #"{"type": "or", "conditions": [{"type": "and", "conditions": [\#(leaf), \#(leaf)]}, \#(leaf)]}"#,
            text: #""a" = 1 AND "a" = 1 OR "a" = 1"#),
        Case(
            tree: #"{"type": "and", "conditions": [{"type": "or", "conditions": [\#(leaf), \#(leaf)]}, \#(leaf)]}"#,
            text: #"("a" = 1 OR "a" = 1) AND "a" = 1"#),
        Case(tree: #"{"type": "or", "conditions": [\#(leaf)]}"#, text: #""a" = 1"#),
    ]

    @Test(arguments: cases) func becomeConditionsOfOurs(_ c: Case) throws {
        #expect(try Self.condition(try Self.argument(c.tree)) == c.text)
    }

    static let mistakes: [(tree: String, message: String)] = [
        ("{}", "1:1 row_condition: a row condition needs type [missing-argument]"),
        (
            #"{"type": "xor"}"#,
            "1:10 type must be one of comparison, nullity, and, or, got \"xor\" [bad-argument] | did you mean or?"
        ),
        (
            #"{"type": "pass_through", "pass_through_filter": "a > 1"}"#,
            "1:10 type must be one of comparison, nullity, and, or, got \"pass_through\" [bad-argument]"
        ),
        (#"{"type": "and"}"#, "1:1 row_condition: an \"and\" needs conditions [missing-argument]"),
        (
            #"{"type": "and", "conditions": []}"#,
            "1:31 conditions must be a list of one condition or more, got a list [bad-argument]"
        ),
        (#"{"type": "or", "conditions": [5]}"#, "1:31 a row condition must be a mapping, got 5 [bad-argument]"),
        (
            #"{"type": "nullity", "column": {"name": "a"}, "is_null": "yes"}"#,
            "1:57 is_null must be true or false, got the text \"yes\" [bad-argument]"
        ),
        (
            #"{"type": "nullity", "colum": {"name": "a"}, "is_null": true}"#,
            "1:21 row_condition: a nullity has no key \"colum\" [unknown-argument] | did you mean column?"
        ),
        (
            #"{"type": "nullity", "column": "a", "is_null": true}"#,
            "1:31 column must be a mapping with the column's name, got the text \"a\" [bad-argument]"
        ),
        (
            #"{"type": "comparison", "column": {"name": 5}, "operator": "==", "parameter": 1}"#,
            "1:43 name must be text, got 5 [bad-argument] | put it in quotes"
        ),
        (
            #"{"type": "comparison", "column": {"name": "a"}, "operator": "=", "parameter": 1}"#,
            "1:61 operator must be one of ==, !=, <, <=, >, >=, IN, NOT_IN, got \"=\" [bad-argument] | did you mean ==?"
        ),
        (
            #"{"type": "comparison", "column": {"name": "a"}, "operator": "=="}"#,
            "1:1 row_condition: a comparison needs parameter [missing-argument]"
        ),
        (
            #"{"type": "comparison", "column": {"name": "a"}, "operator": "==", "parameter": null}"#,
            """
            1:80 parameter must be a value, got nothing [bad-argument] \
            | nothing is equal to a missing value: ask for it with type: nullity, is_null: true
            """
        ),
        (
            #"{"type": "comparison", "column": {"name": "a"}, "operator": "==", "parameter": [1]}"#,
            "1:80 parameter must be a single value, got a list [bad-argument]"
        ),
        (
            #"{"type": "comparison", "column": {"name": "a"}, "operator": "IN", "parameter": 1}"#,
            "1:80 parameter must be a list of one value or more, got 1 [bad-argument]"
        ),
        (
            #"{"type": "comparison", "column": {"name": "a"}, "operator": "IN", "parameter": []}"#,
            "1:80 parameter must be a list of one value or more, got a list [bad-argument]"
        ),
    ]

    @Test(arguments: mistakes) func areRefusedWithTheirPlaces(_ tree: String, _ message: String) throws {
        let argument = try Self.argument(tree)
        do throws(SuiteError) {
            let text = try Self.condition(argument)
            Issue.record("found \(text ?? "")")
        } catch {
            let place = error.location.map { "\($0.line):\($0.column)" } ?? "nowhere"
            #expect("\(place) \(error.message) [\(error.code)]" + (error.hint.map { " | \($0)" } ?? "") == message)
        }
    }

    @Test func nestedTooDeepAreRefused() throws {
        var node = try Self.argument(Self.leaf)
        for _ in 0..<250 {
            node = Argument(
                .map([
                    .init(name: "type", value: Argument(.text("and"))),
                    .init(name: "conditions", value: Argument(.list([node]))),
                ]))
        }
        do throws(SuiteError) {
            _ = try Self.condition(node)
            Issue.record("it was not refused")
        } catch {
            #expect(error.message == "row_condition: conditions are nested more than 200 deep")
        }
    }

    static func condition(_ tree: Argument) throws(SuiteError) -> String? {
        let member = Argument.Member(name: "row_condition", value: tree)
        return try RowCondition(Arguments(kind: "expect_column_to_exist", [member]))?.text
    }

    static func argument(_ json: String) throws -> Argument {
        var problems = Problems()
        let document = YAMLDocument(SourceText(file: "c.json", text: json), environment: [:], problems: &problems)
        return try #require(document.root).argument
    }
}
