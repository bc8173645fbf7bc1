import Tables
import TestSupport
import Testing

@testable import Expressions

/// Patterns that are looked for together, against each by itself.
struct JointPatternsTests {
    @Test(arguments: 1...4 as ClosedRange<UInt64>) func matchWhatEachDoesAlone(_ seed: UInt64) {
        var sketch = PatternSketch(seed: seed ^ Fuzz.seed &+ 77)
        for _ in 0..<Fuzz.cases(100_000) / 4 / 500 {
            var expressions: [RegularExpression] = []
            var texts: [[UInt8]] = []
            for _ in 0..<10 {
                let parts = (0..<(sketch.chance(3) ? 3 : 1)).map { _ in
                    sketch.chance(3) ? sketch.word() : sketch.pattern()
                }
                let pattern = parts.joined(separator: "|")
                if let expression = try? RegularExpression(pattern) { expressions.append(expression) }
                for _ in 0..<5 { texts.append(sketch.text()) }
            }
            check(expressions, texts, "seed \(seed)")
        }
    }

    private func check(_ expressions: [RegularExpression], _ texts: [[UInt8]], _ name: String) {
        let joint = JointPatterns(expressions)
        let cells = TextCells(texts)
        let rows = Bitmap(count: texts.count) { $0 % 7 != 3 }
        guard let (matches, unread) = joint.matches(of: cells, in: rows) else { return }
        let found = matches.rowsByTest()
        for (test, place) in joint.answered.enumerated() {
            let expression = expressions[place]
            let wanted = expression.withMatcher { matcher in
                Bitmap(count: texts.count) { row in
                    guard rows[row], !unread[row] else { return false }
                    return texts[row].withUnsafeBytes { matcher.searches($0) } == .match
                }
            }
            if found.rows(of: test) != wanted || matches.counts[test] != wanted.population {
                Issue.record("\(name): \(expression.pattern)")
            }
        }
        for (row, text) in texts.enumerated() {
            #expect(unread[row] == (rows[row] && text.contains { $0 >= 0x80 }))
        }
    }

    @Test func answerForSimplePatternsAndWords() throws {
        let patterns = [
            "^a+$", "b", "a|b", #"\.x"#, "^(a)", "é", "", "a{2}", "^", "^a|b$", #"^a|b|c\\|d\."#, "a|", "[a|b]",
            "^[a|b]",
            #"a\|b"#, "(a|b)", "(?i)a|b", #"\Qa|b\E"#, "^a$|^b{2}",
        ]
        let joint = JointPatterns(try patterns.map { try RegularExpression($0) })
        #expect(
            joint.answered.map { patterns[$0] }
                == ["^a+$", "b", "a|b", #"\.x"#, "^", #"^a|b|c\\|d\."#, "^[a|b]", #"a\|b"#, "^a$|^b{2}"])
    }

    @Test func matchWhereOneOfTheAlternativesDoes() throws {
        let patterns = ["foo|bar", "^a|b", "bar", "o|oo|ob", "x|^$"]
        let expressions = try patterns.map { try RegularExpression($0) }
        let texts = ["foobar", "bar", "ab", "", "cb", "c", "foo|bar"].map { Array($0.utf8) }
        check(expressions, texts, "alternatives")
        let counts = JointPatterns(expressions).matches(of: TextCells(texts), in: Bitmap(repeating: true, count: 7))?
            .matches.counts
        #expect(counts == [3, 5, 3, 2, 1])
    }

    @Test func findWordsThatOverlap() throws {
        let patterns = ["aab", "aaab", "ab", "b", "aa", "abaab", "^aa"]
        let expressions = try patterns.map { try RegularExpression($0) }
        let texts = ["aaab", "aab", "abaabaab", "aaa", "ba", "", "abaab", "xaaabx"].map { Array($0.utf8) }
        check(expressions, texts, "words")
        let joint = JointPatterns(expressions)
        let counts = joint.matches(of: TextCells(texts), in: Bitmap(repeating: true, count: texts.count))?.matches
            .counts
        #expect(counts == [5, 2, 5, 6, 6, 2, 3])
    }

    @Test func leaveLongTextsAndOthersThanASCIIUnread() throws {
        let joint = JointPatterns([try RegularExpression("a")])
        let texts = ["a", "aé", String(repeating: "a", count: 1_025), "", String(repeating: "a", count: 1_024)]
        let cells = TextCells(texts)
        let found = try #require(joint.matches(of: cells, in: Bitmap(repeating: true, count: texts.count)))
        #expect(found.matches.counts == [2])
        #expect(found.unread.first(5) == [1, 2])
    }

    /// Patterns that begin alike, and then each have a way of their own for every text.
    @Test func giveUpWhereTheStatesBecomeTooMany() throws {
        let patterns = (0..<200).map { "^[0-9a-z]{\($0)}\($0 % 10)" }
        let joint = JointPatterns(try patterns.map { try RegularExpression($0) })
        var sketch = PatternSketch(seed: 5)
        let texts = (0..<40).map { _ in (0..<300).map { _ in sketch.pick(Array("0123456789".utf8)) } }
        #expect(joint.matches(of: TextCells(texts), in: Bitmap(repeating: true, count: texts.count)) == nil)
    }
}

extension TextCells {
    fileprivate init(_ texts: [[UInt8]]) {
        var starts: [UInt32] = []
        var bytes: [UInt8] = []
        for text in texts {
            starts.append(UInt32(bytes.count))
            bytes += text
        }
        self.init(bytes: bytes, starts: starts, lengths: texts.map { UInt32($0.count) })
    }
}
