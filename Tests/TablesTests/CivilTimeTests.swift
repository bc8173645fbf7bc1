import Tables
import TestSupport
import Testing

@Suite struct CivilTimeTests {
    private static let firstDay = -719_162  // 0001-01-01
    private static let lastDay = 2_932_896  // 9999-12-31

    @Test func countsDaysOneByOne() {
        var (year, month, day) = (1, 1, 1)
        var wrong: [String] = []
        for days in Self.firstDay...Self.lastDay {
            let isEndOfMonth = day >= 28 && CivilTime.days(year: year, month: month, day: day + 1) == nil
            if days % 7 == 0 || isEndOfMonth || month == 2 && day >= 28 {
                let civil = CivilTime.civil(days: days)
                let isRight = civil == (year, month, day) && CivilTime.days(year: year, month: month, day: day) == days
                if !isRight { wrong.append("\(days): \(civil), not \((year, month, day))") }
            }
            day += 1
            if isEndOfMonth { (month, day) = (month + 1, 1) }
            if month == 13 { (year, month) = (year + 1, 1) }
        }
        #expect(wrong.prefix(3) == [])
        #expect((year, month, day) == (10_000, 1, 1))
    }

    static let days: [(Int, Int, Int, Int?)] = [
        (1970, 1, 1, 0), (1969, 12, 31, -1), (2000, 2, 29, 11_016), (2000, 3, 1, 11_017), (1, 1, 1, firstDay),
        (9999, 12, 31, lastDay), (1900, 2, 29, nil), (2100, 2, 29, nil), (2023, 2, 29, nil), (2024, 2, 30, nil),
        (2024, 0, 1, nil), (2024, 13, 1, nil), (2024, 1, 0, nil), (2024, 1, 32, nil), (2024, 4, 31, nil),
        (2024, 6, 31, nil), (2024, 9, 31, nil), (2024, 11, 31, nil), (2024, 12, 31, 20_088),
    ]

    @Test(arguments: days) func knowsTheCalendar(_ year: Int, _ month: Int, _ day: Int, _ wanted: Int?) {
        #expect(CivilTime.days(year: year, month: month, day: day) == wanted)
    }

    @Test func readsWhatItWrites() {
        var random = SeededGenerator(seed: 7)
        for round in 0..<5_000 {
            let days = Int.random(in: Self.firstDay...Self.lastDay, using: &random)
            let time = Int64.random(in: 0..<CivilTime.microsecondsPerDay, using: &random)
            let instant = Int64(days) * CivilTime.microsecondsPerDay + time
            let text = CivilTime.format(microseconds: instant)
            let reading = bytes(of: text) { CivilTime.parseTimestamp($0) }
            #expect(reading?.local == instant, "seed 7, round \(round): \(text)")
            #expect(reading?.offset == 0)
            #expect(bytes(of: CivilTime.format(days: days)) { CivilTime.parseDate($0) } == Int32(days))
            #expect(bytes(of: CivilTime.format(timeOfDay: time)) { CivilTime.parseTime($0) } == time)
        }
    }

    /// Days and instants of all years, the last ones of their integers among them.
    @Test func readsWhatItWritesOfAllYears() {
        var random = SeededGenerator(seed: 7)
        let days =
            [.min, .max, -719_529, -719_528, 2_932_896, 2_932_897]
            + (0..<1_000).map { _ in Int32.random(in: .min ... .max, using: &random) }
        for day in days {
            let text = CivilTime.format(days: Int(day))
            #expect(bytes(of: text) { CivilTime.parseExpandedDate($0) } == day, "\(text)")
        }
        let instants =
            [.min, .max, -62_167_219_200_000_001, 253_402_300_800_000_000]
            + (0..<1_000).map { _ in Int64.random(in: .min ... .max, using: &random) }
        for instant in instants {
            let text = CivilTime.format(microseconds: instant)
            #expect(bytes(of: text) { CivilTime.parseExpandedTimestamp($0) } == instant, "\(text)")
            #expect(bytes(of: String(text.dropLast())) { CivilTime.parseExpandedTimestamp($0) } == instant, "\(text)")
        }
        #expect(CivilTime.format(days: 2_932_897) == "+10000-01-01")
        #expect(CivilTime.format(days: -719_529) == "-0001-12-31")
        #expect(bytes(of: "+10000-01-01") { CivilTime.parseDate($0) } == nil)
        #expect(
            bytes(of: "2024-01-31 14:30:05+01:00") { CivilTime.parseExpandedTimestamp($0) } == 1_706_707_805_000_000)
    }

    static let notExpandedDates = [
        "+024-01-01", "10000-01-01", "+10000-1-01", "+10000-02-30", "+10000-01-01x", "+99999999-01-01",
        "+5881580-07-12", "+-1000-01-01",
        "+10000", "-",
    ]

    @Test(arguments: notDates + notExpandedDates) func refusesWhatIsNoExpandedDate(_ text: String) {
        #expect(bytes(of: text) { CivilTime.parseExpandedDate($0) } == nil)
    }

    @Test(arguments: notTimestamps + ["+294247-01-10T04:00:54.775808Z", "+10000-01-01T", "+99999-01-01T00:00+"])
    func refusesWhatIsNoExpandedTimestamp(_ text: String) {
        #expect(bytes(of: text) { CivilTime.parseExpandedTimestamp($0) } == nil)
    }

    static let notDates = [
        "", "2024", "2024-1-1", "2024-01-1", "24-01-01", "2024/01/01", "2024-01-01 ", " 2024-01-01", "2024-13-01",
        "2024-00-01", "2024-01-00", "2024-01-32", "2023-02-29", "1900-02-29", "2024-01-0x", "20240101", "2024-01-01T",
        "+024-01-01", "-024-01-01", "2024-01-011", "２０２４-01-01", "01-01-2024", "2024-W01-1", "2024–01–01",
    ]

    @Test(arguments: notDates) func refusesWhatIsNoDate(_ text: String) {
        #expect(bytes(of: text) { CivilTime.parseDate($0) } == nil)
    }

    /// A text, the clock time in it, and its offset in seconds.
    static let timestamps: [(String, String, Int?)] = [
        ("2024-01-31", "2024-01-31T00:00:00Z", nil), ("2024-01-31T14:30", "2024-01-31T14:30:00Z", nil),
        ("2024-01-31 14:30:05", "2024-01-31T14:30:05Z", nil), ("2024-01-31t14:30:05z", "2024-01-31T14:30:05Z", 0),
        ("2024-01-31T14:30:05.5", "2024-01-31T14:30:05.5Z", nil),
        ("2024-01-31T14:30:05,000001Z", "2024-01-31T14:30:05.000001Z", 0),
        ("2024-01-31T14:30:05.1234569", "2024-01-31T14:30:05.123456Z", nil),
        ("2024-01-31T14:30:05.000000000000000001", "2024-01-31T14:30:05Z", nil),
        ("2024-01-31T14:30+02", "2024-01-31T14:30:00Z", 7_200),
        ("2024-01-31T14:30-0530", "2024-01-31T14:30:00Z", -19_800),
        ("2024-01-31T14:30:05.5+05:45", "2024-01-31T14:30:05.5Z", 20_700),
        ("2024-01-31T14:30-00:00", "2024-01-31T14:30:00Z", 0),
        ("2024-01-31T23:59:59.999999Z", "2024-01-31T23:59:59.999999Z", 0),
        ("9999-12-31T23:59:59.999999+18:00", "9999-12-31T23:59:59.999999Z", 64_800),
        ("0001-01-01T00:00:00-18:00", "0001-01-01T00:00:00Z", -64_800),
    ]

    @Test(arguments: timestamps) func readsTimestamps(_ text: String, _ local: String, _ offset: Int?) throws {
        let reading = try #require(bytes(of: text) { CivilTime.parseTimestamp($0) })
        #expect(CivilTime.format(microseconds: reading.local) == local)
        #expect(reading.offset == offset)
        #expect(reading.hasTime == (text.count > 10))
    }

    static let notTimestamps = [
        "", "2024-01-31T", "2024-01-31T1", "2024-01-31T14", "2024-01-31T14:", "2024-01-31T14:3", "2024-01-31T1430",
        "2024-01-31T24:00", "2024-01-31T14:60", "2024-01-31T14:30:", "2024-01-31T14:30:6", "2024-01-31T14:30:60",
        "2024-01-31T14:30:05.", "2024-01-31T14:30:05.Z", "2024-01-31T14:30:05.x", "2024-01-31T14:30 Z",
        "2024-01-31T14:30Z ", "2024-01-31T14:30ZZ", "2024-01-31T14:30+", "2024-01-31T14:30+2", "2024-01-31T14:30+02:",
        "2024-01-31T14:30+02:6", "2024-01-31T14:30+02:60", "2024-01-31T14:30+19:00", "2024-01-31T14:30+02:00:00",
        "2024-01-31T14:30+020", "2024-01-31T14:30 UTC", "2024-01-31  14:30", "2024-01-31_14:30", "2024-02-30T14:30",
        "2024-01-31Z", "2024-01-31+02:00", "20240131T143000Z", "2024-01-31T14:30:05.5.5", "2024-01-31T-4:30",
    ]

    @Test(arguments: notTimestamps) func refusesWhatIsNoTimestamp(_ text: String) {
        #expect(bytes(of: text) { CivilTime.parseTimestamp($0) } == nil)
    }

    @Test(arguments: [
        "", "1:00", "10", "10:", "10:0", "24:00", "10:60", "10:00:60", "10:00:00.", "10:00Z", "10:00 ", "-1:00",
    ])
    func refusesWhatIsNoTime(_ text: String) {
        #expect(bytes(of: text) { CivilTime.parseTime($0) } == nil)
    }

    static let durations: [(Int64, String)] = [
        (0, "0s"), (1, "1e-06s"), (500_000, "0.5s"), (1_000_000, "1s"), (59_999_999, "59s"), (60_000_000, "1m"),
        (61_000_000, "1m 1s"), (3_600_000_000, "1h"), (3_661_000_000, "1h 1m"), (86_400_000_000, "1d"),
        (97_200_000_000, "1d 3h"), (-15_120_000_000, "-4h 12m"), (-500_000, "-0.5s"), (.min, "-106751991d 4h"),
    ]

    @Test(arguments: durations) func writesDurations(_ ticks: Int64, _ wanted: String) {
        #expect(CivilTime.format(duration: ticks) == wanted)
    }

    /// Instants outside of what anybody writes down still have a text.
    static let instants: [(Int64, String)] = [
        (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59.999999Z"),
        (-86_400_000_000, "1969-12-31T00:00:00Z"), (-86_400_000_001, "1969-12-30T23:59:59.999999Z"),
        (.max, "+294247-01-10T04:00:54.775807Z"), (.min, "-290308-12-21T19:59:05.224192Z"),
        (1_500_000, "1970-01-01T00:00:01.5Z"),
    ]

    @Test(arguments: instants) func writesEveryInstant(_ ticks: Int64, _ wanted: String) {
        #expect(CivilTime.format(microseconds: ticks) == wanted)
    }
}
