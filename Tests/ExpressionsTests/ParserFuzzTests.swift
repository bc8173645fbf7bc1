import Expressions
import Tables
import TestSupport
import Testing

/// Whatever the text, the parser answers, and an error points into the text.
struct ParserFuzzTests {
    static let tokens = [
        "x", "flag", "i", "s", "(", ")", "[", "]", ",", "=", "==", "!=", "<>", "<", "<=", ">", ">=", "&", "|", "~", "!",
        "AND", "OR", "NOT", "and", "or", "not", "in", "IN", "BETWEEN", "IS", "NULL", "LIKE", "ESCAPE", "DISTINCT",
        "FROM", "TRUE", "False", "None", "UNKNOWN", "DATE", "TIMESTAMP", "'2024-01-01'", "'a'", "'%'", "\"i\"", "`s`",
        "''", "1", "-", "+", "2.5", ".5", "1e3", "1e999", "0x1", ".", ".isnull()", ".notNull()", "col(\"i\")", "col(",
        "date(\"2024-01-01\")", "é", "日", "\u{301}", "😀", "\u{0}", "\\", "'", "\"", "`", "@", ";", "--", " ", "\n",
    ]

    private func check(_ text: String, _ dialect: Dialect, _ seed: UInt64) {
        do throws(ExpressionError) {
            let expression = try Expression.parse(text, dialect: dialect)
            // Names in quotes make the canonical text longer, perhaps longer than a text may be.
            let isShort = expression.canonicalText.utf8.count <= 65_536
            let again = try isShort ? Expression.parse(expression.canonicalText, dialect: .sql) : expression
            if again.canonicalText != expression.canonicalText {
                Issue.record(
                    "seed \(seed): \(text) is written \(expression.canonicalText), then \(again.canonicalText)")
            }
            if let predicate = try? expression.bound(to: Table.schema) {
                let columns = Table.schema.fields.map { _ in [Value.missing, .text("a")] }
                _ = predicate.evaluate(Batch(Table.schema, columns))
            }
        } catch {
            let isInside = error.offset.map { (0...text.unicodeScalars.count).contains($0) } ?? false
            if error.code != "bad-expression" || !isInside { Issue.record("seed \(seed): \(text): \(error)") }
        }
    }

    @Test(arguments: Dialect.allCases) func survivesTokenSoup(_ dialect: Dialect) {
        let seed: UInt64 = 20_240_101
        var random = SeededGenerator(seed: seed)
        for _ in 0..<15_000 {
            let count = Int.random(in: 1...14, using: &random)
            check(
                (0..<count).map { _ in random.pick(Self.tokens) }.joined(separator: random.pick([" ", " ", ""])),
                dialect, seed)
        }
    }

    @Test(arguments: Dialect.allCases) func survivesRandomBytes(_ dialect: Dialect) {
        let seed: UInt64 = 77
        var random = SeededGenerator(seed: seed)
        for _ in 0..<10_000 {
            let count = Int.random(in: 0...40, using: &random)
            let isText = random.chance(50)
            let bytes = (0..<count).map { _ in UInt8.random(in: isText ? 0x20...0x7E : 0...255, using: &random) }
            check(String(decoding: bytes, as: UTF8.self), dialect, seed)
        }
    }

    /// Well-formed conditions with a piece cut out or put in.
    @Test(arguments: [Dialect.sql, .pandas]) func survivesDamage(_ dialect: Dialect) {
        let seed: UInt64 = 5
        var random = SeededGenerator(seed: seed)
        for _ in 0..<5_000 {
            var scalars = Array(Sketch.random(depth: 2, dialect, &random).text(dialect).unicodeScalars)
            let place = Int.random(in: 0..<scalars.count, using: &random)
            if random.chance(50) {
                scalars.removeSubrange(place..<min(scalars.count, place + Int.random(in: 1...4, using: &random)))
            } else {
                scalars.insert(contentsOf: random.pick(Self.tokens).unicodeScalars, at: place)
            }
            check(String(String.UnicodeScalarView(scalars)), dialect, seed)
        }
    }

    @Test(arguments: [
        "(", "NOT ", "not ", "~", "x = 1 AND ", "x IN (", "((x", "a OR b AND ", "-", "x BETWEEN ", "'", "x IS NOT ",
        "x IN ((((", "1<x<", "col(",
    ]) func survivesRepetition(_ piece: String) {
        let text = String(repeating: piece, count: 65_000 / piece.utf8.count)
        for dialect in Dialect.allCases {
            check(text, dialect, 0)
            check(text + "x", dialect, 0)
        }
    }
}
