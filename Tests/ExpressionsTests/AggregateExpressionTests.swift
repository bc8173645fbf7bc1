import Expressions
import Tables
import TestSupport
import Testing

/// Aggregates as they are written: what they are, of what type, and what is said about mistakes.
struct AggregateExpressionTests {
    private func outcome(_ text: String) -> String {
        do throws(ExpressionError) {
            let aggregate = try AggregateExpression.parse(text)
            let bound = try aggregate.bound(to: ValueTable.schema)
            return "\(aggregate): \(bound.type)\(bound.canBeMissing ? "" : " always")"
        } catch {
            return valueDiagnosis(error)
        }
    }

    static let cases = [
        ValueCase("count(*)", "count(*): int64 always"),
        ValueCase("COUNT( i )", #"count("i"): int64 always"#),
        ValueCase("count(distinct s)", #"count_distinct("s"): int64 always"#),
        ValueCase("count_distinct(upper( s ))", #"count_distinct(upper("s")): int64 always"#),
        ValueCase("countif(i>5 and flag)", #"count_if("i" > 5 AND "flag"): int64 always"#),
        ValueCase("sum(i)", #"sum("i"): int64"#),
        ValueCase("sum(u)", #"sum("u"): uint64"#),
        ValueCase("sum(f)", #"sum("f"): float64"#),
        ValueCase("sum(amount)", #"sum("amount"): decimal(22,2)"#),
        ValueCase("sum(wide)", #"sum("wide"): decimal(38,10)"#),
        ValueCase("sum(span)", #"sum("span"): duration"#),
        ValueCase("sum(amount * i)", #"sum("amount" * "i"): decimal(38,2)"#),
        ValueCase("avg(i)", #"avg("i"): float64"#),
        ValueCase("mean(amount)", #"avg("amount"): decimal(16,6)"#),
        ValueCase("avg(wide)", #"avg("wide"): decimal(38,10)"#),
        ValueCase("avg(span)", #"avg("span"): duration"#),
        ValueCase("min(s)", #"min("s"): string"#),
        ValueCase("max(at)", #"max("at"): timestamp"#),
        ValueCase("max(flag)", #"max("flag"): boolean"#),
        ValueCase("percentile(f, 0.950)", #"percentile("f", 0.95): float64"#),
        ValueCase("quantile(i, 1)", #"percentile("i", 1): float64"#),
        ValueCase("median(amount)", #"median("amount"): float64"#),
        ValueCase("max(case when flag then i else null end)", #"max(CASE WHEN "flag" THEN "i" ELSE NULL END): int64"#),
    ]

    @Test(arguments: cases) func readsAndBinds(_ c: ValueCase) throws {
        #expect(outcome(c.text) == c.wanted)
        let aggregate = try AggregateExpression.parse(c.text)
        #expect(try AggregateExpression.parse(aggregate.canonicalText) == aggregate)
    }

    static let mistakes = [
        ValueCase("", "0: the expression is empty [bad-expression]"),
        ValueCase("i", "0: an aggregate, as in sum(amount) or count(*), was expected, found i [bad-expression]"),
        ValueCase("1", "0: an aggregate, as in sum(amount) or count(*), was expected, found 1 [bad-expression]"),
        ValueCase("sim(i)", "0: there is no aggregate sim [unknown-function] hint: did you mean sum?"),
        ValueCase(
            "upper(s)",
            "0: there is no aggregate upper [unknown-function] hint: functions stand inside of an aggregate: max(upper(…))"
        ),
        ValueCase("frobnicate(s)", "0: there is no aggregate frobnicate [unknown-function]"),
        ValueCase("sum()", "0: sum() has nothing to aggregate [bad-expression] hint: as in sum(x)"),
        ValueCase("sum(*)", "4: only count takes * [bad-expression] hint: as in sum(x)"),
        ValueCase("sum(i", "5: an operator or ) was expected, found the end [bad-expression]"),
        ValueCase("count(*", "7: ) was expected, found the end [bad-expression]"),
        ValueCase("sum(i, j)", "5: sum takes one value [bad-expression] hint: as in sum(x)"),
        ValueCase(
            "sum(i) / count(*)",
            "7: the end was expected after the aggregate, found / [bad-expression] hint: what is made of several aggregates is made of their columns, by who reads the table"
        ),
        ValueCase(
            "sum(max(i))",
            "4: there is no function max of a row [unknown-function] hint: it aggregates rows, and stands alone: max(…)"
        ),
        ValueCase(
            "percentile(i)",
            "12: a comma and the share were expected, found ) [bad-expression] hint: as in percentile(x, 0.95)"),
        ValueCase(
            "percentile(i, 95)",
            "14: the share of a percentile is a number from 0 to 1, written out [bad-expression] hint: as in percentile(x, 0.95)"
        ),
        ValueCase(
            "percentile(i, j)",
            "14: the share of a percentile is a number from 0 to 1, written out [bad-expression] hint: as in percentile(x, 0.95)"
        ),
        ValueCase(
            "sum(s)",
            "4: sum takes numbers or durations, and \"s\" is string [wrong-type] hint: write decimal(…, 12, 2), int64(…) or float64(…)"
        ),
        ValueCase("sum(day)", "4: sum takes numbers or durations, and \"day\" is date [wrong-type]"),
        ValueCase("min(bytes)", "4: min takes values that have an order, and \"bytes\" is binary [wrong-type]"),
        ValueCase("median(at)", "7: median takes numbers, and \"at\" is timestamp [wrong-type]"),
        ValueCase(
            "count_if(i)",
            "9: the expression gives int64 values and is no condition [wrong-type] hint: compare it with something"),
        ValueCase(
            "sum(amuont)", "4: the table has no column \"amuont\" [unknown-column] hint: did you mean \"amount\"?"),
        ValueCase("sum(i +)", "7: a column or a value was expected, found ) [bad-expression]"),
    ]

    @Test(arguments: mistakes) func pointsAtMistakes(_ c: ValueCase) { #expect(outcome(c.text) == c.wanted) }

    @Test func namesItsColumns() throws {
        #expect(try AggregateExpression.parse("sum(amount * i + amount)").columns() == ["amount", "i"])
        #expect(try AggregateExpression.parse("count(*)").columns() == [])
    }

    @Test(arguments: [UInt64(3), 5]) func survivesRandomTokens(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let tokens = [
            "sum", "count", "(", ")", "(", ")", "*", ",", "distinct", "i", "amount", "percentile", "0.5", "-1", "'x'",
            "+",
            "case", "null", "s", "median", "1e999", "/",
        ]
        for _ in 0..<6_000 {
            let count = Int.random(in: 1...10, using: &random)
            let text = "\(random.pick(tokens))(" + (0..<count).map { _ in random.pick(tokens) }.joined(separator: " ")
            if case .success(let aggregate) = Result(catching: { try AggregateExpression.parse(text) }) {
                #expect((try? AggregateExpression.parse(aggregate.canonicalText)) == aggregate)
                _ = try? aggregate.bound(to: ValueTable.schema)
            }
        }
    }
}
