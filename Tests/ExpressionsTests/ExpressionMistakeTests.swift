import Expressions
import Tables
import Testing

/// What is said about conditions that can't be understood, or not of this table.
struct ExpressionMistakeTests {
    static let mistakes = [
        DialectCase(.sql, "", "0: the condition is empty [bad-expression]"),
        DialectCase(.sql, "  \n ", "0: the condition is empty [bad-expression]"),
        DialectCase(.sql, "i >", "3: a column or a value was expected, found the end [bad-expression]"),
        DialectCase(.sql, "i > > 5", "4: a column or a value was expected, found > [bad-expression]"),
        DialectCase(.sql, "i > 5 s = 'a'", "6: AND, OR or the end was expected, found s [bad-expression]"),
        DialectCase(
            .sql, "i > 5 & i < 7", "6: AND, OR or the end was expected, found & [bad-expression] hint: write AND"),
        DialectCase(
            .sql, "i > 5 && i < 7", "6: AND, OR or the end was expected, found && [bad-expression] hint: write AND"),
        DialectCase(.sql, "(i > 5", "0: the parenthesis that opens here is never closed [bad-expression]"),
        DialectCase(.sql, "(i > 5 i", "7: AND, OR or ) was expected, found i [bad-expression]"),
        DialectCase(.sql, "i > 5)", "5: AND, OR or the end was expected, found ) [bad-expression]"),
        DialectCase(
            .sql, "1 < i < 5",
            "6: comparisons can't be chained [bad-expression] hint: join two comparisons: a < b AND b < c"),
        DialectCase(.sql, "i IN ()", "6: the list of IN is empty [bad-expression]"),
        DialectCase(.sql, "i IN (1, 2", "10: , or ) was expected, found the end [bad-expression]"),
        DialectCase(.sql, "i IN (1, j)", "9: a list holds values, not columns or conditions [bad-expression]"),
        DialectCase(.sql, "5 IN (1)", "0: a column was expected before IN, found the number 5 [bad-expression]"),
        DialectCase(.sql, "i BETWEEN 1 OR 2", "12: AND was expected, found OR [bad-expression]"),
        DialectCase(
            .sql, "i IS 5", "5: NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM was expected, found 5 [bad-expression]"),
        DialectCase(
            .sql, "s = 'abc",
            "4: the text that begins here has no closing ' [bad-expression] hint: a quote inside a text is doubled: 'it''s'"
        ),
        DialectCase(.sql, "\"s = 1", "0: the name that begins here has no closing \" [bad-expression]"),
        DialectCase(.sql, "s = \"\"", "4: a name is empty [bad-expression] hint: the empty text is written ''"),
        DialectCase(.sql, "s LIKE 5", "7: a pattern in single quotes was expected, found 5 [bad-expression]"),
        DialectCase(
            .sql, "s LIKE 'a!b' ESCAPE '!'",
            "7: the escape character of LIKE stands before something other than %, _ or itself [bad-expression]"),
        DialectCase(
            .sql, "s LIKE 'a' ESCAPE 'xy'",
            "18: one character in single quotes was expected, found the text 'xy' [bad-expression]"),
        DialectCase(.sql, "i LIKE 'a'", "0: the column \"i\" holds int64 values, LIKE asks of texts [wrong-type]"),
        DialectCase(
            .sql, "day > DATE '2024-02-30'",
            "11: '2024-02-30' is no date, as in DATE '2024-01-31' [bad-expression]"),
        DialectCase(
            .sql, "i + 1 > 5",
            "2: AND, OR or the end was expected, found + [bad-expression] hint: conditions do no arithmetic"),
        DialectCase(
            .sql, "lower(s) = 'a'",
            "5: a comparison was expected, found ( [bad-expression] hint: conditions call no functions"),
        DialectCase(
            .sql, "t.s = 'a'",
            "1: a comparison was expected, found . [bad-expression] hint: a name with a point stands in double quotes"),
        DialectCase(
            .sql, "i = 5;",
            "5: AND, OR or the end was expected, found ; [bad-expression] hint: one condition, without a semicolon"),
        DialectCase(
            .sql, "i = 12abc",
            "4: 12abc is no number [bad-expression] hint: a column's name that begins with a digit stands in double quotes"
        ),
        DialectCase(.sql, "i = 1.2.3", "4: 1.2.3 is no number [bad-expression]"),
        DialectCase(
            .sql, "i = 123456789012345678901234567890123456789",
            "4: a number of 39 digits is too long, at most 38 are allowed [bad-expression]"),
        DialectCase(.sql, "i = 1e999", "4: 1e999 is too large a number [bad-expression]"),
        DialectCase(
            .sql, "s = “abc”",
            "4: the character “ (U+201C) has no meaning here [bad-expression] hint: quotes are straight: '…' or \"…\""),
        DialectCase(.sql, "😀 s \u{0}", "0: the character 😀 (U+1F600) has no meaning here [bad-expression]"),
        DialectCase(.sql, "s = '😀é' AND AND", "13: a column or a value was expected, found AND [bad-expression]"),
        DialectCase(.sql, "i = \u{0}", "4: the character U+0000 has no meaning here [bad-expression]"),
        DialectCase(.sql, "'abc'", "0: the text 'abc' is no condition [bad-expression]"),
        DialectCase(.sql, "i > 1 AND 5", "10: the number 5 is no condition [bad-expression]"),
        DialectCase(
            .sql, "(i > 1) = TRUE",
            "1: a condition can't be compared with a value [bad-expression] hint: write (…) IS TRUE or (…) IS FALSE"),
        DialectCase(
            .sql, "WHERE i = 1",
            "6: AND, OR or the end was expected, found i [bad-expression]"),
        DialectCase(
            .pandas, "i = 5",
            "2: and, or or the end was expected, found = [bad-expression] hint: equality is written =="),
        DialectCase(
            .pandas, "i > 5 AND i < 7",
            "6: and, or or the end was expected, found AND [bad-expression] hint: write and"),
        DialectCase(
            .pandas, "i is None",
            "2: and, or or the end was expected, found is [bad-expression] hint: write x.isnull() or x.notnull()"),
        DialectCase(
            .pandas, "i > @limit",
            "4: a column or a value was expected, found @ [bad-expression] hint: variables of Python are not at hand here: write the value"
        ),
        DialectCase(
            .pandas, "~i == 5",
            "0: ~ binds more tightly than == [bad-expression] hint: put the comparison in parentheses: ~(x == 1)"),
        DialectCase(
            .pandas, "s.upper() == 'A'",
            "2: the method upper is not understood [bad-expression] hint: there are isnull, isna, notnull, notna"),
        DialectCase(
            .pandas, "s == '\\ud800'",
            "6: the escape is no character: 4 hexadecimal digits were expected [bad-expression]"),
        DialectCase(
            .greatExpectations, "i > 5",
            "0: col(\"…\") or a value was expected, found i [bad-expression] hint: a column is written col(\"i\")"),
        DialectCase(.greatExpectations, "col(i) > 5", "4: a text in quotes was expected, found i [bad-expression]"),
        DialectCase(
            .greatExpectations, "col(\"i\").isnull()",
            "9: the method isnull is not understood [bad-expression] hint: there are isNull, notNull"),
        DialectCase(
            .greatExpectations, "col(\"day\") > date(\"soon\")",
            "18: 'soon' is no date, as in date(\"2024-01-31\") [bad-expression]"),
        DialectCase(
            .sql, "amuont > 5", "0: the table has no column \"amuont\" [unknown-column] hint: did you mean \"amount\"?"),
        DialectCase(
            .sql, "s = \"abc\"",
            "4: the table has no column \"abc\" [unknown-column] hint: texts stand in single quotes: 'abc'"),
        DialectCase(
            .sql, "qqqqqq IS NULL",
            "0: the table has no column \"qqqqqq\" [unknown-column] hint: its columns are i, j, u, f, g, amount, wide, s, …"
        ),
        DialectCase(
            .sql, "s > 5",
            "4: the column \"s\" holds string values, which can't be compared with the number 5 [wrong-type] hint: texts stand in quotes: '5'"
        ),
        DialectCase(
            .sql, "i = 1 OR i = '5'",
            "13: the column \"i\" holds int64 values, which can't be compared with the text '5' [wrong-type] hint: write 5 without quotes"
        ),
        DialectCase(
            .sql, "i IN (1, 'a')",
            "9: the column \"i\" holds int64 values, which can't be compared with the text 'a' [wrong-type]"),
        DialectCase(
            .sql, "flag = 1",
            "7: the column \"flag\" holds boolean values, which can't be compared with the number 1 [wrong-type]"),
        DialectCase(
            .sql, "i",
            "0: the column \"i\" holds int64 values and is no condition by itself [wrong-type] hint: compare it with something, or ask whether it is missing"
        ),
        DialectCase(
            .sql, "day > 'soon'",
            "6: the column \"day\" holds date values, and 'soon' is no date [wrong-type]"),
        DialectCase(
            .sql, "day = 20240101",
            "6: the column \"day\" holds date values, which can't be compared with the number 20240101 [wrong-type]"),
        DialectCase(
            .sql, "i = s",
            "4: the column \"i\" holds int64 values, which can't be compared with the string values of \"s\" [wrong-type]"
        ),
        DialectCase(
            .sql, "day < i",
            "6: the column \"day\" holds date values, which can't be compared with the int64 values of \"i\" [wrong-type]"
        ),
        DialectCase(.sql, "1 = 'a'", "4: the number 1 can't be compared with the text 'a' [wrong-type]"),
        DialectCase(
            .pandas, "i < 'a'",
            "4: the column \"i\" holds int64 values, which can't be compared with the text 'a' [wrong-type]"),
        DialectCase(
            .greatExpectations, "col(\"s\") == 5",
            "12: the column \"s\" holds string values, which can't be compared with the number 5 [wrong-type] hint: texts stand in quotes: '5'"
        ),
    ]

    @Test(arguments: mistakes) func pointsAtTheMistake(_ c: DialectCase) {
        #expect(diagnosis(c.text, c.dialect) == c.wanted)
    }

    @Test(arguments: Dialect.allCases) func refusesDeepNesting(_ dialect: Dialect) {
        let inner = dialect == .greatExpectations ? "col(\"flag\")" : "flag"
        func nested(_ depth: Int) -> String {
            String(repeating: "(", count: depth) + inner + String(repeating: ")", count: depth)
        }
        #expect(diagnosis(nested(200), dialect) == "no error")
        #expect(diagnosis(nested(201), dialect) == "200: conditions are nested more than 200 deep [bad-expression]")
    }

    @Test func refusesLongTexts() {
        let text = String(repeating: " ", count: 65_531) + "i = 1"
        #expect(diagnosis(text, .sql) == "no error")
        #expect(
            diagnosis(text + " ", .sql)
                == "a condition of 65537 bytes is too long, at most 65536 are allowed [bad-expression]")
    }

    @Test func refusesDeepTreesWithoutText() throws {
        var condition = Condition.missing("i")
        for _ in 0..<199 { condition = .not(condition) }
        #expect(try Expression(condition).canonicalText == "\"i\" IS NOT NULL")
        #expect(
            throws: ExpressionError(code: "bad-expression", message: "conditions are nested more than 200 deep")
        ) { try Expression(.not(condition)) }
    }
}
