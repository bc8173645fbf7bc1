import Tables
import TestSupport
import Testing

@Suite struct DecimalNumberTests {
    /// A text, and the number it is as digits of its scale; `nil` for no number.
    static let texts: [(String, String?)] = [
        ("0", "0"), ("-0", "0"), ("+3", "3"), ("-12.50", "-12.50"), (".5", "0.5"), ("5.", "5"), ("-.05", "-0.05"),
        ("007", "7"), ("00.10", "0.10"), ("1e3", "1000"), ("1E+3", "1000"), ("1e-3", "0.001"), ("12.5e1", "125"),
        ("12.5e-1", "1.25"), ("0e9999", "0"), ("1e37", "1" + String(repeating: "0", count: 37)),
        (nines(38), nines(38)), ("-" + nines(38), "-" + nines(38)), ("0." + nines(38), "0." + nines(38)),
        ("1e-38", "0." + String(repeating: "0", count: 37) + "1"),
        ("10e-39", "0." + String(repeating: "0", count: 37) + "1"),
        (String(repeating: "0", count: 60) + "1", "1"),
        ("1." + zeros(40), "1." + zeros(37)), ("-12.50" + zeros(40), "-12.50" + zeros(34)),
        ("0." + zeros(500), "0." + zeros(38)),
        ("0e" + nines(40), "0"), ("0.0e-" + nines(40), "0." + zeros(38)), ("1e00002", "100"), ("1e-00002", "0.01"),
        ("1e" + zeros(40) + "2", "100"), ("1" + zeros(60) + "e-60", "1." + zeros(37)), ("0." + zeros(60) + "1e61", "1"),
        ("1" + zeros(60) + "." + zeros(60) + "e-61", "0.1" + zeros(37)),
        ("1e" + nines(40), nil), ("1e-" + nines(40), nil), ("0." + zeros(38) + "1", nil),
        ("1" + zeros(60) + "1e-61", nil),
        ("", nil), ("-", nil), ("+", nil), (".", nil), ("-.", nil), ("e5", nil), ("1e", nil), ("1e+", nil),
        ("1e5.0", nil), ("1e12345", nil), ("--1", nil), ("1-", nil), ("1 ", nil), (" 1", nil), ("1,5", nil),
        ("1_000", nil), ("0x10", nil), ("1.2.3", nil), ("nan", nil), ("inf", nil), ("١", nil), ("1\u{0}", nil),
        ("1" + String(repeating: "0", count: 38), nil), ("1e38", nil), ("1e-39", nil),
        ("100000000000000000000000000000000000000", nil), ("170141183460469231731687303715884105727", nil),
    ]

    private static func zeros(_ count: Int) -> String { String(repeating: "0", count: count) }

    private static func nines(_ count: Int) -> String { String(repeating: "9", count: count) }

    @Test(arguments: texts) func reads(_ text: String, _ wanted: String?) {
        #expect(DecimalNumber(text)?.description == wanted)
    }

    /// Smaller, larger.
    static let ascending: [(String, String)] = [
        ("-1", "1"), ("1", "1.01"), ("-1.01", "-1"), ("0.1", "0.11"), ("9.99", "10"), ("0", "1e-38"), ("-1e-38", "0"),
        ("1e-38", "1e37"), ("-1e37", "1e-38"), ("-1e37", "-1e-38"),
        ("0.99999999999999999999999999999999999999", "1"),
        ("99999999999999999999999999999999999998", "99999999999999999999999999999999999999"),
        ("0.99999999999999999999999999999999999999", "99999999999999999999999999999999999999"),
        ("9007199254740992", "9007199254740993"), ("9007199254740992.9", "9007199254740993"),
    ]

    @Test(arguments: ascending) func ordersExactly(_ low: String, _ high: String) throws {
        let low = try #require(DecimalNumber(low))
        let high = try #require(DecimalNumber(high))
        #expect(low < high)
        #expect(!(high < low))
        #expect(low != high)
        #expect(max(low, high) == high)
    }

    @Test(arguments: [("1", "1.00"), ("0", "-0.000"), ("1e3", "1000.0"), ("-2.50", "-2.5"), ("1e37", "1e37")])
    func equalNumbersHashAlike(_ left: String, _ right: String) throws {
        let left = try #require(DecimalNumber(left))
        let right = try #require(DecimalNumber(right))
        #expect(left == right)
        #expect(left.hashValue == right.hashValue)
        #expect(left.reduced.description == right.reduced.description)
    }

    @Test func ordersLikeWholeNumbersOfOneScale() {
        var random = SeededGenerator(seed: 1)
        for round in 0..<2_000 {
            let scales = (Int.random(in: 0...4, using: &random), Int.random(in: 0...4, using: &random))
            let digits = (Int.random(in: -200...200, using: &random), Int.random(in: -200...200, using: &random))
            let left = DecimalNumber(unscaled: Int128(digits.0), scale: scales.0)
            let right = DecimalNumber(unscaled: Int128(digits.1), scale: scales.1)
            let wanted = (
                Int128(digits.0) * DecimalNumber.powerOfTen(4 - scales.0),
                Int128(digits.1) * DecimalNumber.powerOfTen(4 - scales.1)
            )
            #expect((left < right) == (wanted.0 < wanted.1), "seed 1, round \(round): \(left) \(right)")
            #expect((left == right) == (wanted.0 == wanted.1), "seed 1, round \(round): \(left) \(right)")
            #expect(DecimalNumber(left.description)?.unscaled == left.unscaled, "seed 1, round \(round): \(left)")
        }
    }

    @Test func comparesWhatOverflowsWhenScaled() {
        let largest = DecimalNumber(unscaled: .max)
        let smallest = DecimalNumber(unscaled: .min)
        let fraction = DecimalNumber(unscaled: .max, scale: 38)
        #expect(fraction < largest)
        #expect(smallest < fraction)
        #expect(smallest < DecimalNumber(unscaled: .min, scale: 38))
        #expect(smallest < largest)
    }

    static let rescalings: [(String, Int, String?)] = [
        ("1.5", 3, "1.500"), ("1.50", 1, "1.5"), ("1.55", 1, nil), ("-1.50", 1, "-1.5"), ("0.000", 0, "0"),
        ("7", 0, "7"),
        ("1e31", 8, nil), ("1", 38, "1." + String(repeating: "0", count: 38)), ("2", 38, nil),
    ]

    @Test(arguments: rescalings) func rescalesWithoutLoss(_ text: String, _ scale: Int, _ wanted: String?) throws {
        #expect(try #require(DecimalNumber(text)).rescaled(to: scale)?.description == wanted)
    }

    static let wholes: [(String, Int128, Int128?)] = [
        ("0", 0, 0), ("2.00", 2, 2), ("2.01", 2, nil), ("-2.00", -2, -2), ("-2.01", -3, nil), ("0.99", 0, nil),
        ("-0.01", -1, nil), ("-1e-38", -1, nil), ("1e-38", 0, nil),
    ]

    @Test(arguments: wholes) func roundsDownToAnInteger(_ text: String, _ floor: Int128, _ integer: Int128?) throws {
        let number = try #require(DecimalNumber(text))
        #expect(number.floor == floor)
        #expect(number.integer == integer)
    }

    @Test(arguments: [("0.1", 0.1), ("-1e-38", -1e-38), ("9007199254740993", 9_007_199_254_740_992), ("1e37", 1e37)])
    func isTheNearestDouble(_ text: String, _ wanted: Double) throws {
        #expect(try #require(DecimalNumber(text)).double == wanted)
    }

    @Test func describesAnyNumber() {
        #expect(DecimalNumber(unscaled: .min).description == "-170141183460469231731687303715884105728")
        #expect(DecimalNumber(unscaled: .min, scale: 38).description == "-1.70141183460469231731687303715884105728")
        #expect(DecimalNumber(unscaled: -5, scale: 2).description == "-0.05")
        #expect(DecimalNumber(unscaled: 0, scale: 3).description == "0.000")
    }
}
