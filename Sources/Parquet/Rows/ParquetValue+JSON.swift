import Tables

extension ParquetValue {
    /// Appends the value as JSON (RFC 8259), without spaces.
    ///
    /// Numbers and decimals are exact; `NaN`, `inf` and `-inf` are texts, as are dates and times (ISO 8601), UUIDs and binary values
    /// (hexadecimal). A map is an object where its keys are texts by their type, else a list of pairs.
    func appendJSON(to text: inout [UInt8]) {
        switch self {
        case .null: text += "null".utf8
        case .boolean(let value): text += (value ? "true" : "false").utf8
        case .int64(let value): text += value.description.utf8
        case .uint64(let value): text += value.description.utf8
        case .float(let value): Self.append(value, to: &text)
        case .double(let value): Self.append(value, to: &text)
        case .decimal, .wideDecimal: text += plainText.utf8
        case .text(let value): Self.append(quoted: value, to: &text)
        case .binary, .uuid, .date, .time, .timestamp, .interval: Self.append(quoted: plainText, to: &text)
        case .list(let elements):
            Self.append(elements, "[", "]", to: &text) { $0.appendJSON(to: &$1) }
        case .structure(let members):
            Self.append(members, "{", "}", to: &text) { member, text in
                Self.append(quoted: member.name, to: &text)
                text.append(0x3A)
                member.value.appendJSON(to: &text)
            }
        case .map(let entries, let isObject):
            Self.append(entries, isObject ? "{" : "[", isObject ? "}" : "]", to: &text) { entry, text in
                if !isObject { text.append(0x5B) }
                entry.key.appendJSON(to: &text)
                text.append(isObject ? 0x3A : 0x2C)
                entry.value.appendJSON(to: &text)
                if !isObject { text.append(0x5D) }
            }
        }
    }

    /// The value for people: texts as they are, nested ones as JSON.
    public var asText: String {
        switch self {
        case .text(let value): return value
        case .float(let value): return Self.text(value)
        case .double(let value): return Self.text(value)
        case .decimal, .wideDecimal, .binary, .uuid, .date, .time, .timestamp, .interval: return plainText
        default:
            var text: [UInt8] = []
            appendJSON(to: &text)
            return String(decoding: text, as: UTF8.self)
        }
    }

    /// Decimals, times and bytes as text.
    var plainText: String {
        switch self {
        case .decimal(let unscaled, let scale):
            withUnsafeBytes(of: unscaled.bigEndian) { ByteValues.decimalText($0, scale: scale) }
        case .wideDecimal(let unscaled, let scale):
            unscaled.withUnsafeBytes { ByteValues.decimalText($0, scale: scale) }
        case .binary(let bytes): bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        case .uuid(let value):
            withUnsafeBytes(of: value.bigEndian) { bytes in
                var text: [UInt8] = []
                ByteValues.appendUUID(bytes, to: &text)
                return String(decoding: text, as: UTF8.self)
            }
        case .date(let days): CivilTime.format(days: Int(days))
        case .time(let ticks, let unit, _): Self.clock(ticks, unit)
        case .timestamp(let ticks, let unit, let isUTC):
            {
                let day = 86_400 * unit.ticksPerSecond
                let days = ticks.flooredQuotient(by: day)
                let rest = ticks % day
                let clock = Self.clock(rest < 0 ? rest + day : rest, unit)
                return "\(CivilTime.format(days: Int(days)))T\(clock)\(isUTC ? "Z" : "")"
            }()
        case .interval(let months, let days, let milliseconds):
            ByteValues.intervalText(months: months, days: days, milliseconds: milliseconds)
        default: ""
        }
    }

    private static func clock(_ ticks: Int64, _ unit: TimeUnit) -> String {
        let (seconds, fraction) = ticks.quotientAndRemainder(dividingBy: unit.ticksPerSecond)
        let clock = CivilTime.format(timeOfDay: seconds.multipliedReportingOverflow(by: 1_000_000).partialValue)
        guard fraction > 0 else { return clock }
        var digits = String((fraction + unit.ticksPerSecond).description.dropFirst())
        while digits.hasSuffix("0") { digits.removeLast() }
        return "\(clock).\(digits)"
    }

    private static func append(_ number: some BinaryFloatingPoint & CustomStringConvertible, to text: inout [UInt8]) {
        if number.isFinite { text += number.description.utf8 } else { append(quoted: Self.text(number), to: &text) }
    }

    private static func text(_ number: some BinaryFloatingPoint & CustomStringConvertible) -> String {
        number.isNaN ? "NaN" : number.description
    }

    private static func append<Element>(
        _ elements: [Element], _ opening: StaticString, _ closing: StaticString, to text: inout [UInt8],
        _ each: (Element, inout [UInt8]) -> Void
    ) {
        text.append(opening.utf8Start.pointee)
        for (index, element) in elements.enumerated() {
            if index > 0 { text.append(0x2C) }
            each(element, &text)
        }
        text.append(closing.utf8Start.pointee)
    }

    private static func append(quoted value: String, to text: inout [UInt8]) {
        text.append(0x22)
        for byte in value.utf8 {
            switch byte {
            case 0x22, 0x5C: text += [0x5C, byte]
            case 0x0A: text += "\\n".utf8
            case 0x0D: text += "\\r".utf8
            case 0x09: text += "\\t".utf8
            case ..<0x20: text += "\\u00\(byte < 16 ? "0" : "1")\(String(byte & 0xF, radix: 16))".utf8
            default: text.append(byte)
            }
        }
        text.append(0x22)
    }
}
