import Expectations
import Tables
import Testing

@testable import Suites

@Suite struct EnvironmentTests {
    static let environment = ["A": "1", "B_2": "two words", "EMPTY": "", "_x": "${A}", "E": "😀"]

    static let cases: [(String, String)] = [
        ("- ${A}\n- \"${A}\"\n- '${A}'", #"[1,"1","1"]"#),
        (
            "a: [${A}]",
            "1:5 ${…} in brackets or braces needs quotes [yaml-syntax]\nhint: put it in quotes"
        ),
        ("a: x${A}y${B_2}", #"{"a":"x1ytwo words"}"#),
        ("a: ${NONE:-fallback}", #"{"a":"fallback"}"#),
        ("a: ${NONE:-}", #"{"a":null}"#),
        ("a: '${EMPTY}'", #"{"a":""}"#),
        ("a: ${EMPTY:-0.5}", #"{"a":0.5}"#),
        ("a: ${_x}", #"{"a":"${A}"}"#),
        ("a: $${A} and $$${A}", #"{"a":"${A} and $${A}"}"#),
        (
            #"['^\${1,3}$', '$5', '${', '$', '$${1}', 'a$', '${9A}', '$A']"#,
            #"["^\\${1,3}$","$5","${","$","$${1}","a$","${9A}","$A"]"#
        ),
        ("${A}: 1", #"{"${A}":1}"#),
        ("a: |\n  ${A}\n  ${B_2}\n", #"{"a":"1\ntwo words\n"}"#),
        ("[&x '${A}', *x]", #"["1","1"]"#),
        (
            "a: x ${NONE} y",
            "1:6 the environment has no NONE [unset-variable]\nhint: set it, or give a default: ${NONE:-…}"
        ),
        (
            "a: 'x ${NONE} y'",
            "1:7 the environment has no NONE [unset-variable]\nhint: set it, or give a default: ${NONE:-…}"
        ),
        (
            "a: |\n  x\n  ${NONE}\n",
            "1:4 the environment has no NONE [unset-variable]\nhint: set it, or give a default: ${NONE:-…}"
        ),
        (
            "a: 😀 ${A",
            "1:6 the \"}\" is missing after this \"${\" [bad-variable]\nhint: write $${ where a text is meant"
        ),
        (
            "a: ${A-b}",
            "1:4 after ${A only \"}\" or \":-\" may stand [bad-variable]\n"
                + "hint: write ${A} or ${A:-default}, and $${ where a text is meant"
        ),
    ]

    @Test(arguments: cases)
    func fillsIn(_ text: String, _ expected: String) {
        #expect(composed(text, environment: Self.environment) == expected)
    }

    @Test func whatIsFilledInMayNotGrowWithoutEnd() {
        let environment = ["BIG": String(repeating: "x", count: 100_000)]
        let references = String(repeating: "${BIG}", count: 11)
        #expect(
            composed("a: \(references)", environment: environment)
                == "1:64 a text is too long once the environment is filled in [yaml-limit]")
        let lines = (0..<200).map { "a\($0): ${BIG}\n" }.joined()
        #expect(
            composed(lines, environment: environment)
                == "168:7 a text is too long once the environment is filled in [yaml-limit]")
    }

    /// That it isn't right follows from that.
    @Test func ofAValueThatIsNotFilledInNothingMoreIsTold() throws {
        let text = """
            suite: s
            row_count: ${ROWS}
            columns: {a: {mostly: "${SHARE}", in: [1]}, b: {matches: "x${TOP}", required: "${NEEDED}"}}
            """
        let problems = #expect(throws: SuiteProblems.self) {
            _ = try Suite.parse(text: text, file: "a.yaml")
        }
        #expect(
            problems?.errors.map(\.message) == [
                "the environment has no ROWS", "the environment has no SHARE", "the environment has no TOP",
                "the environment has no NEEDED",
            ])
    }

    @Test func suitesSeeTheirEnvironment() throws {
        let suite = try Suite.parse(
            text: "suite: s_${WHERE}\nasset: ${WHERE:-dev}\nrow_count: ${ROWS:-12}", file: "a.yaml",
            environment: ["WHERE": "prod"])
        #expect(suite.name == "s_prod")
        #expect(suite.asset == "prod")
        #expect(suite.expectations.map { $0.arguments["max_value"]?.value } == [.integer(12)])
    }
}
