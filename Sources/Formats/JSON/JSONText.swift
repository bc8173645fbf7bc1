/// The text that a JSON string stands for.
enum JSONText {
    /// Appends the text of what stands between the quotes of a well-formed string.
    ///
    /// Half of a surrogate pair becomes U+FFFD.
    static func append(_ raw: UnsafeRawBufferPointer, to text: inout [UInt8]) {
        var place = 0
        while place < raw.count {
            let byte = raw[place]
            guard byte == 0x5C else {
                text.append(byte)
                place += 1
                continue
            }
            let letter = raw[place + 1]
            place += 2
            switch letter {
            case 0x62: text.append(0x08)
            case 0x66: text.append(0x0C)
            case 0x6E: text.append(0x0A)
            case 0x72: text.append(0x0D)
            case 0x74: text.append(0x09)
            case 0x75:
                let (scalar, behind) = scalar(raw, place)
                place = behind
                append(scalar, to: &text)
            default: text.append(letter)
            }
        }
    }

    /// The scalar whose hexadecimal digits begin at a place, and where what belongs to it ends.
    private static func scalar(_ raw: UnsafeRawBufferPointer, _ start: Int) -> (UInt32, Int) {
        let first = digits(raw, start)
        guard first & 0xF800 == 0xD800 else { return (first, start + 4) }
        if first < 0xDC00, start + 10 <= raw.count, raw[start + 4] == 0x5C, raw[start + 5] == 0x75 {
            let second = digits(raw, start + 6)
            if second & 0xFC00 == 0xDC00 {
                return (0x10000 + (first & 0x3FF) << 10 + (second & 0x3FF), start + 10)
            }
        }
        return (0xFFFD, start + 4)
    }

    private static func digits(_ raw: UnsafeRawBufferPointer, _ start: Int) -> UInt32 {
        guard let value = JSONScanner.hexadecimal(raw, start) else {
            preconditionFailure("the scanner has passed over the escape")
        }
        return value
    }

    private static func append(_ scalar: UInt32, to text: inout [UInt8]) {
        switch scalar {
        case ..<0x80: text.append(UInt8(scalar))
        case ..<0x800:
            text.append(0xC0 | UInt8(scalar >> 6))
            text.append(0x80 | UInt8(scalar & 0x3F))
        case ..<0x10000:
            text.append(0xE0 | UInt8(scalar >> 12))
            text.append(0x80 | UInt8(scalar >> 6 & 0x3F))
            text.append(0x80 | UInt8(scalar & 0x3F))
        default:
            text.append(0xF0 | UInt8(scalar >> 18))
            text.append(0x80 | UInt8(scalar >> 12 & 0x3F))
            text.append(0x80 | UInt8(scalar >> 6 & 0x3F))
            text.append(0x80 | UInt8(scalar & 0x3F))
        }
    }
}
