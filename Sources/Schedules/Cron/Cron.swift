import Tables

/// Times of a clock as crontab(5) describes them: minute, hour, day of month, month, day of week.
///
/// Read and refused as Vixie's cron does, where that is well-defined: a date is due if it is one of the days of the month *or* one of the days of
/// the week where both fields are restricted, and if it is both where one of them begins with `*`. `L` among the days of the month is its
/// last day. What a zone's daylight saving makes of the times is `Schedule`'s to say.
public struct Cron: Sendable, Hashable {
    /// As it was written, without space around it.
    public let text: String
    /// Bit n is minute n.
    let minutes: UInt64
    let hours: UInt64
    /// Bits 1 through 31; bit 0 is the last day of the month.
    let daysOfMonth: UInt64
    /// Bits 1 through 12.
    let months: UInt64
    /// Bit 0 is Sunday.
    let daysOfWeek: UInt64
    /// Whether a date must be one of both kinds of days: one of the fields begins with `*`, or is `?`.
    let needsBothDays: Bool
    /// Whether the hours begin with `*`: such a line means real hours, others mean times of the clock.
    let hasEveryHour: Bool

    /// Reads five fields, or one of `@hourly`, `@daily`, `@midnight`, `@weekly`, `@monthly`, `@yearly` and `@annually`.
    ///
    /// Errors: `bad-cron` with the place of the mistake, `never-due` for dates that don't exist.
    public init(_ text: String) throws(ScheduleError) {
        var reader = try CronReader(text)
        self = try reader.read()
    }

    init(
        text: String, minutes: UInt64, hours: UInt64, daysOfMonth: UInt64, months: UInt64, daysOfWeek: UInt64,
        needsBothDays: Bool, hasEveryHour: Bool
    ) {
        self.text = text
        self.minutes = minutes
        self.hours = hours
        self.daysOfMonth = daysOfMonth
        self.months = months
        self.daysOfWeek = daysOfWeek
        self.needsBothDays = needsBothDays
        self.hasEveryHour = hasEveryHour
    }
}

extension Cron {
    /// The last year in which anything is due.
    static let lastYear = 9_999

    /// The first day from this one on that the line names; `nil` after the year 9999.
    ///
    /// Days count from 1970-01-01.
    func nextDay(from day: Int, lastYear: Int = lastYear) -> Int? {
        var (year, month, first) = CivilTime.civil(days: day)
        while year <= lastYear {
            if months & 1 << UInt64(month) != 0, let start = CivilTime.days(year: year, month: month, day: 1) {
                let length = Self.length(ofMonth: month, year: year)
                for date in first...length where names(date: date, of: length, weekday: start + date - 1) {
                    return start + date - 1
                }
            }
            first = 1
            (year, month) = month == 12 ? (year + 1, 1) : (year, month + 1)
        }
        return nil
    }

    private func names(date: Int, of length: Int, weekday day: Int) -> Bool {
        let isDate =
            daysOfMonth & 1 << UInt64(date) != 0 || (date == length && daysOfMonth & 1 != 0)
        // 1970-01-01 was a Thursday.
        let weekday = ((day + 4) % 7 + 7) % 7
        let isWeekday = daysOfWeek & 1 << UInt64(weekday) != 0
        return needsBothDays ? isDate && isWeekday : isDate || isWeekday
    }

    static func length(ofMonth month: Int, year: Int) -> Int {
        for length in [31, 30, 29] where CivilTime.days(year: year, month: month, day: length) != nil { return length }
        return 28
    }

    /// The first minute of a day from this one on that the line names, whatever the date.
    func nextMinute(ofDayFrom minute: Int) -> Int? {
        guard minute < 1_440 else { return nil }
        let (hour, rest) = minute.quotientAndRemainder(dividingBy: 60)
        if hours & 1 << UInt64(hour) != 0 {
            let left = minutes >> UInt64(rest)
            if left != 0 { return minute + left.trailingZeroBitCount }
        }
        let later = hours >> UInt64(hour + 1)
        guard later != 0 else { return nil }
        return (hour + 1 + later.trailingZeroBitCount) * 60 + minutes.trailingZeroBitCount
    }
}
