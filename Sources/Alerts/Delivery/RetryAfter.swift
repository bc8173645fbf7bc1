import Tables

/// The field `Retry-After` of an answer (RFC 9110, 10.2.3): seconds, or a date in one of HTTP's three forms.
enum RetryAfter {
    /// Microseconds from `now` on; `nil` for what is neither, 0 for a date that is past.
    static func pause(_ text: String, at now: Int64) -> Int64? {
        if let seconds = number(Substring(text), digits: 1...18) {
            let (pause, isBeyond) = Int64(seconds).multipliedReportingOverflow(by: 1_000_000)
            return isBeyond ? .max : pause
        }
        return date(text, near: now).map { max(0, $0 - now) }
    }

    /// Microseconds since 1970.
    static func date(_ text: String, near now: Int64) -> Int64? {
        let words = text.split(separator: " ", omittingEmptySubsequences: true)
        switch words.count {
        // Sun, 06 Nov 1994 08:49:37 GMT
        case 6 where words[5] == "GMT":
            return time(day: words[1], month: words[2], year: number(words[3], digits: 4...4), clock: words[4])
        // Sunday, 06-Nov-94 08:49:37 GMT
        case 4 where words[3] == "GMT":
            let date = words[1].split(separator: "-", omittingEmptySubsequences: false)
            guard date.count == 3, let short = number(date[2], digits: 2...2) else { return nil }
            return time(day: date[0], month: date[1], year: fullYear(short, near: now), clock: words[2])
        // Sun Nov  6 08:49:37 1994
        case 5: return time(day: words[2], month: words[1], year: number(words[4], digits: 4...4), clock: words[3])
        default: return nil
        }
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func time(day: Substring, month: Substring, year: Int?, clock: Substring) -> Int64? {
        let parts = clock.split(separator: ":", omittingEmptySubsequences: false)
        guard let year, let day = number(day, digits: 1...2), let month = months.firstIndex(of: String(month)),
            let days = CivilTime.days(year: year, month: month + 1, day: day), parts.count == 3,
            let hour = number(parts[0], digits: 2...2), let minute = number(parts[1], digits: 2...2),
            let second = number(parts[2], digits: 2...2), hour < 24, minute < 60, second <= 60
        else { return nil }
        return ((Int64(days) * 24 + Int64(hour)) * 60 + Int64(minute)) * 60_000_000 + Int64(second) * 1_000_000
    }

    /// The year of two digits that is less than fifty years ahead.
    private static func fullYear(_ short: Int, near now: Int64) -> Int {
        let current = CivilTime.civil(days: Int(now / CivilTime.microsecondsPerDay)).year
        let year = current - current % 100 + short
        return year > current + 50 ? year - 100 : year
    }

    private static func number(_ text: Substring, digits: ClosedRange<Int>) -> Int? {
        guard digits.contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }
}
