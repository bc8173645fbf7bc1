import Tables
import Testing

@testable import Expectations

@Suite struct ValueRangeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let type: LogicalType
        let bounds: Bounds
        let range: ValueRange?

        init(
            _ testDescription: String, _ type: LogicalType, _ low: Value?, _ high: Value?, isStrict: Bool = false,
            _ range: ValueRange?
        ) {
            self.testDescription = testDescription
            self.type = type
            bounds = Bounds(
                minimum: low.map { .value($0) }, maximum: high.map { .value($0) }, isMinimumStrict: isStrict,
                isMaximumStrict: isStrict)
            self.range = range
        }
    }

    static func decimal(_ text: String) -> Value { .decimal(DecimalNumber(text) ?? DecimalNumber(0)) }
    static let cents = LogicalType.decimal(precision: 12, scale: 2)
    static let whole = Int128.max

    static let cases = [
        Case("integers", .int64, .integer(1), .integer(3), .integers(low: 1, high: 3)),
        Case("strict integers", .int64, .integer(1), .integer(3), isStrict: true, .integers(low: 2, high: 2)),
        Case("nothing between", .int64, .integer(1), .integer(1), isStrict: true, .integers(low: 2, high: 0)),
        Case("no bounds", .int64, nil, nil, isStrict: true, .integers(low: .min, high: .max)),
        Case("fractions", .int64, decimal("0.5"), decimal("2.5"), .integers(low: 1, high: 2)),
        Case("strict fractions", .int64, decimal("0.5"), decimal("2.5"), isStrict: true, .integers(low: 1, high: 2)),
        Case("negative fractions", .int64, decimal("-2.5"), decimal("-0.5"), .integers(low: -2, high: -1)),
        Case("whole with a point", .int64, decimal("1.0"), decimal("3.00"), isStrict: true, .integers(low: 2, high: 2)),
        Case("floats on integers", .uint64, .float(1e-50), .float(1e300), .integers(low: 1, high: .max)),
        Case("negative floats on integers", .int64, .float(-1e-50), .float(-1e-50), .integers(low: 0, high: -1)),
        Case("infinite on integers", .int64, .float(-.infinity), .float(.infinity), .integers(low: .min, high: .max)),
        Case("the last integer", .int64, .integer(whole), nil, isStrict: true, .integers(low: .max, high: .max)),
        Case("the first integer", .int64, nil, .integer(.min), isStrict: true, .integers(low: .min, high: .min)),
        Case("cents", cents, decimal("0.1"), .integer(2), .integers(low: 10, high: 200)),
        Case("parts of a cent", cents, decimal("0.001"), decimal("0.019"), .integers(low: 1, high: 1)),
        Case("cents that overflow", cents, .integer(whole), .integer(whole), .integers(low: .max, high: .max)),
        Case("cents that overflow below", cents, .integer(-whole), .integer(-whole), .integers(low: .min, high: .min)),
        Case(
            "floats", .float64, decimal("0.1"), .integer(3),
            .floats(low: 0.1, high: 3, isLowStrict: false, isHighStrict: false)),
        Case(
            "strict floats without bounds", .float64, nil, nil, isStrict: true,
            .floats(low: -.infinity, high: .infinity, isLowStrict: false, isHighStrict: false)),
        Case(
            "2^53 + 1 on floats", .float64, .integer(9_007_199_254_740_993), .integer(9_007_199_254_740_993),
            .floats(low: 0x1p53, high: 0x1p53, isLowStrict: true, isHighStrict: false)),
        Case(
            "2^53 + 3 on floats", .float64, .integer(9_007_199_254_740_995), .integer(9_007_199_254_740_995),
            isStrict: true, .floats(low: 0x1p53 + 4, high: 0x1p53 + 4, isLowStrict: false, isHighStrict: true)),
        Case(
            "dates", .date, .text("1970-01-02"), .text("1970-01-03"), .integers(low: 1, high: 2)),
        Case(
            "strict dates", .date, .text("1970-01-02"), .text("1970-01-04"), isStrict: true, .integers(low: 2, high: 2)),
        Case(
            "times on dates", .date, .text("1970-01-02T12:00:00"), .text("1970-01-03T12:00:00"), isStrict: true,
            .integers(low: 2, high: 2)),
        Case(
            "dates before 1970", .date, .text("1969-12-31T12:00:00"), .text("1969-12-31T12:00:00"),
            .integers(low: 0, high: -1)),
        Case(
            "timestamps with a zone", .timestamp, .text("1970-01-01T01:00:00+01:00"), .text("1970-01-01 00:00:01"),
            .integers(low: 0, high: 1_000_000)),
        Case("times of day", .time, .text("00:00:01"), nil, .integers(low: 1_000_000, high: .max)),
        Case("durations", .duration, nil, .text("1m30s"), .integers(low: .min, high: 90_000_000)),
        Case(
            "text", .string, .text("a"), .text("é"), isStrict: true,
            .texts(low: [0x61], high: [0xC3, 0xA9], isLowStrict: true, isHighStrict: true)),
        Case("a number on text", .string, .integer(1), nil, nil),
        Case("a text on numbers", .int64, .text("1"), nil, nil),
        Case("a text on floats", .float64, nil, .text("1"), nil),
        Case("a number on dates", .date, .integer(1), nil, nil),
        Case("no date", .date, .text("2024-02-30"), nil, nil),
        Case("no time", .time, .text("25:00"), nil, nil),
        Case("Booleans", .boolean, nil, nil, nil),
        Case("binary", .binary, nil, nil, nil),
    ]

    @Test(arguments: cases) func isInTheTermsOfTheColumn(_ c: Case) throws {
        guard let range = c.range else {
            #expect(throws: PlanError.self) { try ValueRange(c.bounds, type: c.type, column: "x", now: 0) }
            return
        }
        #expect(try ValueRange(c.bounds, type: c.type, column: "x", now: 0) == range)
    }

    @Test func resolvesWhatHangsOnTheClock() throws {
        let bounds = Bounds(minimum: .afterNow(-10), maximum: .afterNow(0))
        let range = try ValueRange(bounds, type: .timestamp, column: "x", now: 100)
        #expect(range == .integers(low: 90, high: 100))
    }

    static let members: [(range: ValueRange, value: Value, isIn: Bool)] = [
        (.integers(low: 1, high: 3), .integer(3), true), (.integers(low: 1, high: 3), .integer(4), false),
        (.integers(low: 10, high: 20), .decimal(DecimalNumber(unscaled: 15, scale: 1)), true),
        (.integers(low: 1, high: 2), .date(days: 2), true), (.integers(low: 1, high: 2), .time(microseconds: 3), false),
        (.integers(low: 1, high: 2), .timestamp(microseconds: 1), true),
        (.integers(low: 1, high: 2), .duration(microseconds: 0), false),
        (.integers(low: 0, high: .max), .float(1e40), true), (.integers(low: 0, high: 5), .float(1e40), false),
        (.integers(low: .min, high: 5), .float(-1e40), true), (.integers(low: 0, high: 5), .text("1"), false),
        (.floats(low: 0, high: 1, isLowStrict: false, isHighStrict: true), .float(1), false),
        (.floats(low: 0, high: 1, isLowStrict: true, isHighStrict: false), .integer(1), true),
        (.floats(low: 0, high: 1, isLowStrict: false, isHighStrict: false), .float(.nan), false),
        (.texts(low: [0x61], high: nil, isLowStrict: true, isHighStrict: false), .text("a"), false),
        (.texts(low: [0x61], high: [0x63], isLowStrict: false, isHighStrict: false), .text("bz"), true),
        (.texts(low: nil, high: [0x63], isLowStrict: false, isHighStrict: false), .text("ca"), false),
    ]

    @Test(arguments: members) func tellsWhatIsInIt(_ range: ValueRange, _ value: Value, _ isIn: Bool) {
        #expect(range.contains(value) == isIn)
    }

    static let words: [(bounds: Bounds, words: String)] = [
        (Bounds(), "anything"), (Bounds(minimum: .value(.integer(0))), "at least 0"),
        (Bounds(minimum: .value(.integer(0)), isMinimumStrict: true), "above 0"),
        (Bounds(maximum: .value(.text("m"))), "at most m"),
        (Bounds(maximum: .value(.integer(5)), isMaximumStrict: true), "below 5"),
        (Bounds(minimum: .value(.integer(0)), maximum: .value(.integer(10_000))), "between 0 and 10,000"),
        (Bounds(minimum: .value(.integer(2)), maximum: .value(.integer(2))), "2"),
        (
            Bounds(minimum: .value(.integer(0)), maximum: .value(.integer(9)), isMaximumStrict: true),
            "at least 0 and below 9"
        ),
        (Bounds(minimum: .afterNow(-7_200_000_000), maximum: .afterNow(0)), "between 2h before now and now"),
    ]

    @Test(arguments: words) func isToldInWords(_ bounds: Bounds, _ words: String) { #expect(bounds.words == words) }

    @Test func hasOneKeyForEqualNumbers() {
        let one = Bounds(minimum: .value(.integer(1)))
        #expect(one.key == Bounds(minimum: .value(Self.decimal("1.00"))).key)
        #expect(one.key != Bounds(minimum: .value(.integer(1)), isMinimumStrict: true).key)
        #expect(one.key != Bounds(minimum: .value(.text("1"))).key)
        #expect(one.key != Bounds(maximum: .value(.integer(1))).key)
    }
}
