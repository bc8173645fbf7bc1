import Tables

/// Units and parts of dates and times, by their names.
enum TimeUnit: String, Sendable, CaseIterable {
    case microsecond, millisecond, second, minute, hour, day, week, month, quarter, year

    /// Also the plural and the usual short names.
    init?(named name: String) {
        let name = name.lowercased()
        let short = [
            "us": "microsecond", "ms": "millisecond", "s": "second", "sec": "second", "min": "minute", "m": "minute",
            "h": "hour", "d": "day", "w": "week", "mon": "month", "y": "year", "yyyy": "year", "mm": "month",
            "dd": "day",
        ]
        let plain = short[name] ?? (name.hasSuffix("s") ? String(name.dropLast()) : name)
        self.init(rawValue: plain)
    }

    /// Microseconds of the units that have a length; weeks begin on Mondays and months aren't alike.
    var length: Int64? {
        switch self {
        case .microsecond: 1
        case .millisecond: 1_000
        case .second: 1_000_000
        case .minute: 60_000_000
        case .hour: 3_600_000_000
        case .day: CivilTime.microsecondsPerDay
        case .week: 7 * CivilTime.microsecondsPerDay
        case .month, .quarter, .year: nil
        }
    }

    /// Months of the units that are made of them.
    var months: Int? {
        switch self {
        case .month: 1
        case .quarter: 3
        case .year: 12
        default: nil
        }
    }

    /// The day on which the unit begins that a day is in; days begin with themselves.
    func firstDay(_ day: Int) -> Int {
        guard let months else { return self == .week ? day - Weekday.fromMonday(day) : day }
        let civil = CivilTime.civil(days: day)
        let month = (civil.month - 1) / months * months + 1
        return CivilTime.days(year: civil.year, month: month, day: 1) ?? day
    }

    /// The number of the unit that a day is in, counted from some beginning.
    func number(_ day: Int) -> Int {
        guard let months else {
            // 1969-12-29 was a Monday.
            return self == .week ? (day + 3 - Weekday.fromMonday(day)) / 7 : day
        }
        let civil = CivilTime.civil(days: day)
        let month = civil.year * 12 + civil.month - 1
        return (month - (month % months + months) % months) / months
    }

    static func adding(months: Int64, to day: Int) -> Int? {
        let civil = CivilTime.civil(days: day)
        let (month, isBeyond) = Int64(civil.year * 12 + civil.month - 1).addingReportingOverflow(months)
        guard !isBeyond, month.magnitude < 12 * 6_000_000 else { return nil }
        let rest = (month % 12 + 12) % 12
        let year = Int((month - rest) / 12)
        for last in stride(from: civil.day, through: 28, by: -1) {
            if let day = CivilTime.days(year: year, month: Int(rest) + 1, day: last) { return day }
        }
        return CivilTime.days(year: year, month: Int(rest) + 1, day: civil.day)
    }
}

enum Weekday {
    /// Monday is 0.
    static func fromMonday(_ day: Int) -> Int { ((day + 3) % 7 + 7) % 7 }
    /// Sunday is 0.
    static func fromSunday(_ day: Int) -> Int { ((day + 4) % 7 + 7) % 7 }

    /// The week of ISO 8601, and the year that it belongs to.
    static func week(of day: Int) -> (year: Int, week: Int) {
        let thursday = day - fromMonday(day) + 3
        let year = CivilTime.civil(days: thursday).year
        let first = CivilTime.days(year: year, month: 1, day: 1) ?? thursday
        return (year, (thursday - first) / 7 + 1)
    }

    static func dayOfYear(_ day: Int) -> Int {
        day - (CivilTime.days(year: CivilTime.civil(days: day).year, month: 1, day: 1) ?? day) + 1
    }
}
