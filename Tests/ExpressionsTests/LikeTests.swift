import Expressions
import Tables
import Testing

struct LikeTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let pattern: String
        let text: String
        let isLike: Bool
        var testDescription: String { "'\(text)' LIKE \(pattern)" }

        init(_ pattern: String, _ text: String, _ isLike: Bool) {
            (self.pattern, self.text, self.isLike) = (pattern, text, isLike)
        }
    }

    static let cases = [
        Case("''", "", true), Case("''", "a", false), Case("'%'", "", true), Case("'_'", "", false),
        Case("'%%'", "abc", true), Case("'abc'", "abc", true), Case("'abc'", "ABC", false),
        Case("'abc'", "abcd", false), Case("'a%'", "abc", true), Case("'%c'", "abc", true),
        Case("'%b%'", "abc", true), Case("'a_c'", "abc", true), Case("'a_c'", "ac", false),
        Case("'_'", "é", true), Case("'_'", "日", true), Case("'__'", "日", false), Case("'_'", "😀", true),
        Case("'_'", "e\u{301}", false), Case("'__'", "e\u{301}", true), Case("'%日_'", "今日は", true),
        Case("'%ab%ab%'", "aab", false), Case("'%ab%ab%'", "xabyabz", true), Case("'%aab'", "aaab", true),
        Case("'a%_b'", "ab", false), Case("'a%_b'", "axb", true), Case("'%_'", "", false),
        Case("'10!%' ESCAPE '!'", "10%", true), Case("'10!%' ESCAPE '!'", "10x", false),
        Case("'a!!b' ESCAPE '!'", "a!b", true), Case("'aé_é%éé' ESCAPE 'é'", "a_%é", true),
        Case("'a\\_b'", "a\\xb", true), Case("'a\\_b' ESCAPE '\\'", "a_b", true), Case("'it''s'", "it's", true),
        Case("'a%'", "a\nb", true), Case("'a_b'", "a\nb", true),
    ]

    @Test(arguments: cases) func matchesWholeTexts(_ c: Case) throws {
        let values: [Value] = [.text(c.text), .missing]
        #expect(try rows(where: "x LIKE \(c.pattern)", .string, values) == (c.isLike ? [0] : []))
        #expect(try rows(where: "x NOT LIKE \(c.pattern)", .string, values) == (c.isLike ? [] : [0]))
    }

    @Test func takesNoTimeForManyWildcards() throws {
        let pattern = String(repeating: "%a", count: 2_000) + "%b"
        let text = String(repeating: "a", count: 20_000)
        #expect(try rows(where: "x LIKE '\(pattern)'", .string, [.text(text)]) == [])
    }

    @Test func countsBytesThatAreNoTextOneByOne() throws {
        let cells = TextCells(bytes: [0xFF, 0xC3, 0xE6, 0x97, 0x61], starts: [0, 1, 2, 0], lengths: [1, 1, 2, 5])
        let column = Column(type: .string, present: Bitmap(repeating: true, count: 4), values: .text(cells))
        let batch = Batch(ordinal: 0, rowCount: 4, columns: [column])
        func selected(_ text: String) throws -> [Int] {
            try Expression.parse(text, dialect: .sql).bound(to: Schema([Field("x", .string)])).evaluate(batch).first(9)
        }
        #expect(try selected("x LIKE '_'") == [0, 1])
        #expect(try selected("x LIKE '__'") == [2])
        #expect(try selected("x LIKE '____a'") == [3])
    }
}
