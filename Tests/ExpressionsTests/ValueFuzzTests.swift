import Expressions
import Tables
import TestSupport
import Testing

/// Nonsense never ends in anything but a value or an error with a place inside of the text.
struct ValueFuzzTests {
    static let tokens = [
        "i", "amount", "s", "day", "at", "flag", "payload.user", "1", "2.5", "-7", "'x'", "''", "null", "true", "(",
        ")", ",", "+", "-", "*", "/", "%",
        "||", "=", "<", "and", "or", "not", "is", "in", "between", "like", "~", "::", "int64", "decimal", "case",
        "when", "then", "else", "end", "cast",
        "as", "upper", "trim", "substring", "coalesce", "round", "date_trunc", "'month'", "json_extract", "'$.a'",
        "regexp_replace", "try", "try_cast",
        "extract", "from", "year", "interval", "'1 day'", "date", "timestamp", "'2024-01-31'", "at", "time", "zone",
        "'UTC'", "repeat", "lpad", "power",
    ]

    private func check(_ text: String, _ seed: UInt64) {
        do throws(ExpressionError) {
            let expression = try ValueExpression.parse(text)
            let bound = try expression.bound(to: ValueTable.schema)
            let (column, problems) = bound.evaluate(ValueTable.batch, clock: 0)
            #expect(column.count == 1 && !(column.present[0] && problems.rows[0]), "seed \(seed): \(text)")
            #expect(column.type == bound.type, "seed \(seed): \(text)")
        } catch {
            let count = text.unicodeScalars.count
            #expect(error.offset.map { (0...count).contains($0) } ?? true, "seed \(seed): \(text)")
        }
    }

    @Test(arguments: [UInt64(3), 5, 7]) func survivesRandomTokens(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<8_000 {
            let count = Int.random(in: 1...16, using: &random)
            check(
                (0..<count).map { _ in random.pick(Self.tokens) }.joined(separator: random.pick([" ", " ", ""])), seed)
        }
    }

    /// Every function with every kind of argument, good and bad.
    @Test func survivesAnyArguments() {
        var random = SeededGenerator(seed: 9)
        let names = FunctionReference.markdown.split(separator: "`").map { String($0.prefix { $0 != "(" }) }
            .filter { !$0.isEmpty && $0.utf8.allSatisfy { $0 == 0x5F || $0 &- 0x61 < 26 || $0 &- 0x30 < 10 } }
        #expect(names.count > 80)
        let arguments = [
            "i", "-9223372036854775808", "9223372036854775807", "u", "f", "amount", "wide", "s", "t", "flag", "day",
            "at", "none", "span", "bytes",
            "clock", "null", "''", "'x'", "0", "1", "-1", "2.5", "1e300", "'$'", "'year'", "'%Y'", "'UTC'",
            "date '9999-12-31'",
            "timestamp '0001-01-01 00:00:00'", "cast(9223372036854775807 as int64)", "cast(1e308 as double)",
            "from_unixtime(9223372036854775807, 'us')", "from_unixtime(-9223372036854775808, 'us')",
            "date '1970-01-01' + 2147483647", "date '1970-01-01' - 2147483648",
            "cast(99999999999999999999999999999999999999 as decimal(38,0))",
            "cast(0.99999999999999999999999999999999999999 as decimal(38,38))",
        ]
        for name in names {
            for _ in 0..<60 {
                let count = Int.random(in: 0...4, using: &random)
                check("\(name)(\((0..<count).map { _ in random.pick(arguments) }.joined(separator: ", ")))", 9)
            }
        }
        for sign in ["+", "-", "*", "/", "%", "||", "=", "<", "::"] {
            for left in arguments {
                for right in arguments { check("\(left) \(sign) \(right)", 9) }
            }
        }
    }

    @Test(arguments: [
        "(", "-", "- ", "i+", "not ", "case when ", "case i when ", "upper(", "i::int", "::int", "'", "i||", "i in (",
        "cast(", "a.", "try(", "coalesce(i,", "i is null is ",
    ])
    func survivesRepetition(_ piece: String) {
        let text = String(repeating: piece, count: 65_000 / piece.utf8.count)
        check(text, 0)
        check(text + "i", 0)
        check("i" + text, 0)
    }

    /// Shared parts are made once, however deeply they are nested.
    @Test func doesNotBlowUp() {
        var text = "i"
        for _ in 0..<60 { text = "case \(text) when 1 then 2 else 3 end" }
        #expect(outcome(text) == "3")
        text = "i"
        for _ in 0..<60 { text = "nullif(\(text) + 0, 1)" }
        #expect(outcome(text) == "7")
    }
}
