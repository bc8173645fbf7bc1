/// Dates and times in the proleptic Gregorian calendar, as ISO 8601 writes them.
///
/// Days count from 1970-01-01, times in microseconds. Formulas: H. Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms", `days_from_civil` and `civil_from_days`.
public enum CivilTime {
    public static let microsecondsPerSecond: Int64 = 1_000_000
    public static let microsecondsPerDay: Int64 = 86_400_000_000

    /// Days since 1970-01-01; `nil` where there is no such day.
    public static func days(year: Int, month: Int, day: Int) -> Int? {
        guard (1...12).contains(month), day >= 1, day <= length(ofMonth: month, year: year) else { return nil }
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    public static func civil(days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthIndex + 2) / 5 + 1)
    }

    private static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Reads `YYYY-MM-DD`, and nothing laxer.
    public static func parseDate(_ bytes: UnsafeRawBufferPointer) -> Int32? {
        guard bytes.count == 10 else { return nil }
        return date(at: bytes)
    }

    @inline(__always)
    private static func date(at bytes: UnsafeRawBufferPointer) -> Int32? {
        guard bytes[4] == 0x2D, bytes[7] == 0x2D else { return nil }
        let digits: (UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8) = (
            bytes[0] &- 0x30, bytes[1] &- 0x30, bytes[2] &- 0x30, bytes[3] &- 0x30,
            bytes[5] &- 0x30, bytes[6] &- 0x30, bytes[8] &- 0x30, bytes[9] &- 0x30
        )
        guard digits.0 <= 9, digits.1 <= 9, digits.2 <= 9, digits.3 <= 9, digits.4 <= 9, digits.5 <= 9,
            digits.6 <= 9, digits.7 <= 9
        else { return nil }
        let year = Int(digits.0) &* 1000 &+ Int(digits.1) &* 100 &+ Int(digits.2) &* 10 &+ Int(digits.3)
        let month = Int(digits.4) &* 10 &+ Int(digits.5)
        let day = Int(digits.6) &* 10 &+ Int(digits.7)
        return days(year: year, month: month, day: day).map { Int32($0) }
    }

    /// A parsed timestamp, before its zone is applied.
    public struct Reading: Sendable, Equatable {
        /// Microseconds since 1970-01-01T00:00:00 on the clock that the text was read from.
        public let local: Int64
        /// Seconds east of UTC; `nil` where the text names no zone.
        public let offset: Int?
        /// Whether the text had a time of day.
        public let hasTime: Bool
    }

    /// Reads `YYYY-MM-DD`, or that with `T` or a space and `HH:MM[:SS[.fraction]]` and `Z` or `±HH[[:]MM]`.
    ///
    /// Digits beyond microseconds are cut off. 24:00 and leap seconds are no times of day here.
    public static func parseTimestamp(_ bytes: UnsafeRawBufferPointer) -> Reading? {
        guard bytes.count >= 10, let days = date(at: bytes) else { return nil }
        let midnight = Int64(days) * microsecondsPerDay
        if bytes.count == 10 { return Reading(local: midnight, offset: nil, hasTime: false) }
        guard bytes[10] == 0x54 || bytes[10] == 0x20 || bytes[10] == 0x74 else { return nil }
        guard let (time, offset) = zonedTime(bytes, from: 11) else { return nil }
        return Reading(local: midnight + time, offset: offset, hasTime: true)
    }

    /// Reads a day as `format(days:)` writes it: `YYYY-MM-DD`, or ISO 8601's expanded form for other years, `±YYYYY-MM-DD`.
    public static func parseExpandedDate(_ bytes: UnsafeRawBufferPointer) -> Int32? {
        guard let (days, end) = expandedDate(bytes), end == bytes.count else { return nil }
        return Int32(exactly: days)
    }

    /// Reads what `parseTimestamp` reads, and the same of years in ISO 8601's expanded form.
    ///
    /// Microseconds since 1970-01-01T00:00:00, in UTC where the text names a zone; `nil` beyond what 64 bits hold of them.
    public static func parseExpandedTimestamp(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        guard let (days, end) = expandedDate(bytes) else { return nil }
        let midnight = Int128(days) * Int128(microsecondsPerDay)
        if end == bytes.count { return Int64(exactly: midnight) }
        guard bytes[end] == 0x54 || bytes[end] == 0x20 || bytes[end] == 0x74 else { return nil }
        guard let (time, offset) = zonedTime(bytes, from: end + 1) else { return nil }
        return Int64(exactly: midnight + Int128(time) - Int128(offset ?? 0) * Int128(microsecondsPerSecond))
    }

    /// A date at the beginning, and where it ends: days of 32 bits lie in years of seven digits.
    private static func expandedDate(_ bytes: UnsafeRawBufferPointer) -> (days: Int, end: Int)? {
        guard bytes.count >= 10 else { return nil }
        let sign = bytes[0]
        guard sign == 0x2B || sign == 0x2D else { return date(at: bytes).map { (Int($0), 10) } }
        var year = 0
        var index = 1
        while index < bytes.count, index < 8, bytes[index] &- 0x30 <= 9 {
            year = year * 10 + Int(bytes[index] &- 0x30)
            index += 1
        }
        guard index >= 5, index + 6 <= bytes.count, bytes[index] == 0x2D, bytes[index + 3] == 0x2D,
            let month = twoDigits(bytes, index + 1), let day = twoDigits(bytes, index + 4),
            let days = days(year: sign == 0x2D ? -year : year, month: month, day: day)
        else { return nil }
        return (days, index + 6)
    }

    /// Reads `HH:MM[:SS[.fraction]]` as microseconds since midnight.
    public static func parseTime(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        guard let (time, end) = timeOfDay(bytes, from: 0), end == bytes.count else { return nil }
        return time
    }

    @inline(__always)
    private static func twoDigits(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Int? {
        guard index + 1 < bytes.count else { return nil }
        let tens = bytes[index] &- 0x30
        let ones = bytes[index + 1] &- 0x30
        guard tens <= 9, ones <= 9 else { return nil }
        return Int(tens) &* 10 &+ Int(ones)
    }

    private static func timeOfDay(_ bytes: UnsafeRawBufferPointer, from start: Int) -> (Int64, Int)? {
        guard let hour = twoDigits(bytes, start), hour < 24, start + 2 < bytes.count, bytes[start + 2] == 0x3A,
            let minute = twoDigits(bytes, start + 3), minute < 60
        else { return nil }
        var index = start + 5
        var time = (Int64(hour) * 60 + Int64(minute)) * 60
        guard index < bytes.count, bytes[index] == 0x3A else { return (time * microsecondsPerSecond, index) }
        guard let second = twoDigits(bytes, index + 1), second < 60 else { return nil }
        time = (time + Int64(second)) * microsecondsPerSecond
        index += 3
        guard index < bytes.count, bytes[index] == 0x2E || bytes[index] == 0x2C else { return (time, index) }
        index += 1
        var unit: Int64 = 100_000
        let firstDigit = index
        while index < bytes.count, bytes[index] &- 0x30 <= 9 {
            time += Int64(bytes[index] &- 0x30) * unit
            unit /= 10
            index += 1
        }
        return index > firstDigit ? (time, index) : nil
    }

    /// A time of day to the end of the text, and the seconds east of UTC where it names a zone.
    private static func zonedTime(_ bytes: UnsafeRawBufferPointer, from start: Int) -> (time: Int64, offset: Int?)? {
        guard let (time, end) = timeOfDay(bytes, from: start) else { return nil }
        guard end < bytes.count else { return (time, nil) }
        guard let offset = zoneOffset(bytes, from: end) else { return nil }
        return (time, offset)
    }

    private static func zoneOffset(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        let first = bytes[start]
        if first == 0x5A || first == 0x7A { return start + 1 == bytes.count ? 0 : nil }
        guard first == 0x2B || first == 0x2D, let hours = twoDigits(bytes, start + 1), hours <= 18 else { return nil }
        var index = start + 3
        var minutes = 0
        if index < bytes.count {
            if bytes[index] == 0x3A { index += 1 }
            guard let read = twoDigits(bytes, index), read < 60 else { return nil }
            minutes = read
            index += 2
        }
        guard index == bytes.count else { return nil }
        let seconds = hours * 3600 + minutes * 60
        return first == 0x2D ? -seconds : seconds
    }

    /// `YYYY-MM-DD`; years before 0 and beyond 9999 in ISO 8601's expanded form, as in `-0001-12-31` and `+10000-01-01`.
    public static func format(days: Int) -> String {
        let (year, month, day) = civil(days: days)
        return "\(year > 9_999 ? "+" : "")\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2))"
    }

    public static func format(timeOfDay microseconds: Int64) -> String {
        guard microseconds >= 0 else { return "-" + format(timeOfDay: microseconds == .min ? .max : -microseconds) }
        let seconds = microseconds / microsecondsPerSecond
        let fraction = Int(microseconds % microsecondsPerSecond)
        let clock = "\(pad(Int(seconds / 3600), 2)):\(pad(Int(seconds / 60 % 60), 2)):\(pad(Int(seconds % 60), 2))"
        guard fraction > 0 else { return clock }
        var digits = pad(fraction, 6)
        while digits.hasSuffix("0") { digits.removeLast() }
        return "\(clock).\(digits)"
    }

    /// When a day begins, in microseconds since 1970-01-01T00:00:00Z; the first or last instant there is for days beyond it.
    public static func midnight(ofDay days: Int) -> Int64 {
        let (ticks, isBeyond) = Int64(days).multipliedReportingOverflow(by: microsecondsPerDay)
        return isBeyond ? (days < 0 ? .min : .max) : ticks
    }

    /// How long one instant is behind another, in microseconds; the longest time there is where it is longer.
    public static func age(of instant: Int64, at now: Int64) -> Int64 {
        let (age, isBeyond) = now.subtractingReportingOverflow(instant)
        return isBeyond ? (instant < 0 ? .max : .min) : age
    }

    /// ISO 8601 in UTC, as in `2026-11-01T10:00:00Z`; a fraction only where there is one.
    public static func format(microseconds: Int64) -> String {
        var (days, time) = microseconds.quotientAndRemainder(dividingBy: microsecondsPerDay)
        if time < 0 { (days, time) = (days &- 1, time &+ microsecondsPerDay) }
        return "\(format(days: Int(days)))T\(format(timeOfDay: time))Z"
    }

    /// As in `2d 3h`, `4h 12m`, `35s`: the two largest units.
    public static func format(duration microseconds: Int64) -> String {
        let sign = microseconds < 0 ? "-" : ""
        let seconds = microseconds.magnitude / UInt64(microsecondsPerSecond)
        let units: [(UInt64, String)] = [(86_400, "d"), (3_600, "h"), (60, "m"), (1, "s")]
        guard let first = units.firstIndex(where: { seconds >= $0.0 }) else {
            return microseconds == 0 ? "0s" : "\(sign)\(Double(microseconds.magnitude) / 1_000_000)s"
        }
        let head = "\(seconds / units[first].0)\(units[first].1)"
        guard first + 1 < units.count else { return sign + head }
        let rest = seconds % units[first].0 / units[first + 1].0
        return sign + head + (rest > 0 ? " \(rest)\(units[first + 1].1)" : "")
    }

    private static func pad(_ number: Int, _ width: Int) -> String {
        let digits = String(number.magnitude)
        return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
