import Tables
import Testing

@testable import Expectations

@Suite struct DurationTests {
    static let durations: [(text: String, seconds: Int64?)] = [
        ("90s", 90), ("15m", 900), ("2h", 7_200), ("1d", 86_400), ("1w", 604_800), ("1h30m", 5_400), ("1h 30m", 5_400),
        ("0s", 0), ("", nil), ("5", nil), ("h", nil), ("1.5h", nil), ("-1h", nil), ("1y", nil), ("1H", nil),
        ("٣h", nil),
        ("1099511627776s", nil), ("1000000000000w", nil), ("400000w400000w400000w400000w400000w", nil),
    ]

    @Test(
        arguments: [
            ("500ms", 500_000), ("1s500ms", 1_500_000), ("1m s", nil), ("1sm", nil), ("PT1MS", nil),
            ("PT0.5S", 500_000),
            ("PT1M1,25S", 61_250_000), ("PT1.0000009S", 1_000_000), ("PT.5S", nil), ("PT0.5M", nil), ("PT1.S", nil),
            ("0.5s", nil), ("P0.5D", nil),
            ("P1DT", nil), ("PT", nil), ("P1D", 86_400_000_000),
        ]
            as [(String, Int64?)])
    func milliseconds(_ text: String, _ microseconds: Int64?) {
        #expect(DurationText.parse(text) == microseconds)
    }

    @Test(arguments: durations) func areReadOrRefused(_ text: String, _ seconds: Int64?) {
        #expect(DurationText.parse(text) == seconds.map { $0 * 1_000_000 })
    }

    static let parameters: [(text: String, value: BoundValue?)] = [
        ("now()", .afterNow(0)), ("now() - timedelta(weeks=2)", .afterNow(-1_209_600_000_000)),
        ("now()+timedelta(days=1, hours=2)", .afterNow(93_600_000_000)),
        ("now() - timedelta(days=7*2) + timedelta(seconds=0.5)", .afterNow(-1_209_599_500_000)),
        ("datetime(1970, 1, 2)", .value(.timestamp(microseconds: 86_400_000_000))),
        ("datetime(1970, 1, 1, 1, 2, 3)", .value(.timestamp(microseconds: 3_723_000_000))),
        ("datetime(1970, 1, 1) - timedelta(minutes=1)", .value(.timestamp(microseconds: -60_000_000))),
        ("", nil), ("now", nil), ("now() now()", nil), ("now() - now()", nil), ("timedelta(days=1)", nil),
        ("timedelta(days=1) + now()", nil), ("now() - timedelta(years=1)", nil), ("now() - timedelta(days=x)", nil),
        ("now() - timedelta(days=1", nil), ("datetime(2024, 13, 1)", nil), ("datetime(2024, 2, 30)", nil),
        ("datetime(2024, 1, 31, 25)", nil), ("datetime(2024, 1, 31, 1, 60)", nil), ("datetime(2024, 1)", nil),
        ("datetime(2024, 1, 31, -1)", nil), ("x + 1", nil),
        ("now() + timedelta(days=11000000) + timedelta(days=11000000)", nil),
    ]

    @Test(arguments: parameters) func parametersOfTimeAreReadOrRefused(_ text: String, _ value: BoundValue?) {
        #expect(SuiteParameter.evaluate(text) == value)
    }
}
