import Tables

/// A format of dates and times in the manner of C's `strftime`.
struct TimeFormat: Sendable {
    private enum Part: Sendable {
        case byte(UInt8)
        case field(UInt8)
    }

    let text: String
    private let parts: [Part]
    private static let fields = Array("YmdHMSfyjbBaApIzeF T".utf8).filter { $0 != 0x20 }

    init(site: inout CallSite, at index: Int) throws(ExpressionError) {
        guard let text = try site.literalText(index) else { throw site.error("a format is needed") }
        self.text = text
        var parts: [Part] = []
        var isEscaped = false
        for byte in text.utf8 {
            if isEscaped {
                isEscaped = false
                switch byte {
                case 0x25: parts.append(.byte(byte))
                case UInt8(ascii: "F"):
                    parts += [
                        .field(UInt8(ascii: "Y")), .byte(0x2D), .field(UInt8(ascii: "m")), .byte(0x2D),
                        .field(UInt8(ascii: "d")),
                    ]
                case UInt8(ascii: "T"):
                    parts += [
                        .field(UInt8(ascii: "H")), .byte(0x3A), .field(UInt8(ascii: "M")), .byte(0x3A),
                        .field(UInt8(ascii: "S")),
                    ]
                default:
                    guard Self.fields.contains(byte) else {
                        throw site.error(
                            "the format has no %\(Character(Unicode.Scalar(byte)))", at: index,
                            hint: "there are %Y %m %d %H %M %S %f %y %j %b %B %a %A %p %I %z %e %F %T %%")
                    }
                    parts.append(.field(byte))
                }
            } else if byte == 0x25 {
                isEscaped = true
            } else {
                parts.append(.byte(byte))
            }
        }
        guard !isEscaped, !parts.isEmpty else {
            throw site.error(
                "the format \(isEscaped ? "ends with %" : "is empty")", at: index, hint: "as in '%d.%m.%Y %H:%M'")
        }
        self.parts = parts
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    private static let weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

    // MARK: Reading

    private struct Reading {
        var year = 1970
        var month = 1
        var day = 1
        var dayOfYear: Int?
        var hour = 0
        var minute = 0
        var second = 0
        var microsecond = 0
        var isAfternoon: Bool?
        var offset = 0
    }

    /// All of the text must be as the format has it; digits may be fewer than written, never more.
    func read(_ text: UnsafeRawBufferPointer) -> Int64? {
        var reading = Reading()
        var place = 0
        for part in parts {
            switch part {
            case .byte(let byte):
                guard place < text.count, text[place] == byte else { return nil }
                place += 1
            case .field(let field):
                guard Self.read(field, text, &place, &reading) else { return nil }
            }
        }
        guard place == text.count else { return nil }
        return Self.ticks(reading)
    }

    private static func ticks(_ reading: Reading) -> Int64? {
        var hour = reading.hour
        if let isAfternoon = reading.isAfternoon {
            guard (1...12).contains(hour) else { return nil }
            hour = hour % 12 + (isAfternoon ? 12 : 0)
        }
        guard hour < 24, reading.minute < 60, reading.second < 60 else { return nil }
        var day = CivilTime.days(year: reading.year, month: reading.month, day: reading.day)
        if let number = reading.dayOfYear {
            guard let first = CivilTime.days(year: reading.year, month: 1, day: 1), number >= 1,
                CivilTime.civil(days: first + number - 1).year == reading.year
            else { return nil }
            day = first + number - 1
        }
        guard let day else { return nil }
        let seconds = (day * 24 + hour) * 3600 + reading.minute * 60 + reading.second - reading.offset
        return Int64(seconds) * 1_000_000 + Int64(reading.microsecond)
    }

    private static func read(
        _ field: UInt8, _ text: UnsafeRawBufferPointer, _ place: inout Int, _ reading: inout Reading
    ) -> Bool {
        switch field {
        case UInt8(ascii: "Y"): return digits(text, &place, 4, into: &reading.year)
        case UInt8(ascii: "y"):
            guard digits(text, &place, 2, into: &reading.year) else { return false }
            reading.year += reading.year < 69 ? 2000 : 1900
            return true
        case UInt8(ascii: "m"): return digits(text, &place, 2, into: &reading.month)
        case UInt8(ascii: "d"), UInt8(ascii: "e"):
            if field == UInt8(ascii: "e"), place < text.count, text[place] == 0x20 { place += 1 }
            return digits(text, &place, 2, into: &reading.day)
        case UInt8(ascii: "H"), UInt8(ascii: "I"): return digits(text, &place, 2, into: &reading.hour)
        case UInt8(ascii: "M"): return digits(text, &place, 2, into: &reading.minute)
        case UInt8(ascii: "S"): return digits(text, &place, 2, into: &reading.second)
        case UInt8(ascii: "j"):
            var number = 0
            guard digits(text, &place, 3, into: &number) else { return false }
            reading.dayOfYear = number
            return true
        case UInt8(ascii: "f"):
            let start = place
            guard digits(text, &place, 6, into: &reading.microsecond) else { return false }
            for _ in place - start..<6 { reading.microsecond *= 10 }
            return true
        case UInt8(ascii: "b"), UInt8(ascii: "B"):
            guard let index = name(text, &place, months, isShort: field == UInt8(ascii: "b")) else { return false }
            reading.month = index + 1
            return true
        case UInt8(ascii: "a"), UInt8(ascii: "A"):
            return name(text, &place, weekdays, isShort: field == UInt8(ascii: "a")) != nil
        case UInt8(ascii: "p"):
            guard let index = name(text, &place, ["AM", "PM"], isShort: false) else { return false }
            reading.isAfternoon = index == 1
            return true
        default: return zone(text, &place, &reading)
        }
    }

    private static func digits(
        _ text: UnsafeRawBufferPointer, _ place: inout Int, _ most: Int, into number: inout Int
    ) -> Bool {
        let start = place
        number = 0
        while place < text.count, place - start < most, text[place] &- 0x30 <= 9 {
            number = number * 10 + Int(text[place] - 0x30)
            place += 1
        }
        return place > start
    }

    /// Names in any case.
    private static func name(
        _ text: UnsafeRawBufferPointer, _ place: inout Int, _ names: [String], isShort: Bool
    ) -> Int? {
        for (index, name) in names.enumerated() {
            let wanted = isShort ? name.utf8.prefix(3) : name.utf8.prefix(name.utf8.count)
            guard text.count - place >= wanted.count else { continue }
            if zip(text[place...], wanted).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) {
                place += wanted.count
                return index
            }
        }
        return nil
    }

    /// `Z` or `±HH[[:]MM]`.
    private static func zone(_ text: UnsafeRawBufferPointer, _ place: inout Int, _ reading: inout Reading) -> Bool {
        guard place < text.count else { return false }
        let sign = text[place]
        place += 1
        if sign == UInt8(ascii: "Z") || sign == UInt8(ascii: "z") { return true }
        guard sign == 0x2B || sign == 0x2D else { return false }
        var (hours, minutes) = (0, 0)
        let start = place
        guard digits(text, &place, 2, into: &hours), place - start == 2, hours <= 18 else { return false }
        if place < text.count, text[place] == 0x3A { place += 1 }
        if place < text.count, text[place] &- 0x30 <= 9 {
            let start = place
            guard digits(text, &place, 2, into: &minutes), place - start == 2, minutes < 60 else { return false }
        }
        reading.offset = (hours * 3600 + minutes * 60) * (sign == 0x2D ? -1 : 1)
        return true
    }

    // MARK: Writing

    func write(_ ticks: Int64, to builder: inout TextBuilder) {
        let day = Int(Clock.day(of: ticks))
        let civil = CivilTime.civil(days: day)
        let time = Clock.timeOfDay(ticks)
        let second = Int(time / 1_000_000)
        for part in parts {
            switch part {
            case .byte(let byte): builder.append(byte)
            case .field(let field):
                switch field {
                case UInt8(ascii: "Y"): builder.append(civil.year, width: 4)
                case UInt8(ascii: "y"): builder.append((civil.year % 100 + 100) % 100, width: 2)
                case UInt8(ascii: "m"): builder.append(civil.month, width: 2)
                case UInt8(ascii: "d"): builder.append(civil.day, width: 2)
                case UInt8(ascii: "e"): builder.append(civil.day, width: 1)
                case UInt8(ascii: "H"): builder.append(second / 3600, width: 2)
                case UInt8(ascii: "I"): builder.append((second / 3600 + 11) % 12 + 1, width: 2)
                case UInt8(ascii: "M"): builder.append(second / 60 % 60, width: 2)
                case UInt8(ascii: "S"): builder.append(second % 60, width: 2)
                case UInt8(ascii: "f"): builder.append(Int(time % 1_000_000), width: 6)
                case UInt8(ascii: "j"): builder.append(Weekday.dayOfYear(day), width: 3)
                case UInt8(ascii: "b"): builder.append(Self.months[civil.month - 1].prefix(3))
                case UInt8(ascii: "B"): builder.append(Self.months[civil.month - 1])
                case UInt8(ascii: "a"): builder.append(Self.weekdays[Weekday.fromMonday(day)].prefix(3))
                case UInt8(ascii: "A"): builder.append(Self.weekdays[Weekday.fromMonday(day)])
                case UInt8(ascii: "p"): builder.append(second < 43_200 ? "AM" : "PM")
                default: builder.append("+00:00")
                }
            }
        }
    }
}

extension TextBuilder {
    /// The number with zeros before it.
    fileprivate mutating func append(_ number: Int, width: Int) {
        if number < 0 { append(0x2D as UInt8) }
        let digits = String(number.magnitude)
        for _ in digits.utf8.count..<max(width, digits.utf8.count) { append(0x30 as UInt8) }
        append(digits)
    }
}
