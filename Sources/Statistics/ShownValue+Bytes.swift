import Tables

/// What a value's first byte says of the bytes behind it.
private enum ValueTag: UInt8 {
    case missing, no, yes, integer, wideInteger, decimal, float, text, beginning, date, time, timestamp, duration
}

extension ByteWriter {
    /// A value as ``ByteReader/shownValue()`` reads it again: small ones in few bytes.
    mutating func append(_ shown: ShownValue) {
        switch shown.value {
        case .missing: append(.missing)
        case .boolean(let bit): append(bit ? .yes : .no)
        case .integer(let number):
            if let short = Int64(exactly: number) {
                append(.integer)
                appendSigned(short)
            } else {
                append(.wideInteger)
                append(number)
            }
        case .decimal(let number):
            append(.decimal)
            append(UInt8(number.scale))
            append(number.unscaled)
        case .float(let number):
            append(.float)
            append(number)
        case .text(var text):
            append(shown.wholeLength == nil ? .text : .beginning)
            text.withUTF8 { appendText(UnsafeRawBufferPointer($0)) }
            if let length = shown.wholeLength { appendShort(UInt(length)) }
        case .date(let days): append(.date, Int64(days))
        case .time(let microseconds): append(.time, microseconds)
        case .timestamp(let microseconds): append(.timestamp, microseconds)
        case .duration(let microseconds): append(.duration, microseconds)
        }
    }

    private mutating func append(_ tag: ValueTag) { append(tag.rawValue) }

    private mutating func append(_ tag: ValueTag, _ number: Int64) {
        append(tag)
        appendSigned(number)
    }

    /// Numbers near zero in few bytes, whatever their sign.
    private mutating func appendSigned(_ number: Int64) {
        appendShort(UInt64(bitPattern: (number << 1) ^ (number >> 63)))
    }
}

extension ByteReader {
    /// A value as a `ByteWriter` wrote it.
    mutating func shownValue() -> ShownValue? {
        guard let byte: UInt8 = integer(), let tag = ValueTag(rawValue: byte) else { return nil }
        if tag == .beginning {
            guard let text = string(), let length = short() else { return nil }
            return ShownValue(.text(text), wholeLength: Int(length))
        }
        return value(tag).map { ShownValue($0, wholeLength: nil) }
    }

    private mutating func value(_ tag: ValueTag) -> Value? {
        switch tag {
        case .missing: return .missing
        case .no: return .boolean(false)
        case .yes: return .boolean(true)
        case .integer: return signed().map { .integer(Int128($0)) }
        case .wideInteger: return integer().map { .integer($0) }
        case .decimal:
            guard let scale: UInt8 = integer(), let unscaled: Int128 = integer() else { return nil }
            return .decimal(DecimalNumber(unscaled: unscaled, scale: Int(scale)))
        case .float: return double().map { .float($0) }
        case .text, .beginning: return string().map { .text($0) }
        case .date: return signed().map { .date(days: Int($0)) }
        case .time: return signed().map { .time(microseconds: $0) }
        case .timestamp: return signed().map { .timestamp(microseconds: $0) }
        case .duration: return signed().map { .duration(microseconds: $0) }
        }
    }

    private mutating func string() -> String? { text().map { String(decoding: $0, as: UTF8.self) } }

    private mutating func signed() -> Int64? {
        short().map { Int64(bitPattern: $0 >> 1) ^ -Int64(bitPattern: $0 & 1) }
    }
}
