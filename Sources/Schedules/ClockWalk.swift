/// Times that a clock shows.
protocol ClockTimes {
    /// Whether they mean real time: what the clock skips isn't due, and what it shows twice is due twice.
    var isByTheHour: Bool { get }
    /// The first day from this one on that has any; days count from 1970-01-01.
    func nextDay(from day: Int) -> Int?
    /// The first minute of such a day, from this one on.
    func nextMinute(ofDayFrom minute: Int) -> Int?
}

extension Cron: ClockTimes {
    var isByTheHour: Bool { hasEveryHour }
    func nextDay(from day: Int) -> Int? { nextDay(from: day, lastYear: Self.lastYear) }
}

/// Midnight of every so many days.
struct DayInterval: ClockTimes {
    let days: Int
    var isByTheHour: Bool { false }

    func nextDay(from day: Int) -> Int? {
        let rest = (day % days + days) % days
        // No day after the year 9999.
        return day > 2_932_896 ? nil : rest == 0 ? day : day + days - rest
    }

    func nextMinute(ofDayFrom minute: Int) -> Int? { minute == 0 ? 0 : nil }
}

/// Goes along a zone's clock and finds the instants at which it shows certain times.
///
/// Everything is in seconds since 1970.
/// Where the clock goes ahead, fixed times that it skips are due at the instant of the change, all of them once. Where it goes back, fixed times are due when
/// they are shown first. Times by the hour are simply due whenever the clock shows them.
struct ClockWalk<Times: ClockTimes> {
    let times: Times
    let zone: ScheduleZone

    func next(after second: Int64) -> Int64? {
        var from = second + 1
        while true {
            // The clock may go back over midnight, or may have skipped a day.
            let today = Int((from + zone.offset(at: from)).floored(by: ScheduleZone.day))
            guard let day = times.nextDay(from: today - 1) else { return nil }
            // Clocks are never further from UTC than this.
            from = max(from, (Int64(day) - 1) * ScheduleZone.day)
            let end = from + 3 * ScheduleZone.day
            if let found = first(from: from, until: end) { return found }
            from = end
        }
    }

    /// The first of them from a time on, before another.
    private func first(from: Int64, until end: Int64) -> Int64? {
        // What the clock has shown before is to be known where it goes back: never by more than a day.
        let start = times.isByTheHour ? from : from - 2 * ScheduleZone.day
        var shown = Int64.min
        for stretch in zone.stretches(from: start, until: end) {
            let local = (start: stretch.start + stretch.offset, end: stretch.end + stretch.offset)
            if !times.isByTheHour {
                if shown == .min { shown = local.start }
                let isSkipped = stretch.start >= from && firstShown(from: shown, until: local.start) != nil
                if isSkipped { return stretch.start }
            }
            let lower = max(times.isByTheHour ? local.start : max(local.start, shown), from + stretch.offset)
            if let found = firstShown(from: lower, until: local.end) { return found - stretch.offset }
            shown = max(shown, local.end)
        }
        return nil
    }

    /// The first of them among times that the clock shows.
    private func firstShown(from local: Int64, until end: Int64) -> Int64? {
        guard local < end else { return nil }
        // The first whole minute.
        let minute = -(-local).floored(by: 60)
        let today = Int(minute.floored(by: 1_440))
        guard var day = times.nextDay(from: today) else { return nil }
        if day == today {
            let rest = Int(minute) - today * 1_440
            if let found = times.nextMinute(ofDayFrom: rest) { return inside(day, found, end) }
            guard let later = times.nextDay(from: today + 1) else { return nil }
            day = later
        }
        return times.nextMinute(ofDayFrom: 0).flatMap { inside(day, $0, end) }
    }

    private func inside(_ day: Int, _ minute: Int, _ end: Int64) -> Int64? {
        let local = (Int64(day) * 1_440 + Int64(minute)) * 60
        return local < end ? local : nil
    }
}
