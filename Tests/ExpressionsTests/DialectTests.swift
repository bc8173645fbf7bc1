import Expressions
import Tables
import Testing

struct DialectTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let text: String
        let dialect: Dialect
        let wanted: [Int]
        var testDescription: String { "\(dialect.rawValue): \(text)" }

        init(_ text: String, _ dialect: Dialect, _ wanted: [Int]) {
            (self.text, self.dialect, self.wanted) = (text, dialect, wanted)
        }
    }

    /// Of the rows 1, 2, 3, missing and uncomparable.
    static let cases = [
        Case("x != 1", .sql, [1, 2]), Case("x != 1", .pandas, [1, 2, 3]),
        Case("NOT x = 1", .sql, [1, 2]), Case("not x == 1", .pandas, [1, 2, 3]),
        Case("NOT x < 2", .sql, [1, 2]), Case("not x < 2", .pandas, [1, 2, 3]),
        Case("~(x == 1)", .pandas, [1, 2, 3]), Case("~~(x == 1)", .pandas, [0]),
        Case("x NOT IN (1)", .sql, [1, 2]), Case("x not in [1]", .pandas, [1, 2, 3]),
        Case("x in [1, None]", .pandas, [0, 3]), Case("x not in [1, None]", .pandas, [1, 2]),
        Case("x in ['a', 2]", .pandas, [1]), Case("x in ['a']", .pandas, []),
        Case("x not in ['a']", .pandas, [0, 1, 2, 3, 4]),
        Case("x == 'a'", .pandas, []), Case("x != 'a'", .pandas, [0, 1, 2, 3, 4]),
        Case("not x == 'a'", .pandas, [0, 1, 2, 3, 4]), Case("not x != 'a'", .pandas, []),
        Case("x == True", .pandas, [0]), Case("x in [True, 3]", .pandas, [0, 2]),
        Case("x == None", .pandas, []), Case("x != None", .pandas, [0, 1, 2, 3, 4]),
        Case("1 < x < 3", .pandas, [1]), Case("not 1 < x < 3", .pandas, [0, 2, 3]),
        Case("3 >= x >= 2 and x != 3", .pandas, [1]),
        Case("x!=1 & x!=2", .pandas, [2, 3]), Case("x == 1 | x == 2 & x == 3", .pandas, [0]),
        Case("x == x", .pandas, [0, 1, 2]), Case("x != x", .pandas, [3]), Case("x = x", .sql, [0, 1, 2]),
        Case("x.isna()", .pandas, [3]), Case("x.notnull()", .pandas, [0, 1, 2, 4]),
        Case("x = 1 OR x = 2 AND x = 3", .sql, [0]), Case("(x = 1 OR x = 2) AND x = 2", .sql, [1]),
        Case("NOT x = 1 AND x < 3", .sql, [1]), Case("x BETWEEN 2 AND 3", .sql, [1, 2]),
        Case("x NOT BETWEEN 2 AND 3", .sql, [0]), Case("x NOT BETWEEN 2 AND NULL", .sql, [0]),
        Case("x BETWEEN 3 AND 2", .sql, []), Case("x = NULL", .sql, []), Case("NOT x = NULL", .sql, []),
        Case("x IS NOT NULL", .sql, [0, 1, 2, 4]), Case("(x = 1) IS NOT TRUE", .sql, [1, 2, 3, 4]),
        Case("(x = 1) IS NULL", .sql, [3, 4]),
        Case("col(\"x\") != 1", .greatExpectations, [1, 2]),
        Case("col(\"x\").notNull() & col('x') > 1", .greatExpectations, [1, 2]),
        Case("not (col(\"x\") == 1 or col(\"x\").isNull())", .greatExpectations, [1, 2]),
    ]

    @Test(arguments: cases) func selects(_ c: Case) throws {
        let values: [Value] = [.integer(1), .integer(2), .integer(3), .missing, .text("n/a")]
        #expect(try rows(where: c.text, c.dialect, .int64, values) == c.wanted)
    }

    @Test func knowsPythonsBooleans() throws {
        let values: [Value] = [.boolean(true), .boolean(false), .missing]
        #expect(try rows(where: "x", .pandas, .boolean, values) == [0])
        #expect(try rows(where: "~x", .pandas, .boolean, values) == [1, 2])
        #expect(try rows(where: "x == 1.0", .pandas, .boolean, values) == [0])
        #expect(try rows(where: "x != 0", .pandas, .boolean, values) == [0, 2])
        #expect(try rows(where: "x in [0]", .pandas, .boolean, values) == [1])
        #expect(try rows(where: "x == 5", .pandas, .boolean, values) == [])
        #expect(try rows(where: "x = FALSE", .sql, .boolean, values) == [1])
        #expect(try rows(where: "NOT x", .sql, .boolean, values) == [1])
    }

    @Test func readsDatesInEveryDialect() throws {
        let values: [Value] = [.instant("2023-12-31T23:00"), .instant("2024-01-01T00:00"), .missing]
        #expect(try rows(where: "x >= '2024-01-01'", .sql, .timestamp, values) == [1])
        #expect(try rows(where: "x >= \"2024-01-01\"", .pandas, .timestamp, values) == [1])
        #expect(try rows(where: "x == 'soon'", .pandas, .timestamp, values) == [])
        #expect(try rows(where: "col(\"x\") >= date(\"2024-01-01\")", .greatExpectations, .timestamp, values) == [1])
    }
}
