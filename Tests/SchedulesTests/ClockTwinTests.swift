import Schedules
import TestSupport
import Testing

/// Compares `next` with a twin that goes through each real minute and looks at the clock.
@Suite struct ClockTwinTests {
    /// A line whose fields are known as sets.
    struct RandomLine {
        var minutes: Set<Int> = []
        var minuteFlags: [Bool] = []
        var hours: Set<Int> = []
        var dates: Set<Int> = []
        var months: Set<Int> = []
        var weekdays: Set<Int> = []
        var stars = (hour: false, date: false, weekday: false)
        var text = ""

        init(_ numbers: inout SeededGenerator) {
            var texts: [String] = []
            func field(_ range: ClosedRange<Int>, _ numbers: inout SeededGenerator) -> (Set<Int>, Bool) {
                switch Int.random(in: 0..<5, using: &numbers) {
                case 0, 1:
                    texts.append("*")
                    return (Set(range), true)
                case 2:
                    let step = Int.random(in: 1...min(range.count, 7), using: &numbers)
                    texts.append("*/\(step)")
                    return (Set(stride(from: range.lowerBound, through: range.upperBound, by: step)), true)
                case 3:
                    let low = Int.random(in: range, using: &numbers)
                    let high = Int.random(in: low...range.upperBound, using: &numbers)
                    texts.append("\(low)-\(high)")
                    return (Set(low...high), false)
                default:
                    let list = (0..<Int.random(in: 1...3, using: &numbers)).map { _ in
                        Int.random(in: range, using: &numbers)
                    }
                    texts.append(list.map(String.init).joined(separator: ","))
                    return (Set(list), false)
                }
            }
            (minutes, _) = field(0...59, &numbers)
            (hours, stars.hour) = field(0...23, &numbers)
            (dates, stars.date) = field(1...31, &numbers)
            (months, _) = Bool.random(using: &numbers) ? (Set(1...12), true) : field(1...12, &numbers)
            if months.count == 12, texts.count == 3 { texts.append("*") }
            (weekdays, stars.weekday) = field(0...6, &numbers)
            text = texts.joined(separator: " ")
            minuteFlags = (0..<60).map { minutes.contains($0) }
        }

        /// Whether it names a minute of the clock, given in minutes since 1970.
        func names(_ minute: Int, _ calendar: inout Calendar) -> Bool {
            guard minuteFlags[(minute % 60 + 60) % 60] else { return false }
            let day = calendar.go(to: minute)
            guard hours.contains((minute - day * 1_440) / 60), months.contains(calendar.month) else { return false }
            let isDate = dates.contains(calendar.date)
            let isWeekday = weekdays.contains((day + 4) % 7)
            return stars.date || stars.weekday ? isDate && isWeekday : isDate || isWeekday
        }
    }

    /// Counts days one by one, forward and back.
    struct Calendar {
        var day = 0
        var year = 1970
        var month = 1
        var date = 1

        private var length: Int {
            switch month {
            case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
            case 4, 6, 9, 11: 30
            default: 31
            }
        }

        mutating func go(to minute: Int) -> Int {
            let wanted = minute / 1_440
            while day < wanted {
                day += 1
                date += 1
                if date > length { (date, month) = (1, month + 1) }
                if month > 12 { (month, year) = (1, year + 1) }
            }
            while day > wanted {
                day -= 1
                date -= 1
                if date < 1 {
                    month -= 1
                    if month < 1 { (month, year) = (12, year - 1) }
                    date = length
                }
            }
            return wanted
        }
    }

    /// All slots after a time, in minutes since 1970, found minute by minute; what the clock shows is given from two days before on.
    static func slots(_ line: RandomLine, clock: [Int], from start: Int) -> [Int] {
        var calendar = Calendar()
        var result: [Int] = []
        var shown = Int.min
        for (index, local) in clock.enumerated() {
            let minute = start - 2 * 1_440 + index
            if line.stars.hour {
                if minute > start, line.names(local, &calendar) { result.append(minute) }
            } else if local >= shown {
                // More than one where the clock has skipped some.
                let fresh = shown == .min ? local...local : shown...local
                if minute > start, fresh.contains(where: { line.names($0, &calendar) }) { result.append(minute) }
                shown = local + 1
            }
        }
        return result
    }

    static let places = [
        ("Europe/Berlin", "2026-03-27"), ("Europe/Berlin", "2026-10-23"), ("America/New_York", "2026-03-06"),
        ("America/New_York", "2026-10-30"), ("Australia/Lord_Howe", "2026-04-03"),
        ("Australia/Lord_Howe", "2026-10-02"),
        ("Pacific/Apia", "2011-12-28"), ("America/Havana", "2026-03-06"), ("America/Havana", "2026-10-30"),
        ("Africa/Casablanca", "2026-02-13"), ("America/St_Johns", "2006-10-27"), ("UTC", "2028-02-27"),
        ("Asia/Kathmandu", "1985-12-30"), ("Africa/Cairo", "2014-06-24"),
    ]

    @Test(arguments: places) func agreesAroundChanges(_ name: String, _ day: String) throws {
        try compare(zone: ScheduleZone(name), day: day, days: 5, lines: 20)
    }

    @Test(arguments: ["UTC", "Europe/Berlin", "Australia/Lord_Howe"]) func agreesOverYears(_ name: String) throws {
        try compare(zone: ScheduleZone(name), day: "2027-11-01", days: 400, lines: 2)
    }

    private func compare(zone: ScheduleZone, day: String, days: Int, lines: Int) throws {
        let start = Int(Times.at(day) / 60_000_000)
        let end = start + days * 1_440
        let clock = (start - 2 * 1_440..<end).map { Int(zone.local(at: Int64($0) * 60_000_000) / 60_000_000) }
        for seed in 0..<lines {
            var numbers = SeededGenerator(seed: UInt64(seed) &+ UInt64(bitPattern: Int64(start)))
            let line = RandomLine(&numbers)
            guard let cron = try? Cron(line.text) else { continue }
            let schedule = try Schedule(.cron(cron), zone: zone)
            let expected = Self.slots(line, clock: clock, from: start)
            let found = schedule.slots(
                after: Int64(start) * 60_000_000, through: Int64(end - 1) * 60_000_000, limit: days * 1_440 + 1)
            #expect(found.map { Int($0 / 60_000_000) } == expected, "seed \(seed): \(line.text) in \(zone.name)")
            // From anywhere in between, and backwards.
            for _ in 0..<10 {
                let place = Int.random(in: start..<end, using: &numbers)
                let next = expected.first { $0 > place }
                let answer = schedule.next(after: Int64(place) * 60_000_000).map { Int($0 / 60_000_000) }
                if next != nil { #expect(answer == next, "seed \(seed): \(line.text) after \(place)") }
                let latest = schedule.latest(after: Int64(start) * 60_000_000, through: Int64(place) * 60_000_000)
                #expect(
                    latest.map { Int($0 / 60_000_000) } == expected.last { $0 <= place }, "seed \(seed): \(line.text)")
            }
        }
    }
}
