import Expressions
import Tables
import Testing

struct ExpressionParseTests {
    static let canonical = [
        DialectCase(.sql, "a=1", "\"a\" = 1"),
        DialectCase(.sql, "  a  ==\n1.50 ", "\"a\" = 1.5"),
        DialectCase(.sql, "A != -2.0", "\"A\" <> -2"),
        DialectCase(.sql, "5 < a", "\"a\" > 5"),
        DialectCase(.sql, "a = 1 or b = 2 AND c = 3", "\"a\" = 1 OR \"b\" = 2 AND \"c\" = 3"),
        DialectCase(.sql, "(a = 1 or b = 2) And (c = 3)", "(\"a\" = 1 OR \"b\" = 2) AND \"c\" = 3"),
        DialectCase(.sql, "NOT a = 1 AND b = 2", "\"a\" <> 1 AND \"b\" = 2"),
        DialectCase(.sql, "NOT (a = 1 AND b = 2)", "NOT (\"a\" = 1 AND \"b\" = 2)"),
        DialectCase(.sql, "not not flag", "\"flag\""),
        DialectCase(.sql, "NOT flag", "NOT \"flag\""),
        DialectCase(.sql, "((a=1 AND b=2) AND c=3)", "\"a\" = 1 AND \"b\" = 2 AND \"c\" = 3"),
        DialectCase(.sql, "a in (1, 2.50, -3)", "\"a\" IN (1, 2.5, -3)"),
        DialectCase(.sql, "a NOT IN ('x', 'it''s', NULL)", "\"a\" NOT IN ('x', 'it''s', NULL)"),
        DialectCase(.sql, "a BETWEEN 1 AND 5 AND b = 2", "\"a\" >= 1 AND \"a\" <= 5 AND \"b\" = 2"),
        DialectCase(.sql, "a NOT BETWEEN 1 AND 5", "NOT (\"a\" >= 1 AND \"a\" <= 5)"),
        DialectCase(.sql, "a IS NULL or b is not null", "\"a\" IS NULL OR \"b\" IS NOT NULL"),
        DialectCase(.sql, "a LIKE '10!%%' ESCAPE '!'", "\"a\" LIKE '10!%%' ESCAPE '!'"),
        DialectCase(.sql, "a NOT LIKE '_x'", "\"a\" NOT LIKE '_x'"),
        DialectCase(.sql, "a IS DISTINCT FROM 5", "\"a\" IS DISTINCT FROM 5"),
        DialectCase(.sql, "a IS NOT DISTINCT FROM b", "\"a\" IS NOT DISTINCT FROM \"b\""),
        DialectCase(.sql, "a IS DISTINCT FROM NULL", "\"a\" IS NOT NULL"),
        DialectCase(.sql, "(a > 1) IS NOT TRUE", "(\"a\" > 1) IS NOT TRUE"),
        DialectCase(.sql, "flag IS UNKNOWN", "\"flag\" IS UNKNOWN"),
        DialectCase(.sql, "\"a \"\"b\"\"\" = `c``d`", "\"a \"\"b\"\"\" = \"c`d\""),
        DialectCase(.sql, "größe > 1 AND 名前 = '日本'", "\"größe\" > 1 AND \"名前\" = '日本'"),
        DialectCase(.sql, "d >= DATE '2024-01-01'", "\"d\" >= DATE '2024-01-01'"),
        DialectCase(.sql, "date > date '2024-01-01'", "\"date\" > DATE '2024-01-01'"),
        DialectCase(
            .sql, "at < TIMESTAMP '2024-01-01 10:00:00+02:00'", "\"at\" < TIMESTAMP '2024-01-01 08:00:00+00:00'"),
        DialectCase(.sql, "t < time '10:30'", "\"t\" < TIME '10:30:00'"),
        DialectCase(.sql, "1 = 1.0 AND 'a' <> 'b'", "TRUE AND TRUE"),
        DialectCase(.sql, "1 = NULL", "NULL"),
        DialectCase(.sql, "a > 1e300 OR a > 9007199254740993", "\"a\" > 1e+300 OR \"a\" > 9007199254740993"),
        DialectCase(.sql, "a = .5 OR a = +5 OR a = 1e2", "\"a\" = 0.5 OR \"a\" = 5 OR \"a\" = 100"),
        DialectCase(.pandas, "x!=1 & w!=6", "\"x\" IS DISTINCT FROM 1 AND \"w\" IS DISTINCT FROM 6"),
        DialectCase(.pandas, "x == 1 | y == \"a\" and z < 2", "\"x\" = 1 OR \"y\" = 'a' AND \"z\" < 2"),
        DialectCase(.pandas, "1 < x <= 5", "\"x\" > 1 AND \"x\" <= 5"),
        DialectCase(.pandas, "`my col` == 'it\\'s'", "\"my col\" = 'it''s'"),
        DialectCase(
            .pandas, "x in [1, 2] and y not in (3,)", "\"x\" IN (1, 2) AND (\"y\" IS NULL OR \"y\" NOT IN (3))"),
        DialectCase(.pandas, "x == [1, 2]", "\"x\" IN (1, 2)"),
        DialectCase(.pandas, "x in []", "FALSE"),
        DialectCase(.pandas, "x.isnull() and not y.notna()", "\"x\" IS NULL AND \"y\" IS NULL"),
        DialectCase(.pandas, "not (x < 1 and y == 2)", "\"x\" IS NULL OR \"x\" >= 1 OR \"y\" IS DISTINCT FROM 2"),
        DialectCase(.pandas, "~(x != 1)", "\"x\" = 1"),
        DialectCase(.pandas, "~flag", "\"flag\" IS NULL OR NOT \"flag\""),
        DialectCase(.pandas, "a != b", "\"a\" IS NULL OR \"b\" IS NULL OR \"a\" <> \"b\""),
        DialectCase(.pandas, "x == None or x != None", "FALSE OR TRUE"),
        DialectCase(.pandas, "x == \"\\x41\\u00e9\\n\\d\"", "\"x\" = 'Aé\n\\d'"),
        DialectCase(.greatExpectations, "col(\"x\") > 5", "\"x\" > 5"),
        DialectCase(
            .greatExpectations, "col('x') == \"abc\" and col(\"y\").notNull()", "\"x\" = 'abc' AND \"y\" IS NOT NULL"),
        DialectCase(
            .greatExpectations, "col(\"a\")!=1 & (col(\"b\")<2 | col(\"c\").isNull())",
            "\"a\" <> 1 AND (\"b\" < 2 OR \"c\" IS NULL)"),
        DialectCase(.greatExpectations, "col(\"d\") <= date(\"2023-03-13\")", "\"d\" <= DATE '2023-03-13'"),
        DialectCase(.greatExpectations, "not col(\"x\") == 5", "\"x\" <> 5"),
    ]

    @Test(arguments: canonical) func readsAndWrites(_ c: DialectCase) throws {
        #expect(try Expression.parse(c.text, dialect: c.dialect).canonicalText == c.wanted)
    }

    @Test(arguments: canonical) func writesWhatItReads(_ c: DialectCase) throws {
        let once = try Expression.parse(c.text, dialect: c.dialect).canonicalText
        #expect(try Expression.parse(once, dialect: .sql).canonicalText == once)
    }

    @Test func namesColumnsOnce() throws {
        let expression = try Expression.parse("b = 1 AND a IN (2) OR b IS NULL AND c = a", dialect: .sql)
        #expect(expression.columns() == ["b", "a", "c"])
    }

    @Test func keepsComposedAndDecomposedTextsApart() throws {
        let composed = try Expression.parse("s = '\u{E9}'", dialect: .sql)
        let decomposed = try Expression.parse("s = 'e\u{301}'", dialect: .sql)
        #expect(composed != decomposed)
        #expect(try composed.bound(to: Table.schema) != decomposed.bound(to: Table.schema))
    }

    @Test func buildsWithoutText() throws {
        let built = try Expression(
            .and([.comparison("i", .greater, .integer(5)), .or([.membership("s", [.text("a")]), .missing("s")])]))
        let written = try Expression.parse("i > 5 AND (s IN ('a') OR s IS NULL)", dialect: .sql)
        #expect(built == written)
        #expect(try built.bound(to: Table.schema) == written.bound(to: Table.schema))
    }

    @Test func asksOnlyForPresenceWhereThatWillDo() throws {
        let predicate = try Expression.parse("i IS NULL OR j > 5 AND s = NULL", dialect: .sql).bound(to: Table.schema)
        #expect(predicate.columns == [0, 1])
        #expect(predicate.projection == Projection([0: .presence, 1: .values]))
    }
}
