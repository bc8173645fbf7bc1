extension Cron: CustomStringConvertible {
    /// A sentence for people, as in `at 06:00 on Monday through Friday`.
    public var description: String {
        let days = [dayPhrase, monthPhrase].compactMap { $0 }
        return ([timePhrase] + days).joined(separator: " ")
    }

    private var timePhrase: String {
        let (minute, hour) = (Self.numbers(minutes), Self.numbers(hours))
        if hour.count == 24 { return Self.ofEachHour(minute) }
        if minute.count * hour.count <= 6 {
            let times = hour.flatMap { hour in minute.map { "\(Self.two(hour)):\(Self.two($0))" } }
            return "at \(Self.list(times))"
        }
        let hours = "from \(Self.list(Self.ranges(hour).map(Self.span)))"
        return "\(Self.ofEachHour(minute, isAll: false)) \(hours)"
    }

    private static func ofEachHour(_ minute: [Int], isAll: Bool = true) -> String {
        if minute.count == 60 { return "every minute" }
        if minute == [0] { return isAll ? "every hour, on the hour" : "on the hour" }
        if minute.count > 1, minute[0] == 0, 60 % minute[1] == 0,
            minute == Array(stride(from: 0, to: 60, by: minute[1]))
        {
            return "every \(minute[1]) minutes"
        }
        let minutes = list(
            ranges(minute).map { $0.count > 1 ? "\($0.lowerBound) through \($0.upperBound)" : "\($0.lowerBound)" })
        return "at minute\(minute.count > 1 ? "s" : "") \(minutes)\(isAll ? " of every hour" : " of each hour")"
    }

    private var dayPhrase: String? {
        let isEveryDate = daysOfMonth >> 1 == (1 << 31) - 1
        let isEveryWeekday = daysOfWeek == 0x7F
        let dates = "on the \(Self.list(datePhrases))"
        let weekdays = "on \(Self.list(weekdayPhrases))"
        switch (isEveryDate, isEveryWeekday) {
        case (true, true): return nil
        case (false, true): return needsBothDays ? dates : nil
        case (true, false): return needsBothDays ? weekdays : nil
        case (false, false):
            return needsBothDays
                ? "\(dates) if it is \(Self.list(weekdayPhrases, word: "or"))" : "\(dates) and \(weekdays)"
        }
    }

    private var datePhrases: [String] {
        let dates = Self.numbers(daysOfMonth & ~1)
        let phrases = Self.ranges(dates).map { range in
            range.count > 1
                ? "\(Self.ordinal(range.lowerBound)) through \(Self.ordinal(range.upperBound))"
                : Self.ordinal(range.lowerBound)
        }
        return phrases + (daysOfMonth & 1 != 0 ? ["last day"] : [])
    }

    private var weekdayPhrases: [String] {
        let names = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
        // Sunday last, as weeks are thought of here.
        let days = Self.numbers(daysOfWeek).map { $0 == 0 ? 7 : $0 }.sorted()
        return Self.ranges(days).map { range in
            let (first, last) = (names[range.lowerBound % 7], names[range.upperBound % 7])
            return range.count > 1 ? "\(first) through \(last)" : first
        }
    }

    private var monthPhrase: String? {
        let numbers = Self.numbers(months)
        guard numbers.count < 12 else { return nil }
        let names = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December",
        ]
        return "in "
            + Self.list(
                Self.ranges(numbers).map { range in
                    let (first, last) = (names[range.lowerBound - 1], names[range.upperBound - 1])
                    return range.count > 1 ? "\(first) through \(last)" : first
                })
    }

    // MARK: Words

    private static func numbers(_ bits: UInt64) -> [Int] { (0..<64).filter { bits & 1 << UInt64($0) != 0 } }

    /// Neighbours joined where there are three or more.
    private static func ranges(_ numbers: [Int]) -> [ClosedRange<Int>] {
        var runs: [ClosedRange<Int>] = []
        for number in numbers {
            if let last = runs.last, last.upperBound + 1 == number {
                runs[runs.count - 1] = last.lowerBound...number
            } else {
                runs.append(number...number)
            }
        }
        return runs.flatMap { $0.count == 2 ? [$0.lowerBound...$0.lowerBound, $0.upperBound...$0.upperBound] : [$0] }
    }

    private static func span(_ hours: ClosedRange<Int>) -> String {
        "\(two(hours.lowerBound)):00 to \(two(hours.upperBound)):59"
    }

    private static func list(_ items: [String], word: String = "and") -> String {
        guard let last = items.last, items.count > 1 else { return items.first ?? "" }
        return "\(items.dropLast().joined(separator: ", ")) \(word) \(last)"
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func ordinal(_ number: Int) -> String {
        let ending =
            switch number {
            case 1, 21, 31: "st"
            case 2, 22: "nd"
            case 3, 23: "rd"
            default: "th"
            }
        return "\(number)\(ending)"
    }
}
