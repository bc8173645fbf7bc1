import Tables

/// Walks over JSON texts (RFC 8259) without taking them apart.
struct JSONScan {
    enum Step: Sendable, Equatable {
        case key([UInt8])
        case item(Int)
    }

    private static let deepest = 200

    private let text: UnsafeRawBufferPointer
    private var place = 0

    private init(_ text: UnsafeRawBufferPointer) { self.text = text }

    // MARK: Validity

    static func isValid(_ text: UnsafeRawBufferPointer) -> Bool {
        var scan = JSONScan(text)
        guard scan.value(depth: 0) else { return false }
        scan.space()
        return scan.place == text.count
    }

    private var byte: UInt8? { place < text.count ? text[place] : nil }

    private mutating func space() {
        while let byte, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { place += 1 }
    }

    private mutating func take(_ wanted: UInt8) -> Bool {
        guard byte == wanted else { return false }
        place += 1
        return true
    }

    private mutating func value(depth: Int) -> Bool {
        space()
        guard depth < Self.deepest, let byte else { return false }
        switch byte {
        case UInt8(ascii: "{"):
            return members { scan in
                scan.space()
                guard scan.string() else { return false }
                scan.space()
                return scan.take(UInt8(ascii: ":")) && scan.value(depth: depth + 1)
            }
        case UInt8(ascii: "["): return members { scan in scan.value(depth: depth + 1) }
        case 0x22: return string()
        case UInt8(ascii: "t"): return word("true")
        case UInt8(ascii: "f"): return word("false")
        case UInt8(ascii: "n"): return word("null")
        default: return number()
        }
    }

    /// What stands in brackets or braces, from the opening one through the closing one.
    private mutating func members(_ member: (inout JSONScan) -> Bool) -> Bool {
        // The closing one is two characters on in ASCII.
        let closing = text[place] + 2
        place += 1
        space()
        if take(closing) { return true }
        repeat {
            guard member(&self) else { return false }
            space()
        } while take(UInt8(ascii: ","))
        return take(closing)
    }

    private mutating func word(_ word: StaticString) -> Bool {
        let end = place + word.utf8CodeUnitCount
        guard end <= text.count, word.withUTF8Buffer({ zip($0, text[place..<end]).allSatisfy(==) }) else {
            return false
        }
        place = end
        return true
    }

    private mutating func string() -> Bool {
        guard take(0x22) else { return false }
        while let byte {
            place += 1
            if byte == 0x22 { return true }
            if byte < 0x20 { return false }
            guard byte == 0x5C else { continue }
            guard let escape = self.byte else { return false }
            place += 1
            switch escape {
            case UInt8(ascii: "u"):
                guard place + 4 <= text.count, text[place..<place + 4].allSatisfy({ Self.hexadecimal($0) != nil })
                else {
                    return false
                }
                place += 4
            case 0x22, 0x5C, 0x2F, UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"),
                UInt8(ascii: "t"):
                break
            default: return false
            }
        }
        return false
    }

    private mutating func digits() -> Bool {
        let start = place
        while let byte, byte &- 0x30 <= 9 { place += 1 }
        return place > start
    }

    private mutating func number() -> Bool {
        _ = take(0x2D)
        if !take(0x30), !digits() { return false }
        if take(0x2E), !digits() { return false }
        if byte == 0x65 || byte == 0x45 {
            place += 1
            if byte == 0x2B || byte == 0x2D { place += 1 }
            return digits()
        }
        return true
    }

    // MARK: Finding, in valid texts

    /// Where the value at the path is in a valid text.
    static func find(_ path: [Step], in text: UnsafeRawBufferPointer) -> Range<Int>? {
        var scan = JSONScan(text)
        scan.space()
        for step in path {
            guard scan.enter(step) else { return nil }
        }
        let start = scan.place
        return scan.value(depth: 0) && scan.place > start ? start..<scan.place : nil
    }

    /// Goes to where a member's value begins; of a key that repeats, the last.
    private mutating func enter(_ step: Step) -> Bool {
        var found: Int?
        var index = 0
        switch (step, byte) {
        case (.key(let key), UInt8(ascii: "{")):
            _ = members { scan in
                scan.space()
                let start = scan.place
                guard scan.string() else { return false }
                let isWanted = scan.isKey(key, start..<scan.place)
                scan.space()
                guard scan.take(UInt8(ascii: ":")) else { return false }
                scan.space()
                if isWanted { found = scan.place }
                return scan.value(depth: 0)
            }
        case (.item(let wanted), UInt8(ascii: "[")):
            _ = members { scan in
                scan.space()
                if index == wanted { found = scan.place }
                index += 1
                return scan.value(depth: 0)
            }
        default: return false
        }
        guard let found else { return false }
        place = found
        return true
    }

    private func isKey(_ key: [UInt8], _ range: Range<Int>) -> Bool {
        let written = text[range.lowerBound + 1..<range.upperBound - 1]
        if !written.contains(0x5C) { return written.elementsEqual(key) }
        var builder = TextBuilder(count: 1)
        Self.unescape(UnsafeRawBufferPointer(rebasing: text[range]), into: &builder)
        builder.endRow()
        return builder.cells().bytes == key
    }

    static func itemCount(_ array: UnsafeRawBufferPointer) -> Int {
        var scan = JSONScan(array)
        var count = 0
        _ = scan.members { scan in
            count += 1
            return scan.value(depth: 0)
        }
        return count
    }

    static func kind(_ first: UInt8) -> String {
        switch first {
        case UInt8(ascii: "{"): "object"
        case UInt8(ascii: "["): "array"
        case 0x22: "string"
        case UInt8(ascii: "t"), UInt8(ascii: "f"): "boolean"
        case UInt8(ascii: "n"): "null"
        default: "number"
        }
    }

    // MARK: Strings

    private static func hexadecimal(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x30...0x39: UInt32(byte - 0x30)
        case 0x41...0x46: UInt32(byte - 0x37)
        case 0x61...0x66: UInt32(byte - 0x57)
        default: nil
        }
    }

    /// Appends the characters of a valid string with its quotes; half of a surrogate pair becomes U+FFFD.
    static func unescape(_ string: UnsafeRawBufferPointer, into builder: inout TextBuilder) {
        var place = 1
        let end = string.count - 1
        while place < end {
            let byte = string[place]
            place += 1
            guard byte == 0x5C, place < end else {
                builder.append(byte)
                continue
            }
            let escape = string[place]
            place += 1
            switch escape {
            case UInt8(ascii: "n"): builder.append(0x0A as UInt8)
            case UInt8(ascii: "t"): builder.append(0x09 as UInt8)
            case UInt8(ascii: "r"): builder.append(0x0D as UInt8)
            case UInt8(ascii: "b"): builder.append(0x08 as UInt8)
            case UInt8(ascii: "f"): builder.append(0x0C as UInt8)
            case UInt8(ascii: "u"):
                let first = unit(string, place)
                place += 4
                let isPair =
                    first & 0xFC00 == 0xD800 && place + 6 <= end && string[place] == 0x5C
                    && string[place + 1] == UInt8(ascii: "u") && unit(string, place + 2) & 0xFC00 == 0xDC00
                var code = first
                if isPair {
                    code = 0x10000 + (first & 0x3FF) << 10 + (unit(string, place + 2) & 0x3FF)
                    place += 6
                }
                builder.append(Unicode.Scalar(code) ?? "\u{FFFD}")
            default: builder.append(escape)
            }
        }
    }

    /// The number that four hexadecimal digits make.
    private static func unit(_ text: UnsafeRawBufferPointer, _ place: Int) -> UInt32 {
        guard place + 4 <= text.count else { return 0 }
        return text[place..<place + 4].reduce(0) { $0 << 4 | (hexadecimal($1) ?? 0) }
    }
}
