import Expectations
import Suites
import Testing

@Suite struct DiagnosticsTests {
    private func render(_ text: String, file: String = "orders.yaml", colors: Bool = false) -> String {
        do {
            _ = try Suite.parse(text: text, file: file)
            return "no problems"
        } catch {
            return Diagnostics.render(error, sources: { $0 == file ? text : nil }, colors: colors)
        }
    }

    private func error(_ message: String, _ line: Int, _ column: Int, file: String = "a.yaml") -> SuiteError {
        SuiteError(code: "test", message: message, location: SourceMark(file: file, line: line, column: column))
    }

    @Test func showsTheLineAndThePlace() {
        #expect(
            render("columns:\n  amount: {between: [0, 10], mostly: 1.5}\n") == """
                orders.yaml:2:38: error: mostly must be between 0 and 1, got 1.5 [bad-argument]
                    amount: {between: [0, 10], mostly: 1.5}
                                                       ^
                  hint: it is a share, not a percentage: 0.95 stands for ninety-five percent
                1 problem in 1 file

                """)
    }

    @Test func showsTabsInTheIndentation() {
        #expect(
            render("columns:\n\tamount: {}\n") == """
                orders.yaml:2:1: error: a tab stands where only spaces may [yaml-syntax]
                        amount: {}
                    ^
                  hint: indent with spaces
                1 problem in 1 file

                """)
    }

    @Test func alignsTheCaretBehindTabsAndWideCharacters() {
        #expect(
            render("columns: {\"名前\":\t{uniqe: true}}") == """
                orders.yaml:1:18: error: the contract of "名前" has no key "uniqe" [unknown-key]
                    columns: {"名前":    {uniqe: true}}
                                        ^
                  hint: did you mean unique?
                1 problem in 1 file

                """)
    }

    @Test func cutsLongLinesAroundThePlace() {
        let long =
            "columns: {a: {in: [\(String(repeating: "x, ", count: 100))y], oops: 1, not_in: [\(String(repeating: "z, ", count: 60))z]}}"
        let lines = render(long).split(separator: "\n").map(String.init)
        let caret = lines[2].prefix { $0 == " " }.count
        #expect(lines[1].count == 4 + 102)
        #expect(lines[1].hasPrefix("    …") && lines[1].hasSuffix("…"))
        #expect(lines[1].dropFirst(caret).hasPrefix("oops: 1"))
    }

    @Test func leavesNothingForTheTerminalToActUpon() {
        let problems = SuiteProblems([
            error("got \"\u{1B}[31m\n\u{202E}evil\r\u{7}\"", 1, 3, file: "\u{1B}]0;x.yaml"),
            error("fine", 2, 1, file: "\u{1B}]0;x.yaml"),
        ])
        let text = Diagnostics.render(
            problems, sources: { _ in "a: \u{1B}[2J\u{9B}1\u{202E}x\r\nb: 1" }, colors: false)
        #expect(
            text == """
                \\u{1b}]0;x.yaml:1:3: error: got "\\u{1b}[31m\\n\\u{202e}evil\\r\\u{7}" [test]
                    a: \u{FFFD}[2J\u{FFFD}1\u{FFFD}x
                      ^
                \\u{1b}]0;x.yaml:2:1: error: fine [test]
                    b: 1
                    ^
                2 problems in 1 file

                """)
    }

    @Test func doesWithoutSourcesAndPlaces() {
        let problems = SuiteProblems([
            SuiteError(code: "test", message: "no place", location: nil), error("gone", 1, 1),
            error("beyond", 9, 9, file: "b.yaml"),
        ])
        #expect(
            Diagnostics.render(problems, sources: { $0 == "b.yaml" ? "a" : nil }, colors: false) == """
                error: no place [test]
                a.yaml:1:1: error: gone [test]
                b.yaml:9:9: error: beyond [test]
                3 problems in 2 files

                """)
    }

    @Test func colorsWhenAsked() {
        let problems = SuiteProblems([error("m", 1, 1)])
        #expect(
            Diagnostics.render(problems, sources: { _ in "a" }, colors: true) == """
                \u{1B}[1ma.yaml:1:1:\u{1B}[0m \u{1B}[1;31merror:\u{1B}[0m m [test]
                    a
                    \u{1B}[1;32m^\u{1B}[0m
                \u{1B}[1m1 problem in 1 file\u{1B}[0m

                """)
    }
}
