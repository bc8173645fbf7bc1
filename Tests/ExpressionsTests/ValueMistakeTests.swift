import Expressions
import Tables
import Testing

/// What is said about expressions that can't be understood, or not of this table; and what types the others have.
struct ValueMistakeTests {
    static let mistakes = [
        ValueCase("", "0: the expression is empty [bad-expression]"),
        ValueCase("i +", "3: a column or a value was expected, found the end [bad-expression]"),
        ValueCase("i j", "2: an operator or the end was expected, found j [bad-expression]"),
        ValueCase("uper(s)", "0: there is no function uper [unknown-function] hint: did you mean upper?"),
        ValueCase("frobnicate(s)", "0: there is no function frobnicate [unknown-function]"),
        ValueCase("upper(s, t)", "0: upper takes 1 argument, found 2 [wrong-type] hint: as in upper(text)"),
        ValueCase(
            "substring(s)",
            "0: substring takes 2 to 3 arguments, found 1 [wrong-type] hint: as in substring(text, start [, length])"),
        ValueCase("concat()", "0: concat takes at least 1 argument, found 0 [wrong-type] hint: as in concat(x, …)"),
        ValueCase("upper(i)", "6: upper takes a text for text, and i is int64 [wrong-type] hint: write string(…)"),
        ValueCase(
            "abs(s)",
            "4: abs takes a number for x, and s is string [wrong-type] hint: write decimal(…, 12, 2), int64(…) or float64(…)"
        ),
        ValueCase("s + 1", "2: + takes no string and int64 [wrong-type] hint: write decimal(…, 12, 2) or int64(…)"),
        ValueCase("s + t", "2: + takes no string and string [wrong-type] hint: texts are joined with ||"),
        ValueCase("day * 2", "4: * takes no date and int64 [wrong-type]"),
        ValueCase(
            "amuont + 1", "0: the table has no column \"amuont\" [unknown-column] hint: did you mean \"amount\"?"),
        ValueCase(
            "payload.usr",
            "0: the table has no column \"payload.usr\" [unknown-column] hint: did you mean \"payload.user\"?"),
        ValueCase("cast(s as strng)", "10: strng is no type [bad-expression] hint: did you mean string?"),
        ValueCase(
            "decimal(s, 50, 2)", "0: decimal(50,2) is no type: its parameters are not understood [bad-expression]"),
        ValueCase("decimal(s, i)", "11: the parameters of a type are whole numbers [bad-expression]"),
        ValueCase(
            "case when i then 1 end",
            "10: i gives int64 values and is no condition [wrong-type] hint: compare it with something"),
        ValueCase(
            "case i when 'a' then 1 end", "12: the text 'a' can't be compared with i, which is int64 [wrong-type]"),
        ValueCase(
            "case when flag then 1 else 'a' end",
            "27: the values of CASE are of different types: int64 and string [wrong-type] hint: cast one of them"),
        ValueCase("case when flag then 1", "21: WHEN, ELSE or END was expected, found the end [bad-expression]"),
        ValueCase("case else 1 end", "5: a column or a value was expected, found else [bad-expression]"),
        ValueCase("null", "0: NULL alone has no type [wrong-type] hint: write CAST(NULL AS …)"),
        ValueCase("s ~ '('", "4: missing closing parenthesis [bad-pattern]"),
        ValueCase("regexp_like(s, t)", "15: pattern must be written out as a text [wrong-type]"),
        ValueCase("regexp_replace(s, 'a', '\\1')", "23: the pattern has no group 1 [wrong-type]"),
        ValueCase("date_trunc('mnth', at)", "11: there is no unit mnth [wrong-type] hint: did you mean month?"),
        ValueCase("extract(yeer from at)", "8: a time has no part yeer [wrong-type] hint: did you mean year?"),
        ValueCase(
            "to_timestamp(s, '%Q')",
            "16: the format has no %Q [wrong-type] hint: there are %Y %m %d %H %M %S %f %y %j %b %B %a %A %p %I %z %e %F %T %%"
        ),
        ValueCase(
            "at at time zone 'Mars/Base'",
            "16: there is no such time zone [wrong-type] hint: as in 'Europe/Berlin', 'UTC' or '+02:00'"),
        ValueCase(
            "interval '1 month'",
            "9: '1 month' is no interval, as in INTERVAL '90 minutes' [bad-expression] hint: months have no length: date_add(x, 1, 'month')"
        ),
        ValueCase(
            "json_extract(s, '$[-1]')",
            "16: '$[-1]' is no path [wrong-type] hint: as in '$.user.name' or '$.items[0]', items counted from the first"
        ),
        ValueCase("round(amount, i)", "14: digits must be a whole number from -38 to 38, written out [wrong-type]"),
        ValueCase("i > 'a'", "4: the text 'a' can't be compared with i, which is int64 [wrong-type]"),
        ValueCase(
            "upper(s) = 5",
            "11: the number 5 can't be compared with upper(\"s\"), which is string [wrong-type] hint: texts stand in quotes, or write decimal(…, 12, 2)"
        ),
        ValueCase("i ^ 2", "2: an operator or the end was expected, found ^ [bad-expression] hint: write power(x, y)"),
        ValueCase("(i + 1", "0: the parenthesis that opens here is never closed [bad-expression]"),
        ValueCase(
            "sum(i) over ()",
            "0: there is no function sum of a row [unknown-function] hint: it aggregates rows, and stands alone: sum(…)"
        ),
        ValueCase(
            "i; drop",
            "1: an operator or the end was expected, found ; [bad-expression] hint: one expression, without a semicolon"
        ),
        ValueCase(
            "coalesce(s, i)",
            "12: the arguments of coalesce are of different types: string and int64 [wrong-type] hint: cast one of them"
        ),
    ]

    @Test(arguments: mistakes) func tells(_ c: ValueCase) { #expect(outcome(c.text) == c.wanted) }

    static let types = [
        ValueCase("sure + 1", "int64 always"), ValueCase("i", "int64"), ValueCase("amount + 1", "decimal(13,2)"),
        ValueCase("amount * i", "decimal(32,2)"), ValueCase("amount * amount", "decimal(25,4)"),
        ValueCase("amount / amount", "decimal(27,15)"),
        ValueCase("amount % 7", "decimal(3,2)"), ValueCase("wide * wide", "decimal(38,6)"),
        ValueCase("wide + wide", "decimal(38,9)"), ValueCase("wide / wide", "decimal(38,6)"),
        ValueCase("u + u", "decimal(21,0)"), ValueCase("i + u", "decimal(21,0)"), ValueCase("amount + f", "float64"),
        ValueCase("i / j", "float64"), ValueCase("case when flag then amount else 0 end", "decimal(12,2)"),
        ValueCase("case when flag then 1 end", "int64"),
        ValueCase("case when flag then sure else 2 end", "int64 always"), ValueCase("coalesce(i, 0)", "int64 always"),
        ValueCase("coalesce(i, u)", "decimal(20,0)"), ValueCase("coalesce(day, '2024-01-01')", "date always"),
        ValueCase("i is null", "boolean always"), ValueCase("i > 5", "boolean"), ValueCase("at - day", "duration"),
        ValueCase("day + 1", "date"), ValueCase("day + interval '1h'", "timestamp"),
        ValueCase("round(amount)", "decimal(11,0)"), ValueCase("round(amount, 1)", "decimal(12,1)"),
        ValueCase("floor(amount)", "decimal(11,0)"), ValueCase("try_cast('x' as int)", "int64"),
        ValueCase("concat(s, i)", "string always"),
        ValueCase("-amount", "decimal(12,2)"), ValueCase("1.50", "decimal(3,2) always"),
        ValueCase("9223372036854775808", "uint64 always"), ValueCase("18446744073709551616", "decimal(20,0) always"),
        ValueCase("bytes::string", "string"), ValueCase("date_trunc('day', day)", "date"),
        ValueCase("greatest(i, 2.5)", "decimal(20,1) always"),
    ]

    @Test(arguments: types) func knowsTypes(_ c: ValueCase) { #expect(type(of: c.text) == c.wanted) }

    static let canonical = [
        ValueCase("UPPER( trim(s))||'x'", "upper(trim(\"s\")) || 'x'"),
        ValueCase("a+b*c-(d-e)", "\"a\" + \"b\" * \"c\" - (\"d\" - \"e\")"),
        ValueCase("(a+b)*c", "(\"a\" + \"b\") * \"c\""),
        ValueCase("a::int::text", "CAST(CAST(\"a\" AS int64) AS string)"), ValueCase("- -a", "negate(negate(\"a\"))"),
        ValueCase("-1 - -2.50", "-1 - -2.5"), ValueCase("-a * b", "negate(\"a\") * \"b\""),
        ValueCase("nvl(a, 1)", "coalesce(\"a\", 1)"), ValueCase("mod(a, 2)", "\"a\" % 2"),
        ValueCase("case a when 1 then 2 else 3 end", "CASE \"a\" WHEN 1 THEN 2 ELSE 3 END"),
        ValueCase("not (a in (1,2) or b like 'x')", "NOT (\"a\" IN (1, 2) OR \"b\" LIKE 'x')"),
        ValueCase("a not between 1 and 2+3", "\"a\" NOT BETWEEN 1 AND 2 + 3"),
        ValueCase("(a > 1) = (b > 2)", "(\"a\" > 1) = (\"b\" > 2)"),
        ValueCase("x.y.z at time zone 'UTC'", "from_utc_timestamp(\"x.y.z\", 'UTC')"),
        ValueCase("extract(year from d)", "date_part('year', \"d\")"),
        ValueCase("interval '90' minute", "INTERVAL '5400000000' MICROSECOND"),
        ValueCase("try(a+1) is not null", "try(\"a\" + 1) IS NOT NULL"), ValueCase("try_upper(a)", "try_upper(\"a\")"),
        ValueCase("a not ilike 'x%'", "\"a\" NOT ILIKE 'x%'"),
        ValueCase("(a is null) is not true", "(\"a\" IS NULL) IS NOT TRUE"),
    ]

    @Test(arguments: canonical) func writesWhatItReads(_ c: ValueCase) throws {
        let expression = try ValueExpression.parse(c.text)
        #expect(expression.canonicalText == c.wanted)
        #expect(try ValueExpression.parse(expression.canonicalText).canonicalText == c.wanted)
    }

    @Test func namesItsColumnsOnce() throws {
        let expression = try ValueExpression.parse("case when b > 1 then a || b else payload.user end")
        #expect(expression.columns() == ["b", "a", "payload.user"])
    }

    @Test func asksOnlyForPresenceWhereThatWillDo() throws {
        let bound = try ValueExpression.parse("i is null or length(s) > 3").bound(to: ValueTable.schema)
        #expect(bound.projection == Projection([0: .presence, 6: .values]))
    }

    @Test func selectsColumns() throws {
        let columns = [
            ("total", try ValueExpression.parse("amount * i")), ("name", try ValueExpression.parse("trim(s)")),
        ]
        let projector = try Projector(columns, of: ValueTable.schema)
        #expect(
            projector.schema == Schema([Field("total", .decimal(precision: 32, scale: 2)), Field("name", .string)]))
        let made = projector.columns(of: ValueTable.batch, clock: 0)
        #expect(made.map { $0.column.value(at: 0).description } == ["87.50", "Hello Wörld"])
        #expect(throws: Projector.Mistake.self) {
            _ = try Projector([("x", ValueExpression.parse("nothing"))], of: ValueTable.schema)
        }
    }
}
