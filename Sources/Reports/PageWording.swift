import Foundation
import Tables

/// Sizes and times as people read them on pages; counts and shares are `Wording`'s.
enum PageWording {
    /// `812 B`, `1.2 kB`, `705 MB`: units of a thousand.
    static func bytes(_ number: Int) -> String {
        guard number >= 1_000 else { return "\(number) B" }
        var value = Double(number) / 1_000
        for unit in ["kB", "MB", "GB", "TB"] {
            if value < 999.5 { return "\(fixed(value, digits: value < 9.95 ? 1 : 0)) \(unit)" }
            value /= 1_000
        }
        return "\(fixed(value, digits: 1)) PB"
    }

    /// `12 ms`, `3.2 s`, `4 min 12 s`, `2 h 5 min`.
    static func duration(_ seconds: Double) -> String {
        switch seconds {
        case ..<0.9995: return "\(Int((max(0, seconds) * 1_000).rounded())) ms"
        case ..<59.95: return "\(fixed(seconds, digits: seconds < 9.95 ? 1 : 0)) s"
        default:
            let whole = Int(min(seconds, 1e12).rounded())
            let (first, second, units) =
                whole < 3_600
                ? (whole / 60, whole % 60, ("min", "s"))
                : whole < 172_800
                    ? (whole / 3_600, whole % 3_600 / 60, ("h", "min"))
                    : (whole / 86_400, whole % 86_400 / 3_600, ("d", "h"))
            return "\(first) \(units.0)" + (second > 0 ? " \(second) \(units.1)" : "")
        }
    }

    /// `Sun 1 Nov 2026, 10:00 UTC`.
    static func time(_ microseconds: Int64) -> String { time(microseconds, clock: "00:00".utf8.count) }

    /// `Sun 1 Nov 2026, 10:00:07 UTC`: where the order of what happened matters.
    static func exactTime(_ microseconds: Int64) -> String { time(microseconds, clock: "00:00:00".utf8.count) }

    /// `clock` is how many characters of the clock are told.
    private static func time(_ microseconds: Int64, clock length: Int) -> String {
        let text = CivilTime.format(microseconds: microseconds)
        let days = Int((Double(microseconds) / Double(CivilTime.microsecondsPerDay)).rounded(.down))
        let civil = CivilTime.civil(days: days)
        let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][((days % 7) + 7) % 7]
        let month = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ][civil.month - 1]
        let clock = text.split(separator: "T").last?.prefix(length) ?? ""
        return "\(weekday) \(civil.day) \(month) \(civil.year), \(clock) UTC"
    }

    /// ISO 8601 to the second.
    static func iso(_ microseconds: Int64) -> String {
        let rest = microseconds % CivilTime.microsecondsPerSecond
        return CivilTime.format(microseconds: microseconds - rest)
    }

    /// Digits with commas, where the text is an integer of five digits or more; anything else as it is.
    static func grouped(_ digits: String) -> String {
        let sign = digits.hasPrefix("-") ? "-" : ""
        let whole = digits.dropFirst(sign.count).prefix { $0.isASCII && $0.isNumber }
        let rest = digits.dropFirst(sign.count + whole.count)
        guard whole.count > 3, rest.isEmpty || rest.first == "." else { return digits }
        var grouped = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index) % 3 == 0 { grouped += "," }
            grouped.append(digit)
        }
        return sign + grouped + rest
    }

    private static func fixed(_ value: Double, digits: Int) -> String {
        var text = String(format: "%.\(digits)f", value)
        while digits > 0, text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }
}
