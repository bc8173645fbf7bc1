import Expressions
import Tables
import Testing

/// Values made of values of other types, in columns and not only as literals.
struct ValueCastTests {
    /// What a cast makes of a value of a column.
    private static func cast(_ value: Value, _ source: LogicalType, _ target: String) -> String {
        let schema = Schema([Field("x", source)])
        return outcome("cast(x as \(target))", of: Batch(schema, [[value]]), schema)
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let value: Value
        let source: LogicalType
        let target: String
        let wanted: String
        var testDescription: String { "\(source) \(value) as \(target)" }

        init(_ value: Value, _ source: LogicalType, _ target: String, _ wanted: String) {
            (self.value, self.source, self.target, self.wanted) = (value, source, target, wanted)
        }

        init(_ text: String, _ target: String, _ wanted: String? = nil) {
            let name = target.replacing(", ", with: ",")
            self.init(.text(text), .string, target, wanted ?? "x: \"\(text)\" is no \(name) [bad-cast]")
        }
    }

    static let cases = [
        Case("42", "int64", "42"), Case(" -42 ", "int64", "-42"), Case("+7", "int64", "7"), Case("", "int64"),
        Case("4.0", "int64"), Case("1e3", "int64"), Case("0x10", "int64"), Case("4 2", "int64"), Case("-", "int64"),
        Case("9223372036854775807", "int64", "9223372036854775807"), Case("9223372036854775808", "int64"),
        Case("-9223372036854775808", "int64", "-9223372036854775808"), Case("٤", "int64"),
        Case("00000000000000000000000000042", "int64", "42"),
        Case("18446744073709551615", "uint64", "18446744073709551615"), Case("-1", "uint64"), Case("-0", "uint64", "0"),
        Case("1.5", "decimal(12,2)", "1.50"), Case("1.005", "decimal(12,2)", "1.01"),
        Case("-1.005", "decimal(12,2)", "-1.01"), Case("1.0049", "decimal(12,2)", "1.00"), Case("abc", "decimal(12,2)"),
        Case("9999999999.994", "decimal(12,2)", "9999999999.99"), Case("9999999999.995", "decimal(12,2)"),
        Case("1e3", "decimal(12,2)", "1000.00"), Case(".5", "decimal(12,2)", "0.50"),
        Case("5.", "decimal(12,2)", "5.00"), Case(".", "decimal(12,2)"), Case("1.2.3", "decimal(12,2)"),
        Case("1,5", "decimal(12,2)"), Case("NaN", "decimal(12,2)"),
        Case("12345678901234567890123456789012345678", "decimal(38,0)", "12345678901234567890123456789012345678"),
        Case("123456789012345678901234567890123456789", "decimal(38,0)"),
        Case("0.00000000000000000000000000000000000001", "decimal(38,38)", "0.00000000000000000000000000000000000001"),
        Case("999999999999999999", "decimal(18,0)", "999999999999999999"), Case("1000000000000000000", "decimal(18,0)"),
        Case("1.5", "double", "1.5"), Case("1e300", "double", "1e+300"), Case("1e999", "float64"),
        Case("-inf", "double", "-inf"), Case("NaN", "float64"), Case("0x1p3", "float64"), Case("0.1", "double", "0.1"),
        Case("9007199254740993", "double", "9007199254740992.0"), Case("1e", "float64"),
        Case("true", "boolean", "true"), Case(" No ", "boolean", "false"), Case("1", "bool", "true"),
        Case("2", "boolean"), Case("OFF", "boolean", "false"),
        Case("2024-02-29", "date", "2024-02-29"), Case("2023-02-29", "date"), Case("2024-2-9", "date"),
        Case(" 2024-02-29 ", "date", "2024-02-29"), Case("2024-02-29 10:00:00", "date"),
        Case("2024-02-29", "timestamp", "2024-02-29T00:00:00Z"),
        Case("2024-02-29 10:00", "timestamp", "2024-02-29T10:00:00Z"),
        Case("2024-02-29T10:00:00+02:00", "timestamp", "2024-02-29T08:00:00Z"),
        Case("2024-02-29T25:00:00", "timestamp"), Case("today", "timestamp"),
        Case("10:30", "time", "10:30:00"), Case("24:00", "time"), Case("abc", "varchar(2)", "abc"),
        Case(.integer(300), .int64, "decimal(4,2)", "x: \"300\" doesn't fit in decimal(4,2) [bad-cast]"),
        Case(.integer(3), .int64, "decimal(4,2)", "3.00"),
        Case(.integer(-1), .int64, "uint64", "x: \"-1\" doesn't fit in uint64 [bad-cast]"),
        Case(
            .integer(Int128(UInt64.max)), .uint64, "int64",
            "x: \"18446744073709551615\" doesn't fit in int64 [bad-cast]"),
        Case(.integer(0), .int64, "boolean", "false"), Case(.boolean(true), .boolean, "decimal(3,1)", "1.0"),
        Case(.integer(9_007_199_254_740_993), .int64, "double", "9007199254740992.0"),
        Case(.number("2.5"), .decimal(precision: 5, scale: 2), "int64", "3"),
        Case(.number("-2.5"), .decimal(precision: 5, scale: 2), "int64", "-3"),
        Case(.number("2.45"), .decimal(precision: 5, scale: 2), "decimal(3,1)", "2.5"),
        Case(
            .number("99.95"), .decimal(precision: 5, scale: 2), "decimal(3,1)",
            "x: \"99.95\" doesn't fit in decimal(3,1) [bad-cast]"),
        Case(.number("0.1"), .decimal(precision: 30, scale: 20), "double", "0.1"),
        Case(.float(2.5), .float64, "int64", "2"), Case(.float(3.5), .float64, "int64", "4"),
        Case(.float(1e19), .float64, "int64", "x: \"1e+19\" doesn't fit in int64 [bad-cast]"),
        Case(.float(1.005), .float64, "decimal(12,2)", "1.01"),
        Case(.float(-0.015), .float64, "decimal(12,2)", "-0.02"),
        Case(.float(.infinity), .float64, "decimal(12,2)", "x: \"inf\" doesn't fit in decimal(12,2) [bad-cast]"),
        Case(.float(1e30), .float64, "decimal(38,2)", "1000000000000000000000000000000.00"),
        Case(.float(1e-300), .float64, "decimal(38,10)", "0.0000000000"),
        Case(.float(123456.789), .float64, "decimal(38,20)", "123456.78900000000000000000"),
        Case(.number("-0.05"), .decimal(precision: 5, scale: 2), "string", "-0.05"),
        Case(.integer(Int128(Int64.min)), .int64, "string", "-9223372036854775808"),
        Case(.float(1e300), .float64, "string", "1e+300"), Case(.float(-0.0), .float64, "string", "-0.0"),
        Case(.boolean(false), .boolean, "string", "false"), Case(.day("0001-01-01"), .date, "string", "0001-01-01"),
        Case(.instant("2024-02-29T13:45:30.25Z"), .timestamp, "text", "2024-02-29T13:45:30.25Z"),
        Case(.duration(microseconds: -93_600_500_000), .duration, "string", "-26:00:00.5"),
        Case(.number("1.00"), .decimal(precision: 30, scale: 2), "string", "1.00"),
        Case(.day("2024-02-29"), .date, "timestamp", "2024-02-29T00:00:00Z"),
        Case(.instant("1969-12-31T23:00:00Z"), .timestamp, "date", "1969-12-31"),
        Case(.instant("1969-12-31T23:00:00Z"), .timestamp, "time", "23:00:00"),
        Case(
            .date(days: Int(Int32.max)), .date, "timestamp", "x: \"+5881580-07-11\" doesn't fit in timestamp [bad-cast]"
        ),
        Case("1h30m", "interval", "1h 30m"), Case("soon", "duration"),
    ]

    @Test(arguments: cases) func makes(_ c: Case) { #expect(Self.cast(c.value, c.source, c.target) == c.wanted) }

    @Test(arguments: cases) func triesWithoutAWord(_ c: Case) {
        let schema = Schema([Field("x", c.source)])
        let tried = outcome("try_cast(x as \(c.target))", of: Batch(schema, [[c.value]]), schema)
        #expect(tried == (c.wanted.hasSuffix("[bad-cast]") ? "missing" : c.wanted))
    }

    @Test func shortFormsAreCasts() throws {
        for (short, long) in [
            ("timestamp(x)", "cast(x as timestamp)"), ("decimal(x, 12, 2)", "CAST(x AS decimal(12,2))"),
            ("int64(x)", "x::bigint"), ("try_date(x)", "try_cast(x as date)"), ("boolean(x)", "x::bool"),
            ("string(x)", "cast(x as varchar(20))"), ("x::double precision", "float64(x)"),
            ("x::timestamp with time zone", "timestamp(x)"),
        ] {
            #expect(try ValueExpression.parse(short) == ValueExpression.parse(long))
        }
    }

    /// A text that is written out and can't be cast is the author's mistake.
    @Test func refusesWhatIsWrittenOut() {
        #expect(outcome("date('2024-02-30')") == "5: the text '2024-02-30' is no date [wrong-type]")
        #expect(outcome("try_date('2024-02-30')") == "missing")
        #expect(outcome("int64(day)") == "0: day is date, of which no int64 can be made [wrong-type]")
    }

    @Test func tellsUncomparableCells() {
        let schema = Schema([Field("n", .int64)])
        let batch = Batch(schema, [[.text("n/a"), .integer(5), .missing]])
        #expect(outcome("n + 1", of: batch, schema) == "n: \"n/a\" is no int64 [bad-value]")
        #expect(outcome("try(n + 1)", of: batch, schema) == "missing")
        #expect(outcome("n is null", of: batch, schema) == "false")
        #expect(outcome("n", of: batch, schema) == "n: \"n/a\" is no int64 [bad-value]")
    }

    @Test func masksWhatItTells() throws {
        let schema = Schema([Field("x", .string)])
        let bound = try ValueExpression.parse("decimal(x, 12, 2)").bound(to: schema)
        let (column, problems) = bound.evaluate(Batch(schema, [[.text("1"), .text("abc"), .missing]]), clock: 0)
        #expect(column.present == Bitmap([true, false, false]))
        #expect(problems.rows == Bitmap([false, true, false]))
        #expect(problems.count == 1)
        #expect(problems.first(10).map(\.message) == ["x: \"abc\" is no decimal(12,2)"])
        #expect(problems.first(10).map(\.maskedMessage) == ["x: a value is no decimal(12,2)"])
    }
}
