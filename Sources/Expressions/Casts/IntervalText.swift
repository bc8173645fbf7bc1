import Tables

/// Lengths of time as SQL's interval literals write them.
enum IntervalText {
    private static let units: [(names: [String], microseconds: Int64)] = [
        (["us", "microsecond", "microseconds"], 1), (["ms", "millisecond", "milliseconds"], 1_000),
        (["s", "sec", "secs", "second", "seconds"], 1_000_000),
        (["m", "min", "mins", "minute", "minutes"], 60_000_000),
        (["h", "hour", "hours"], 3_600_000_000), (["d", "day", "days"], CivilTime.microsecondsPerDay),
        (["w", "week", "weeks"], 7 * CivilTime.microsecondsPerDay),
    ]

    static func microseconds(ofUnit name: String) -> Int64? {
        units.first { $0.names.contains(name.lowercased()) }?.microseconds
    }

    /// Numbers with units, each perhaps with a sign and a fraction; what `DurationText` reads; or `HH:MM:SS`.
    static func parse(_ text: String) -> Int64? {
        if let plain = DurationText.parse(text) { return plain }
        if text.contains(":") { return clock(text) }
        let words = text.split(separator: " ")
        guard !words.isEmpty, words.count.isMultiple(of: 2) else { return nil }
        var total: Int128 = 0
        for index in stride(from: 0, to: words.count, by: 2) {
            guard let number = DecimalNumber(words[index]), let unit = microseconds(ofUnit: String(words[index + 1]))
            else { return nil }
            let (part, isTooLong) = number.unscaled.multipliedReportingOverflow(by: Int128(unit))
            guard !isTooLong else { return nil }
            total += part / DecimalNumber.powerOfTen(number.scale)
            guard total.magnitude < 1 << 62 else { return nil }
        }
        return Int64(exactly: total)
    }

    /// `[-]HH:MM[:SS[.ffffff]]`, with any number of hours.
    private static func clock(_ text: String) -> Int64? {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        let parts = digits.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, (1...9).contains(parts[0].utf8.count), parts[0].utf8.allSatisfy({ $0 &- 0x30 <= 9 }),
            let hours = Int64(parts[0]), case .time(let rest)? = Temporal.time("00:" + parts[1])
        else { return nil }
        let total = hours * 3_600_000_000 + rest
        return text.hasPrefix("-") ? -total : total
    }

    static func namesMonths(_ text: String) -> Bool {
        let words = text.lowercased().split(separator: " ")
        return words.contains { ["month", "months", "mon", "year", "years", "quarter", "quarters"].contains($0) }
    }

    /// `HH:MM:SS[.ffffff]`, with as many hours as there are.
    static func format(_ microseconds: Int64) -> String {
        let seconds = microseconds.magnitude / 1_000_000
        let clock = CivilTime.format(timeOfDay: Int64(microseconds.magnitude % 3_600_000_000))
        let hours = String(seconds / 3600)
        return (microseconds < 0 ? "-" : "") + (hours.utf8.count < 2 ? "0" : "") + hours + clock.dropFirst(2)
    }
}
