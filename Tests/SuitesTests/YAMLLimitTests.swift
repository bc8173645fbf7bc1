import Expectations
import Testing

@testable import Suites

@Suite struct YAMLLimitTests {
    @Test(.timeLimit(.minutes(10)))
    func refusesManyLaughs() {
        var text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
        for level in 1...9 {
            text += "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", "))]\n"
        }
        #expect(composed(text) == "6:10 aliases stand for more than 100,000 values [yaml-limit]")
    }

    @Test(.timeLimit(.minutes(10)))
    func refusesManyLaughsInMergeKeys() {
        var text = "a0: &a0 {x: 1, y: 1}\n"
        for level in 1...20 { text += "a\(level): &a\(level) {x: *a\(level - 1), <<: *a\(level - 1)}\n" }
        #expect(composed(text) == "14:25 aliases stand for more than 100,000 values [yaml-limit]")
    }

    @Test(.timeLimit(.minutes(10)), arguments: ["[", "{a: ", "- "])
    func refusesDeepNesting(_ opening: String) {
        let text = String(repeating: opening, count: 10_000)
        let column = 100 * opening.count + 1
        #expect(composed(text) == "1:\(column) lists and mappings are nested more than 100 deep [yaml-limit]")
    }

    @Test func nestingBehindAliasesCounts() {
        let deep = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
        let text = "a: &a \(deep)\nb: \(String(repeating: "[", count: 60))*a"
        #expect(composed(text).hasPrefix("2:64 lists and mappings are nested more than 100 deep [yaml-limit]"))
    }

    @Test func takesNestingUpToTheLimit() {
        let text = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        #expect(composed(text) == text)
    }

    @Test func refusesLongTexts() {
        let fits = String(repeating: "x", count: 1 << 20)
        #expect(composed("a: \(fits)") == "{\"a\":\"\(fits)\"}")
        #expect(composed("a: \(fits)x") == "1:4 a text is longer than 1 MiB [yaml-limit]")
        #expect(
            composed("? \(String(repeating: "k", count: 1025))\n: 1")
                == "1:3 a key is longer than 1,024 bytes [yaml-limit]")
    }

    @Test(.timeLimit(.minutes(10)))
    func refusesManyValues() {
        let text = "[" + String(repeating: "1,", count: 1_000_001) + "]"
        #expect(composed(text) == "1:2000000 the file has more than 1,000,000 values [yaml-limit]")
    }

    @Test(.timeLimit(.minutes(10)))
    func stopsAfterAThousandProblems() {
        let text = "columns:\n" + String(repeating: "  a: 1\n", count: 100_000)
        #expect(composed(text).split(separator: "\n").count == 2_000)
        let kinds = "expectations: [" + (0..<50_000).map { "expect_\($0)," }.joined() + "]"
        #expect(Fixtures.problems(kinds).count >= 1_000)
    }

    @Test(.timeLimit(.minutes(10)))
    func messagesOfLongTextsAreShort() {
        let long = String(repeating: "a", count: 1_000_000)
        let text = """
            severity: \(long)
            columns: {a: {type: \(long), between: \(long), required: \(long)}}
            freshness: {max_age: \(long)}
            expectations: [\(long), {type: \(long)}, {expect_table_row_count_to_equal: {value: \(long)}}]
            """
        let said = Fixtures.problems(text)
        #expect(said.count == 10)
        #expect(said.allSatisfy { $0.unicodeScalars.count < 450 })
    }
}
