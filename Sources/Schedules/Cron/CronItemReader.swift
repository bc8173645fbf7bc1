import Tables

/// Reads one item of a field's list: `*`, a number or a name, a range, and the step of a range.
struct CronItemReader {
    let field: CronField
    var rest: ArraySlice<Unicode.Scalar>

    mutating func read() throws(ScheduleError) -> UInt64 {
        let start = rest.startIndex
        guard let first = rest.first else {
            throw .cron("an item of the \(field.name) is missing", at: start, hint: "a list is 1,15,30")
        }
        if first == "*" {
            rest.removeFirst()
            let step = try step(of: field.all)
            try end()
            return CronReader.bits(field.all, step: step)
        }
        if field == .dayOfMonth, first == "L" || first == "l", rest.count == 1 { return 1 }
        let low = try number()
        guard rest.first == "-" else {
            if rest.first == "/" {
                throw .cron(
                    "a step needs a range before it", at: rest.startIndex,
                    hint: "write \(low)-\(field.all.upperBound)\(text(rest)), or *\(text(rest))")
            }
            try end()
            return fold(1 << UInt64(low))
        }
        rest.removeFirst()
        let highStart = rest.startIndex
        let isName = rest.first.map { !Self.isDigit($0) } ?? false
        var high = try number()
        // FRI-SUN: a week may be thought of as ending on Sunday.
        if field == .dayOfWeek, isName, high == 0, low > 0 { high = 7 }
        guard low <= high else {
            throw .cron(
                "the range of the \(field.name) goes backwards: \(low)-\(high)", at: highStart,
                hint: "write \(span(low, field.all.upperBound, isName)),\(span(field.all.lowerBound, high, isName))")
        }
        let step = try step(of: low...high)
        try end()
        return fold(CronReader.bits(low...high, step: step))
    }

    /// A range as it is written, with names where `isNamed`.
    private func span(_ low: Int, _ high: Int, _ isNamed: Bool) -> String {
        func word(_ number: Int) -> String {
            let index = number - field.written.lowerBound
            return isNamed && field.names.indices.contains(index) ? field.names[index] : "\(number)"
        }
        return low == high ? word(low) : "\(word(low))-\(word(high))"
    }

    /// 7 is Sunday, as 0 is.
    private func fold(_ set: UInt64) -> UInt64 {
        field == .dayOfWeek && set & 1 << 7 != 0 ? (set & ~(1 << 7)) | 1 : set
    }

    private mutating func step(of range: ClosedRange<Int>) throws(ScheduleError) -> Int {
        guard rest.first == "/" else { return 1 }
        rest.removeFirst()
        let start = rest.startIndex
        guard let step = digits() else { throw unexpected("a step", at: start) }
        guard step > 0 else { throw .cron("the step must be at least 1", at: start) }
        guard step <= range.count else {
            let isTime = field == .minute || field == .hour
            let unit = field == .minute ? "m" : "h"
            throw .cron(
                "the step \(step) leaves the \(field.name), which has \(range.count) here", at: start,
                hint: isTime ? "write every: \(step)\(unit) instead of schedule:" : nil)
        }
        return step
    }

    /// A number within the field, or the number of a name.
    private mutating func number() throws(ScheduleError) -> Int {
        let start = rest.startIndex
        if let number = digits() {
            guard field.written.contains(number) else {
                throw .cron(
                    "the \(field.name) must be \(field.written.lowerBound) through \(field.written.upperBound), got \(number)",
                    at: start)
            }
            return number
        }
        let word = rest.prefix { $0.properties.isAlphabetic }
        let name = text(word).uppercased()
        guard !word.isEmpty else { throw unexpected("a number\(field.names.isEmpty ? "" : " or a name")", at: start) }
        if let index = field.names.firstIndex(of: name) {
            rest = rest[word.endIndex...]
            return index + field.written.lowerBound
        }
        throw unknown(name, at: start)
    }

    private func unknown(_ name: String, at start: Int) -> ScheduleError {
        let isQuartz = ["L", "W", "LW", "C", "H"].contains(name)
        if isQuartz {
            return .cron(
                "\(name) is not read in the \(field.name)", at: start,
                hint: field == .dayOfMonth
                    ? "L alone is the last day of the month" : "write numbers, names, ranges and lists")
        }
        guard !field.names.isEmpty else { return unexpected("a number", at: start) }
        let nearest =
            field.names.first { name.hasPrefix($0) } ?? Suggestion.nearest(to: name, among: field.names)
        return .cron(
            "there is no \(field.name) \(name.excerpt)", at: start,
            hint: nearest.map { "did you mean \($0)?" } ?? "as in \(field.names.joined(separator: ", "))")
    }

    private mutating func digits() -> Int? {
        let word = rest.prefix(while: Self.isDigit)
        guard !word.isEmpty else { return nil }
        rest = rest[word.endIndex...]
        // More digits than any field has: still a number, and beyond every range.
        return Int(text(word.prefix(9)))
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    private func end() throws(ScheduleError) {
        guard let next = rest.first else { return }
        if next == "#" || next == "L" || next == "W" {
            throw .cron(
                "\(next) is not read in the \(field.name)", at: rest.startIndex,
                hint: "write numbers, names, ranges and lists")
        }
        throw unexpected("a comma or the field's end", at: rest.startIndex)
    }

    private func unexpected(_ wanted: String, at offset: Int) -> ScheduleError {
        let found = rest.isEmpty ? "the field's end" : text(rest.prefix(12)).excerpt
        return .cron("found \(found) in the \(field.name), wanted \(wanted)", at: offset)
    }

    private func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String { String(String.UnicodeScalarView(scalars)) }
}
