public import Tables

/// Values of partition columns as the log has them: as texts (Delta protocol, Partition Value Serialization).
enum PartitionText {
    /// Those whose text every reader takes, which are the years of four digits.
    static let days = -719_528...2_932_896

    /// The value that a text stands for; `nil` for a text that is no value of the type.
    ///
    /// Nothing and the empty text are a missing value, whatever the type.
    static func value(_ text: String?, _ type: DeltaType) -> Value? {
        guard var text, !text.isEmpty else { return .missing }
        switch type {
        case .string, .limitedString, .foreign: return .text(text)
        case .binary: return .text(text)
        case .boolean:
            return text.lowercased() == "true" ? .boolean(true) : text.lowercased() == "false" ? .boolean(false) : nil
        case .byte: return Int8(text).map { .integer(Int128($0)) }
        case .short: return Int16(text).map { .integer(Int128($0)) }
        case .integer: return Int32(text).map { .integer(Int128($0)) }
        case .long: return Int64(text).map { .integer(Int128($0)) }
        case .float: return Float(text).map { .float(Double($0)) }
        case .double: return Double(text).map { .float($0) }
        case .decimal(let precision, let scale):
            guard let number = DecimalNumber(text)?.rescaled(to: scale),
                number.unscaled.magnitude < DecimalNumber.powerOfTen(precision).magnitude
            else { return nil }
            return .decimal(number)
        case .date: return date(text)
        case .timestamp, .timestampNtz:
            return text.withUTF8 { CivilTime.parseExpandedTimestamp(UnsafeRawBufferPointer($0)) }
                .map { .timestamp(microseconds: $0) }
        case .array, .map, .structure, .void: return nil
        }
    }

    /// That of `2024-01-05`, which some writers have as `2024-1-5`.
    private static func date(_ text: String) -> Value? {
        var text = text
        if let days = text.withUTF8({ CivilTime.parseExpandedDate(UnsafeRawBufferPointer($0)) }) {
            return .date(days: Int(days))
        }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].utf8.count == 4, parts.dropFirst().allSatisfy({ $0.utf8.count <= 2 }),
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }), let year = Int(parts[0]),
            let month = Int(parts[1]), let day = Int(parts[2])
        else { return nil }
        return CivilTime.days(year: year, month: month, day: day).map { .date(days: $0) }
    }

    /// Whether every reader takes a text for a value of the type.
    static func isPortable(_ text: String?, _ type: DeltaType) -> Bool {
        switch value(text, type) {
        case nil: false
        case .date(let days): Self.days.contains(days)
        case .timestamp(let ticks): Self.days.contains(day(ofTicks: ticks))
        default: true
        }
    }

    fileprivate static func day(ofTicks ticks: Int64) -> Int {
        Int(ticks.flooredDivision(by: CivilTime.microsecondsPerDay).quotient)
    }

    /// The text of a value; `nil` for a missing one.
    ///
    /// An empty text can't be told from a missing value: the protocol has one spelling for both.
    static func text(_ value: Value, _ type: DeltaType) -> String? {
        switch value {
        case .missing: nil
        case .text(let text): text.isEmpty ? nil : text
        case .timestamp(let microseconds): timestamp(microseconds, hasZone: type == .timestamp)
        default: value.description
        }
    }

    /// `2024-01-31T01:02:03.000004Z`, or `2024-01-31 01:02:03.000004` without a zone.
    private static func timestamp(_ microseconds: Int64, hasZone: Bool) -> String {
        let (days, time) = microseconds.flooredDivision(by: CivilTime.microsecondsPerDay)
        let clock = CivilTime.format(timeOfDay: time)
        let fraction = clock.utf8.count > 8 ? clock.dropFirst(9) : ""
        let digits = fraction + String(repeating: "0", count: 6 - fraction.utf8.count)
        return
            "\(CivilTime.format(days: Int(days)))\(hasZone ? "T" : " ")\(clock.prefix(8)).\(digits)\(hasZone ? "Z" : "")"
    }
}

extension Column {
    /// Rows with a value that makes no partition of a Delta table: days and instants of years before 0 or after 9999, whose texts
    /// other readers don't take; `nil` where there are none.
    public var unpartitionable: Bitmap? {
        let day: (Int) -> Int
        switch values {
        case .date(let days): day = { Int(days[$0]) }
        case .timestamp(let ticks): day = { PartitionText.day(ofTicks: ticks[$0]) }
        default: return nil
        }
        let beyond = Bitmap(count: count) { row in !PartitionText.days.contains(day(row)) }
        let rows = beyond.intersection(typed)
        return rows.isEmpty ? nil : rows
    }
}

extension Int64 {
    /// The quotient rounded down, and what remains, which is never negative; for divisors above 0.
    func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
