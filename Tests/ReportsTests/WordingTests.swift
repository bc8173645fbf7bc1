import Testing

@testable import Reports

@Suite struct WordingTests {
    struct Share: Sendable, CustomTestStringConvertible {
        let part: Int
        let whole: Int
        let text: String?
        var testDescription: String { "\(part) of \(whole)" }
    }

    static let shares = [
        Share(part: 0, whole: 0, text: nil), Share(part: 0, whole: 9, text: "0%"),
        Share(part: 9, whole: 9, text: "100%"),
        Share(part: 1, whole: 3, text: "33.3%"), Share(part: 1, whole: 2, text: "50%"),
        Share(part: 1, whole: 1_000, text: "0.1%"), Share(part: 1, whole: 1_700, text: "0.06%"),
        Share(part: 1, whole: 10_000, text: "0.01%"), Share(part: 1, whole: 10_001, text: "< 0.01%"),
        Share(part: 1, whole: .max, text: "< 0.01%"), Share(part: 999, whole: 1_000, text: "99.9%"),
        Share(part: 9_999, whole: 10_000, text: "99.99%"), Share(part: 99_999, whole: 100_000, text: "> 99.99%"),
        Share(part: 9_989, whole: 10_000, text: "99.9%"), Share(part: 99_955, whole: 100_000, text: "99.95%"),
    ]

    @Test(arguments: shares) func roundsWithoutLying(_ c: Share) {
        #expect(Wording.percent(c.part, of: c.whole) == c.text)
    }

    @Test func neverSaysNothingOrAllOfSome() {
        for whole in 1...400 {
            for part in 1..<max(2, whole) where part < whole {
                #expect(!["0%", "100%"].contains(Wording.percent(part, of: whole)))
            }
        }
    }

    @Test func writesNumbersForPeople() {
        #expect(
            Wording.count(1_234_567) == "1,234,567" && Wording.count(-1_234) == "-1,234" && Wording.count(999) == "999")
        #expect(Wording.count(1, "row") == "1 row" && Wording.count(0, "row") == "0 rows")
        #expect(Wording.grouped("1234.50") == "1,234.50" && Wording.grouped("1e30") == "1e30")
        #expect(Wording.bytes(812) == "812 B" && Wording.bytes(1_240) == "1.2 kB" && Wording.bytes(999_999) == "1 MB")
        #expect(Wording.bytes(705_000_000) == "705 MB")
    }

    @Test func writesTimesForPeople() {
        #expect(
            Wording.duration(0) == "0 ms" && Wording.duration(0.012) == "12 ms" && Wording.duration(3.24) == "3.2 s")
        #expect(Wording.duration(59.99) == "1 min" && Wording.duration(252) == "4 min 12 s")
        #expect(Wording.duration(7_500) == "2 h 5 min" && Wording.duration(259_200) == "3 d")
        #expect(Wording.time(0) == "Thu 1 Jan 1970, 00:00 UTC")
        #expect(Wording.time(-1) == "Wed 31 Dec 1969, 23:59 UTC")
        #expect(Wording.time(Samples.noon) == "Sun 1 Nov 2026, 12:00 UTC")
        #expect(Wording.iso(Samples.noon + 5) == "2026-11-01T12:00:00Z")
    }
}
