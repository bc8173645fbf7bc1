import Expressions
import Tables
import Testing

struct PredicateTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let type: LogicalType
        let values: [Value]
        let literal: String
        var testDescription: String { "\(type) and \(literal)" }
    }

    /// Each has rows that are less, equal, greater, missing and uncomparable, in that order.
    static let ordered = [
        Case(type: .int64, values: [.integer(-5), .integer(3), .integer(9)], literal: "3"),
        Case(type: .uint64, values: [.integer(0), .integer(3), .integer(9)], literal: "3.0"),
        Case(type: .float64, values: [.float(-.infinity), .float(0.1), .float(.infinity)], literal: "0.1"),
        Case(
            type: .decimal(precision: 10, scale: 2), values: [.number("-1.20"), .number("0.10"), .number("0.11")],
            literal: "0.1"),
        Case(
            type: .decimal(precision: 38, scale: 2),
            values: [.number("-999999999999999999999999999999999999.99"), .number("0.10"), .number("0.11")],
            literal: "0.1"),
        Case(
            type: .date, values: [.day("2023-12-31"), .day("2024-01-01"), .day("2024-01-02")], literal: "'2024-01-01'"),
        Case(
            type: .date, values: [.day("2023-12-31"), .day("2024-01-01"), .day("2024-01-02")],
            literal: "TIMESTAMP '2024-01-01 00:00:00'"),
        Case(
            type: .timestamp,
            values: [
                .instant("2024-01-01T09:59:59"), .instant("2024-01-01T10:00:00"), .instant("2024-01-01T10:00:01"),
            ],
            literal: "'2024-01-01T12:00+02:00'"),
        Case(
            type: .timestamp,
            values: [
                .instant("2023-12-31T23:59:59"), .instant("2024-01-01T00:00:00"), .instant("2024-01-01T00:00:01"),
            ],
            literal: "DATE '2024-01-01'"),
        Case(
            type: .time,
            values: [.time(microseconds: 0), .time(microseconds: 3_600_000_000), .time(microseconds: 3_600_000_001)],
            literal: "'01:00'"),
        Case(type: .boolean, values: [.boolean(false), .boolean(true)], literal: "TRUE"),
        Case(type: .string, values: [.text("Zebra"), .text("zebra"), .text("zebra\u{301}")], literal: "'zebra'"),
    ]

    static let satisfied: [(String, Set<Int>)] = [
        ("=", [1]), ("<>", [0, 2]), ("<", [0]), ("<=", [0, 1]), (">", [2]), (">=", [1, 2]),
    ]

    @Test(arguments: ordered) func compares(_ c: Case) throws {
        var values = c.values + [.missing]
        if c.type != .string { values.append(.text("n/a")) }
        for (symbol, wanted) in Self.satisfied {
            let present = wanted.filter { $0 < c.values.count }.sorted()
            #expect(try rows(where: "x \(symbol) \(c.literal)", c.type, values) == present, "x \(symbol) \(c.literal)")
            let absent = Set(c.values.indices).subtracting(present).sorted()
            #expect(try rows(where: "NOT x \(symbol) \(c.literal)", c.type, values) == absent)
            #expect(try rows(where: "NOT (x \(symbol) \(c.literal) OR x IS NULL)", c.type, values) == absent)
        }
        #expect(try rows(where: "x IN (\(c.literal))", c.type, values) == [1])
        #expect(try rows(where: "x IS NULL", c.type, values) == [c.values.count])
        #expect(
            try rows(where: "(x = \(c.literal)) IS UNKNOWN", c.type, values) == Array(c.values.count..<values.count))
        let differing = [0, 2].filter { $0 < c.values.count } + [c.values.count]
        #expect(try rows(where: "x IS DISTINCT FROM \(c.literal)", c.type, values) == differing)
    }

    @Test func comparesIntegersExactly() throws {
        let values: [Value] = [.integer(9_007_199_254_740_992), .integer(9_007_199_254_740_993)]
        #expect(try rows(where: "x = 9007199254740993", .int64, values) == [1])
        #expect(try rows(where: "x > 9007199254740992", .int64, values) == [1])
        #expect(try rows(where: "x < 9007199254740992.5", .int64, values) == [0])
        #expect(try rows(where: "x IN (9007199254740992)", .int64, values) == [0])
        #expect(try rows(where: "x = 9007199254740993", .decimal(precision: 18, scale: 0), values) == [1])
        // A double column is asked about the literal's nearest double.
        #expect(try rows(where: "x = 9007199254740993", .float64, [.float(9_007_199_254_740_992)]) == [0])
    }

    @Test(arguments: [
        ("x > 2.5", [1]), ("x >= 2.5", [1]), ("x < 2.5", [0]), ("x <= 2.5", [0]), ("x = 2.5", []),
        ("x <> 2.5", [0, 1]),
        ("x > -1e300", [0, 1]), ("x < 1e300", [0, 1]), ("x = 1e300", []), ("x <> 1e300", [0, 1]), ("x > 1e300", []),
        ("x >= 1e-60", [0, 1]), ("x < -1e-60", []), ("x < 18446744073709551616", [0, 1]), ("x IN (2.5, 3)", [1]),
    ]) func comparesIntegersWithOtherNumbers(_ text: String, _ wanted: [Int]) throws {
        for type in [LogicalType.int64, .uint64, .decimal(precision: 30, scale: 4), .decimal(precision: 9, scale: 4)] {
            #expect(try rows(where: text, type, [.integer(2), .integer(3)]) == wanted, "\(type)")
        }
    }

    @Test func reachesTheEndsOfIntegers() throws {
        let values: [Value] = [.integer(Int128(Int64.min)), .integer(Int128(Int64.max))]
        #expect(try rows(where: "x >= 9223372036854775807", .int64, values) == [1])
        #expect(try rows(where: "x > 9223372036854775807", .int64, values) == [])
        #expect(try rows(where: "x < -9223372036854775808", .int64, values) == [])
        #expect(try rows(where: "x <= -9223372036854775808", .int64, values) == [0])
        #expect(try rows(where: "x <> 9223372036854775808", .int64, values) == [0, 1])
        #expect(try rows(where: "x = 18446744073709551615", .uint64, [.integer(Int128(UInt64.max))]) == [0])
        #expect(try rows(where: "x > -1", .uint64, [.integer(0)]) == [0])
    }

    @Test func takesNegativeZeroForZero() throws {
        let values: [Value] = [.float(0), .float(-0.0), .float(.nan)]
        #expect(try rows(where: "x = 0", .float64, values) == [0, 1])
        #expect(try rows(where: "x = -0.0", .float64, values) == [0, 1])
        #expect(try rows(where: "x < 0 OR x > 0", .float64, values) == [])
        #expect(try rows(where: "x IN (0)", .float64, values) == [0, 1])
        #expect(try rows(where: "x IS NULL", .float64, values) == [2])
    }

    @Test func comparesADateWithATimeOfDay() throws {
        let days: [Value] = [.day("2024-01-01"), .day("2024-01-02")]
        #expect(try rows(where: "x < TIMESTAMP '2024-01-01 10:00'", .date, days) == [0])
        #expect(try rows(where: "x >= '2024-01-01T10:00'", .date, days) == [1])
        #expect(try rows(where: "x = '2024-01-01T10:00'", .date, days) == [])
    }

    @Test func findsTextsInLongLists() throws {
        let list = (0..<500).map { "'word \($0)'" }.joined(separator: ", ")
        let values: [Value] = [.text("word 499"), .text("word 500"), .text(""), .missing]
        #expect(try rows(where: "x IN (\(list))", .string, values) == [0])
        #expect(try rows(where: "x NOT IN (\(list))", .string, values) == [1, 2])
        #expect(try rows(where: "x NOT IN (\(list), NULL)", .string, values) == [])
        #expect(try rows(where: "x IN ('')", .string, values) == [2])
        let numbers = (0..<500).map { "\($0 * 2)" }.joined(separator: ", ")
        #expect(try rows(where: "x IN (\(numbers))", .int64, [.integer(998), .integer(997), .integer(0)]) == [0, 2])
    }

    @Test func comparesColumnsExactlyWhereItCan() throws {
        let schema = Schema([
            Field("i", .int64), Field("u", .uint64), Field("d", .decimal(precision: 38, scale: 20)),
            Field("f", .float64),
        ])
        let batch = Batch(
            schema,
            [
                [.integer(9_007_199_254_740_993), .integer(-1), .integer(Int128(Int64.max)), .integer(2)],
                [.integer(9_007_199_254_740_993), .integer(0), .integer(1 << 63), .integer(2)],
                [
                    .number("9007199254740993.00000000000000000001"), .number("-1"), .number("1e17"),
                    .number("1.99999999999999999999"),
                ],
                [.float(9_007_199_254_740_992), .float(-1), .float(9.223372036854775807e18), .float(2)],
            ])
        func selected(_ text: String) throws -> [Int] {
            try Expression.parse(text, dialect: .sql).bound(to: schema).evaluate(batch).first(9)
        }
        #expect(try selected("i = u") == [0, 3])
        #expect(try selected("i < u") == [1, 2])
        #expect(try selected("i < d") == [0])
        #expect(try selected("d <> u") == [0, 1, 2, 3])
        #expect(try selected("f = i") == [1, 3])
        #expect(try selected("f < i") == [0])
        #expect(try selected("i < f") == [2])
        #expect(try selected("u >= f") == [0, 1, 2, 3])
        // The first row's decimal is nearer to 9007199254740994.
        #expect(try selected("f = d") == [1, 3])
    }

    @Test func answersForAnEmptyBatch() throws {
        #expect(try rows(where: "x > 5 OR x IS NULL OR TRUE", .int64, []) == [])
    }
}
