import Tables

/// Reads a cron line, knowing where in the text it is.
struct CronReader {
    private static let longest = 1_000
    private static let macros = [
        "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
        "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
    ]

    /// A piece of the text and where it begins.
    struct Piece {
        let scalars: ArraySlice<Unicode.Scalar>
        var text: String { String(String.UnicodeScalarView(scalars)) }
        var offset: Int { scalars.startIndex }
    }

    private let scalars: [Unicode.Scalar]

    init(_ text: String) throws(ScheduleError) {
        scalars = Array(text.unicodeScalars.prefix(Self.longest + 1))
        guard scalars.count <= Self.longest else {
            throw .cron("a cron line has at most \(Self.longest) characters", at: Self.longest)
        }
    }

    mutating func read() throws(ScheduleError) -> Cron {
        let pieces = scalars.split { $0 == " " || $0 == "\t" }.map { Piece(scalars: $0) }
        let text = pieces.map(\.text).joined(separator: " ")
        guard let first = pieces.first else {
            throw .cron("the cron line is empty", at: 0, hint: "as in \"15 * * * *\", a quarter past every hour")
        }
        if first.scalars.first == "@" { return try Self.macro(first, pieces: pieces, text: text) }
        if first.scalars.contains("=") {
            throw .cron(
                "found \(first.text.excerpt), wanted the minute", at: first.offset,
                hint: "the zone is a key of its own, as in {cron: \"0 6 * * *\", timezone: Europe/Berlin}")
        }
        guard pieces.count == 5 else { throw Self.wrongCount(pieces, end: scalars.count) }
        return try Self.cron(pieces, text: text)
    }

    private static func macro(_ first: Piece, pieces: [Piece], text: String) throws(ScheduleError) -> Cron {
        let name = first.text.lowercased()
        switch name {
        case "@every":
            throw .cron("@every is no cron line", at: first.offset, hint: "write every: 15m instead of schedule:")
        case "@reboot":
            throw .cron(
                "@reboot names no time", at: first.offset, hint: "write schedule: manual, and trigger the run yourself")
        default: break
        }
        guard let line = macros[name] else {
            let nearest = Suggestion.nearest(to: name, among: macros.keys.sorted())
            throw .cron(
                "there is no \(first.text.excerpt)", at: first.offset,
                hint: nearest.map { "did you mean \($0)?" } ?? "as in \(macros.keys.sorted().joined(separator: ", "))")
        }
        guard pieces.count == 1 else {
            throw .cron("found \(pieces[1].text.excerpt) after \(name)", at: pieces[1].offset)
        }
        let fields = Array(line.unicodeScalars).split(separator: " ").map { Piece(scalars: $0) }
        return try cron(fields, text: text)
    }

    private static func wrongCount(_ pieces: [Piece], end: Int) -> ScheduleError {
        let wanted = "wanted five fields (minute, hour, day of month, month, day of week), found \(pieces.count)"
        guard pieces.count > 5 else { return .cron(wanted, at: end, hint: "write * for a field that may be anything") }
        let isSplit = pieces.contains { $0.scalars.first == "," || $0.scalars.last == "," }
        let hint = isSplit ? "write lists without spaces" : "lines with seconds or years are not read: leave those out"
        return .cron(wanted, at: pieces[5].offset, hint: hint)
    }

    private static func cron(_ pieces: [Piece], text: String) throws(ScheduleError) -> Cron {
        var sets: [UInt64] = []
        for (field, piece) in zip(CronField.allCases, pieces) { sets.append(try set(of: field, piece)) }
        let cron = Cron(
            text: text, minutes: sets[0], hours: sets[1], daysOfMonth: sets[2], months: sets[3], daysOfWeek: sets[4],
            needsBothDays: isOpen(pieces[2]) || isOpen(pieces[4]), hasEveryHour: isOpen(pieces[1]))
        // From 2000 through 2027 each date, the leap day too, falls on each weekday.
        guard cron.nextDay(from: 10_957, lastYear: 2027) != nil else {
            throw ScheduleError(
                code: "never-due", message: "there is no such date: \(text.excerpt)", offset: pieces[2].offset,
                hint: "the days of the month are in none of the months")
        }
        return cron
    }

    /// Whether a field restricts nothing, as Vixie's cron sees it: by how it begins.
    private static func isOpen(_ piece: Piece) -> Bool { piece.scalars.first == "*" || piece.scalars.first == "?" }
}

extension CronReader {
    private static func set(of field: CronField, _ piece: Piece) throws(ScheduleError) -> UInt64 {
        if piece.text == "?" {
            guard field.allowsAny else {
                throw .cron("? is for days alone", at: piece.offset, hint: "write * for any \(field.name)")
            }
            return bits(field.all, step: 1)
        }
        var set: UInt64 = 0
        for item in piece.scalars.split(separator: ",", omittingEmptySubsequences: false) {
            var item = CronItemReader(field: field, rest: item)
            set |= try item.read()
        }
        return set
    }

    static func bits(_ range: ClosedRange<Int>, step: Int) -> UInt64 {
        stride(from: range.lowerBound, through: range.upperBound, by: step).reduce(0) { $0 | 1 << UInt64($1) }
    }
}

extension String {
    /// The text for a message: quoted, on one line and no longer than 40 scalars.
    var excerpt: String {
        let scalars = unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) }
        return "\"\(scalars.count > 40 ? String(scalars.prefix(40)) + "…" : String(scalars))\""
    }
}
