import Tables

/// Values of partition columns as the log has them: as texts (Delta protocol, Partition Value Serialization).
enum PartitionText {
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
        case .date:
            return text.withUTF8 { CivilTime.parseExpandedDate(UnsafeRawBufferPointer($0)) }.map {
                .date(days: Int($0))
            }
        case .timestamp, .timestampNtz:
            return text.withUTF8 { CivilTime.parseExpandedTimestamp(UnsafeRawBufferPointer($0)) }
                .map { .timestamp(microseconds: $0) }
        case .array, .map, .structure, .void: return nil
        }
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

extension Int64 {
    /// The quotient rounded down, and what remains, which is never negative; for divisors above 0.
    func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
