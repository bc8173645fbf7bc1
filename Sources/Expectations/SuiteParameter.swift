import Tables

/// GX's suite parameters, as far as they speak of time: `now() - timedelta(weeks=2)`, `datetime(2024, 1, 31)`.
enum SuiteParameter {
    /// `nil` where the text is anything else.
    static func evaluate(_ text: String) -> BoundValue? {
        var parser = Parser(text)
        guard var total = parser.term() else { return nil }
        while let sign = parser.sign() {
            guard let next = parser.term() else { return nil }
            let amount = sign == "-" ? -next.microseconds : next.microseconds
            guard !next.isInstant, total.isInstant else { return nil }
            let (sum, isOverflowing) = total.microseconds.addingReportingOverflow(amount)
            // 30,000 years: the clock of a run can be added to it.
            guard !isOverflowing, sum.magnitude < 1_000_000_000_000_000_000 else { return nil }
            total.microseconds = sum
        }
        guard parser.isAtEnd, total.isInstant else { return nil }
        return total.isRelativeToNow
            ? .afterNow(total.microseconds) : .value(.timestamp(microseconds: total.microseconds))
    }

    private struct Term {
        var microseconds: Int64
        var isInstant: Bool
        var isRelativeToNow = false
    }

    private struct Parser {
        private var rest: Substring

        init(_ text: String) { rest = text.filter { $0 != " " }[...] }

        var isAtEnd: Bool { rest.isEmpty }

        mutating func sign() -> Character? {
            guard let first = rest.first, first == "+" || first == "-" else { return nil }
            return rest.removeFirst()
        }

        private mutating func take(_ prefix: String) -> Bool {
            guard rest.hasPrefix(prefix) else { return false }
            rest = rest.dropFirst(prefix.count)
            return true
        }

        mutating func term() -> Term? {
            if take("now()") { return Term(microseconds: 0, isInstant: true, isRelativeToNow: true) }
            if take("timedelta(") { return timedelta() }
            if take("datetime(") { return datetime() }
            return nil
        }

        private mutating func timedelta() -> Term? {
            let units: [(String, Double)] = [
                ("weeks", 604_800), ("days", 86_400), ("hours", 3_600), ("minutes", 60), ("seconds", 1),
            ]
            var seconds = 0.0
            repeat {
                guard let unit = units.first(where: { rest.hasPrefix($0.0 + "=") }) else { return nil }
                rest = rest.dropFirst(unit.0.count + 1)
                guard let number = product() else { return nil }
                seconds += number * unit.1
            } while take(",")
            guard take(")"), seconds.magnitude < 1e12 else { return nil }
            return Term(microseconds: Int64((seconds * 1_000_000).rounded()), isInstant: false)
        }

        private mutating func datetime() -> Term? {
            var parts: [Int] = []
            repeat {
                guard let number = product(), number == number.rounded(), number.magnitude < 10_000 else { return nil }
                parts.append(Int(number))
            } while take(",")
            guard take(")"), (3...6).contains(parts.count),
                let days = CivilTime.days(year: parts[0], month: parts[1], day: parts[2])
            else { return nil }
            let clock = parts.dropFirst(3) + [0, 0, 0]
            guard zip(clock, [24, 60, 60]).allSatisfy({ (0..<$1).contains($0) }) else { return nil }
            let seconds = clock.prefix(3).reduce(0) { $0 * 60 + $1 }
            return Term(
                microseconds: Int64(days) * CivilTime.microsecondsPerDay
                    + Int64(seconds) * CivilTime.microsecondsPerSecond,
                isInstant: true)
        }

        /// A number, or several multiplied.
        private mutating func product() -> Double? {
            var result = 1.0
            repeat {
                let digits = rest.prefix { $0.isNumber || $0 == "." || $0 == "-" }
                guard let number = Double(digits) else { return nil }
                rest = rest.dropFirst(digits.count)
                result *= number
            } while take("*")
            return result
        }
    }
}
