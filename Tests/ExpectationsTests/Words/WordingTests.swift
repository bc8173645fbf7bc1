import Expectations
import Tables
import Testing

@Suite struct WordingTests {
    static let counts: [(number: Int, text: String)] = [
        (0, "0"), (999, "999"), (1_000, "1,000"), (-1_234_567, "-1,234,567"), (.max, "9,223,372,036,854,775,807"),
        (.min, "-9,223,372,036,854,775,808"),
    ]

    @Test(arguments: counts) func groupsThousands(_ number: Int, _ text: String) {
        #expect(Wording.count(number) == text)
    }

    @Test func countsThings() {
        #expect(Wording.count(1, "row") == "1 row")
        #expect(Wording.count(0, "row") == "0 rows")
        #expect(Wording.count(2_000, "match", "matches") == "2,000 matches")
    }

    static let shares: [(part: Int, whole: Int, text: String)] = [
        (0, 0, "–"), (0, 9, "0%"), (9, 9, "100%"), (1, 2, "50%"), (1, 3, "33.3%"), (1, 200, "0.5%"),
        (1, 10_000, "0.01%"), (1, 10_001, "< 0.01%"), (1, .max, "< 0.01%"), (199, 200, "99.5%"),
        (9_999, 10_000, "99.99%"), (99_999, 100_000, "> 99.99%"), (989, 1_000, "98.9%"),
    ]

    @Test(arguments: shares) func tellsShares(_ part: Int, _ whole: Int, _ text: String) {
        #expect(Wording.percent(part, of: whole) == text)
    }

    @Test func neverSaysNoneOrAllOfSome() {
        for whole in [2, 3, 7, 99, 101, 9_999, 10_001, 99_999, 1_000_003] {
            for part in [1, 2, whole / 2, whole - 2, whole - 1] where part > 0 && part < whole {
                let text = Wording.percent(part, of: whole)
                let number = Double(text.filter { $0.isNumber || $0 == "." }) ?? 0
                #expect(number > 0 && number < 100, "\(part) of \(whole): \(text)")
            }
        }
    }

    static let allowances: [(share: String, text: String)] = [
        ("0.995", "99.5%"), ("0.2", "20%"), ("1", "100%"), ("0.000001", "0.0001%"), ("0.50", "50%"),
    ]

    @Test(arguments: allowances) func tellsAllowancesExactly(_ share: String, _ text: String) throws {
        #expect(Wording.percent(ofShare: try #require(DecimalNumber(share))) == text)
    }

    static let numbers: [(number: Double, text: String)] = [
        (0, "0"), (-0.0, "0"), (1, "1"), (-2.5, "-2.5"), (-0.25, "-0.25"), (1_234_567, "1,234,567"),
        (1.0 / 3, "0.33333"),
        (1_234.5678, "1,234.57"), (123_456.789, "123,456.8"), (0.1 + 0.2, "0.3"), (9.999999, "10"),
        (1e15, "1,000,000,000,000,000"), (1e16, "1e+16"),
        (1.5e300, "1.5e+300"), (1e-5, "1e-05"), (.infinity, "inf"), (-.infinity, "-inf"),
    ]

    @Test(arguments: numbers) func roundsNumbers(_ number: Double, _ text: String) {
        #expect(Wording.number(number) == text)
    }

    static let values: [(value: Value, text: String)] = [
        (.missing, "missing"), (.boolean(true), "true"), (.integer(1_000), "1,000"),
        (.integer(Int128(Int64.max) + 1), "9223372036854775808"),
        (.decimal(DecimalNumber(unscaled: 1_250, scale: 2)), "12.50"), (.float(0.5), "0.5"),
        (.text("a\"b"), "\"a\"b\""),
        (.text(String(repeating: "x", count: 61)), "\"\(String(repeating: "x", count: 60))…\""),
        (.date(days: 0), "1970-01-01"), (.time(microseconds: 1_500_000), "00:00:01.5"),
        (.timestamp(microseconds: -1), "1969-12-31T23:59:59.999999Z"), (.duration(microseconds: 90_000_000), "1m 30s"),
    ]

    @Test(arguments: values) func showsValues(_ value: Value, _ text: String) { #expect(Wording.value(value) == text) }

    static let lists: [(count: Int, text: String)] = [
        (0, "nothing"), (1, "1"), (2, "1 or 2"), (3, "1, 2 or 3"), (6, "1, 2, 3, 4, 5 or 6"),
        (8, "1, 2, 3, 4, 5, 6 and 2 more"),
    ]

    @Test(arguments: lists) func listsValues(_ count: Int, _ text: String) {
        #expect(Wording.list((0..<count).map { .integer(Int128($0 + 1)) }) == text)
    }
}
