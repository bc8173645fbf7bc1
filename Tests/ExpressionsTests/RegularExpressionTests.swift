import Expressions
import Testing

struct RegularExpressionTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let pattern: String
        let text: String
        let wanted: MatchResult
        var testDescription: String { "\(pattern) in \(text)" }

        init(_ pattern: String, _ text: String, _ wanted: MatchResult) {
            (self.pattern, self.text, self.wanted) = (pattern, text, wanted)
        }
    }

    static let cases = [
        Case("b", "abc", .match), Case("^b", "abc", .noMatch), Case("", "", .match), Case("", "a", .match),
        Case("a", "", .noMatch), Case("^$", "", .match), Case("^abc$", "abc\n", .match),
        Case("^abc$", "abc\n\n", .noMatch), Case("^abc\\z", "abc\n", .noMatch), Case("^\\d+$", "٣٤", .match),
        Case("^\\w+$", "größe", .match), Case("^.$", "😀", .match), Case("^..$", "e\u{301}", .match),
        Case("(?i)STRASSE", "strasse", .match), Case("^[0-9a-f-]{5}$", "0a-9f", .match),
        Case("(?P<y>\\d{4})-(?P=y)", "2024-2024", .match), Case("a\\x00b", "a\u{0}b", .match),
        Case("^abc\\Z", "abc", .match), Case("^abc\\Z", "abc\n", .noMatch), Case("^a.c\\Z|x\\Z", "abc\n", .noMatch),
        Case("^\\\\Z$", "\\Z", .match), Case("\\QZ\\Z\\E", "Z\\Z\n", .match), Case("^caf\\u00e9$", "café", .match),
        Case("^[\\u00e0-\\u00ff]$", "é", .match), Case("^\\U0001F600$", "😀", .match),
        Case("\\\\u00e9", "\\u00e9", .match),
    ]

    @Test(arguments: cases) func searches(_ c: Case) throws {
        #expect(try RegularExpression(c.pattern).matches(c.text) == c.wanted)
    }

    @Test func givesUpOnPatternsThatNeverEnd() throws {
        let clock = ContinuousClock()
        let text = String(repeating: "a", count: 40) + "!"
        for pattern in ["(a+)+$", "(a|aa)+$", "(a*)*[bc]$", "^(([a-z])+.)+[A-Z]([a-z])+$"] {
            let expression = try RegularExpression(pattern)
            let start = clock.now
            #expect(expression.matches(text) == .undecided, "\(pattern)")
            #expect(start.duration(to: clock.now) < .seconds(5), "\(pattern)")
        }
    }

    @Test func needsNoMoreThanItMaySpendOnLongTexts() throws {
        let expression = try RegularExpression("^(?:a|b)*$")
        #expect(expression.matches(String(repeating: "ab", count: 100_000)) != .noMatch)
        #expect(try RegularExpression("^[ab]*$").matches(String(repeating: "ab", count: 1_000_000)) == .match)
    }

    @Test func searchesRoundInvalidText() throws {
        let expression = try RegularExpression("b+")
        let dot = try RegularExpression("^.$")
        let bytes: [UInt8] = [0xFF, 0x62, 0xC3]
        bytes.withUnsafeBytes { all in
            #expect(expression.withMatcher { $0.matches(all) } == .match)
            #expect(dot.withMatcher { $0.matches(UnsafeRawBufferPointer(rebasing: all[0..<1])) } == .noMatch)
        }
    }

    @Test func takesNoBytesAtAll() throws {
        let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
        #expect(try RegularExpression("^$").withMatcher { $0.matches(nothing) } == .match)
        #expect(try RegularExpression("a").withMatcher { $0.matches(nothing) } == .noMatch)
    }

    @Test func matchesManyTextsWithOneMatcher() throws {
        let texts = (0..<1000).map { Array("row \($0)".utf8) }
        let count = try RegularExpression("7$").withMatcher { matcher in
            var count = 0
            for text in texts where text.withUnsafeBytes({ matcher.matches($0) }) == .match { count += 1 }
            return count
        }
        #expect(count == 100)
    }

    @Test func servesManyThreadsAtOnce() async throws {
        let expression = try RegularExpression("^(\\d+)-\\1$")
        let counts = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<500).count { expression.matches("\($0)-\($0 % 100)") == .match } }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counts == [Int](repeating: 100, count: 8))
    }

    static let mistakes = [
        ("a(b", 3, "missing closing parenthesis"), ("é[z-a]", 4, "range out of order in character class"),
        ("\\u00e9[z-a]", 9, "range out of order in character class"),
        ("*a", 0, "quantifier does not follow a repeatable item"),
    ]

    @Test(arguments: mistakes) func pointsAtTheMistake(_ pattern: String, _ offset: Int, _ message: String) {
        #expect(throws: ExpressionError(code: "bad-pattern", message: message, offset: offset)) {
            try RegularExpression(pattern)
        }
    }

    @Test func refusesLongPatterns() {
        let message = "a pattern of 65537 bytes is too long, at most 65536 are allowed"
        #expect(throws: ExpressionError(code: "bad-pattern", message: message)) {
            try RegularExpression(String(repeating: "a", count: 65_537))
        }
    }
}
