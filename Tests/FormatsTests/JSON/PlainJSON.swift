import Tables

/// The plain twin of the reader: a recursive parser of whole values, written for being obviously right.
indirect enum PlainJSON {
    case null
    case boolean(Bool)
    case number(String)
    case text([UInt8])
    /// The elements don't matter.
    case array(raw: [UInt8])
    case object([(key: [UInt8], value: PlainJSON)], raw: [UInt8])

    struct Invalid: Error {}

    /// The value of a whole text.
    static func parse(_ bytes: [UInt8]) throws -> (PlainJSON, hasLoneSurrogate: Bool) {
        var parser = Parser(bytes: bytes)
        parser.space()
        let value = try parser.value(depth: 0)
        parser.space()
        guard parser.place == bytes.count else { throw Invalid() }
        return (value, parser.hasLoneSurrogate)
    }

    private struct Parser {
        let bytes: [UInt8]
        var place = 0
        var hasLoneSurrogate = false

        var byte: UInt8 { place < bytes.count ? bytes[place] : 0 }

        mutating func space() {
            while place < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { place += 1 }
        }

        mutating func expect(_ text: String) throws {
            guard bytes[place...].starts(with: text.utf8) else { throw Invalid() }
            place += text.utf8.count
        }

        mutating func value(depth: Int) throws -> PlainJSON {
            guard place < bytes.count else { throw Invalid() }
            let start = place
            switch byte {
            case 0x22: return .text(try string())
            case 0x74:
                try expect("true")
                return .boolean(true)
            case 0x66:
                try expect("false")
                return .boolean(false)
            case 0x6E:
                try expect("null")
                return .null
            case 0x5B:
                guard depth < 1_000 else { throw Invalid() }
                try members(0x5D) { parser in _ = try parser.value(depth: depth + 1) }
                return .array(raw: Array(bytes[start..<place]))
            case 0x7B:
                guard depth < 1_000 else { throw Invalid() }
                var found: [(key: [UInt8], value: PlainJSON)] = []
                try members(0x7D) { parser in
                    let key = try parser.string()
                    parser.space()
                    try parser.expect(":")
                    parser.space()
                    found.append((key, try parser.value(depth: depth + 1)))
                }
                return .object(found, raw: Array(bytes[start..<place]))
            default: return .number(try number())
            }
        }

        mutating func members(_ closing: UInt8, _ member: (inout Parser) throws -> Void) throws {
            place += 1
            space()
            if byte == closing {
                place += 1
                return
            }
            while true {
                try member(&self)
                space()
                if byte == closing {
                    place += 1
                    return
                }
                try expect(",")
                space()
            }
        }

        mutating func number() throws -> String {
            let start = place
            if byte == 0x2D { place += 1 }
            if byte == 0x30 { place += 1 } else { try digits() }
            if byte == 0x2E {
                place += 1
                try digits()
            }
            if byte == 0x65 || byte == 0x45 {
                place += 1
                if byte == 0x2B || byte == 0x2D { place += 1 }
                try digits()
            }
            return String(decoding: bytes[start..<place], as: UTF8.self)
        }

        mutating func digits() throws {
            guard (0x30...0x39).contains(byte) else { throw Invalid() }
            while (0x30...0x39).contains(byte) { place += 1 }
        }

        mutating func string() throws -> [UInt8] {
            try expect("\"")
            // UTF-16 units where escaped, bytes where not: surrogates are joined at the end of a run of units.
            var text: [UInt8] = []
            var high: UInt32?
            func close(_ parser: inout Parser) {
                guard high != nil else { return }
                high = nil
                parser.hasLoneSurrogate = true
                text += Array("\u{FFFD}".utf8)
            }
            while true {
                guard place < bytes.count, byte >= 0x20 else { throw Invalid() }
                let found = byte
                place += 1
                if found == 0x22 {
                    close(&self)
                    return text
                }
                guard found == 0x5C else {
                    close(&self)
                    text.append(found)
                    continue
                }
                let letter = byte
                place += 1
                if letter == 0x75 {
                    guard place + 4 <= bytes.count,
                        let unit = UInt32(String(decoding: bytes[place..<place + 4], as: UTF8.self), radix: 16),
                        bytes[place..<place + 4].allSatisfy({ $0 != 0x2B && $0 != 0x2D })
                    else { throw Invalid() }
                    place += 4
                    if let first = high, (0xDC00..<0xE000).contains(unit) {
                        let scalar = 0x10000 + (first - 0xD800) * 0x400 + (unit - 0xDC00)
                        text += Array(String(Unicode.Scalar(scalar).map { Character($0) } ?? "?").utf8)
                        high = nil
                        continue
                    }
                    close(&self)
                    if (0xD800..<0xDC00).contains(unit) {
                        high = unit
                    } else if let scalar = Unicode.Scalar(unit) {
                        text += Array(String(Character(scalar)).utf8)
                    } else {
                        hasLoneSurrogate = true
                        text += Array("\u{FFFD}".utf8)
                    }
                    continue
                }
                close(&self)
                let meanings: [UInt8: UInt8] = [
                    0x22: 0x22, 0x5C: 0x5C, 0x2F: 0x2F, 0x62: 8, 0x66: 12, 0x6E: 10, 0x72: 13, 0x74: 9,
                ]
                guard let meaning = meanings[letter] else { throw Invalid() }
                text.append(meaning)
            }
        }
    }
}

extension PlainJSON {
    /// What a column of a type makes of the value.
    func value(as type: LogicalType) -> Value {
        switch (self, type) {
        case (.null, _): return .missing
        case (.boolean(let bit), .boolean): return .boolean(bit)
        case (.number(let text), .int64):
            if let number = Int64(text) { return .integer(Int128(number)) }
        case (.number(let text), .float64):
            if let number = Double(text), number.isFinite { return .float(number) }
        case (.number(let text), .decimal(_, let scale)):
            if let number = DecimalNumber(text)?.rescaled(to: scale) { return .decimal(number) }
        case (.text(let bytes), .date):
            if let days = bytes.trimmed.withUnsafeBytes({ CivilTime.parseDate($0) }) { return .date(days: Int(days)) }
        case (.text(let bytes), .timestamp):
            if let reading = bytes.trimmed.withUnsafeBytes({ CivilTime.parseTimestamp($0) }) {
                return .timestamp(microseconds: reading.local - Int64(reading.offset ?? 0) * 1_000_000)
            }
        default: break
        }
        switch self {
        case .null: return .missing
        case .boolean(let bit): return .text(bit ? "true" : "false")
        case .number(let text): return .text(text)
        case .text(let bytes), .array(let bytes), .object(_, let bytes):
            return .text(String(decoding: bytes, as: UTF8.self))
        }
    }
}

extension [UInt8] {
    /// Without spaces and tabs at either end.
    fileprivate var trimmed: ArraySlice<UInt8> {
        let isInside = { (byte: UInt8) in byte != 0x20 && byte != 0x09 }
        guard let first = firstIndex(where: isInside), let last = lastIndex(where: isInside) else { return [] }
        return self[first...last]
    }
}
