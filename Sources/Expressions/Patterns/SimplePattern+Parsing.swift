extension SimplePattern {
    /// Reads a pattern that PCRE2 has accepted; `nil` where it isn't simple, or is written in a way not known here.
    init?(_ pattern: String) {
        var reader = PatternReader(Array(pattern.utf8))
        guard let (steps, end) = reader.read() else { return nil }
        self.init(steps, end: end)
    }
}

/// Reads the part of PCRE2's syntax that simple patterns are written in, and gives up at anything else.
private struct PatternReader {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    private var byte: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func take(_ text: StaticString) -> Bool {
        let isNext = text.withUTF8Buffer { bytes[place...].starts(with: $0) }
        if isNext { place += text.utf8CodeUnitCount }
        return isNext
    }

    mutating func read() -> (steps: [SimplePattern.Step], end: SimplePattern.End)? {
        guard take("^") || take("\\A") else { return nil }
        var steps: [SimplePattern.Step] = []
        while place < bytes.count {
            if let end = takeEnd() { return place == bytes.count ? (steps, end) : nil }
            guard let characters = atom(), let (minimum, maximum) = count() else { return nil }
            steps.append(SimplePattern.Step(characters: characters, minimum: minimum, maximum: maximum))
        }
        return (steps, .open)
    }

    private mutating func takeEnd() -> SimplePattern.End? {
        if take("$") { return .line }
        return take("\\z") ? .text : nil
    }

    /// A character, an escape or a class.
    private mutating func atom() -> ASCIIClass? {
        guard let byte else { return nil }
        place += 1
        switch byte {
        case 0x5B: return bracketed()
        case 0x5C: return escape()
        case 0x2E: return ASCIIClass.lineFeed.inverted
        // `$ ( ) * + ? ] ^ { | }` mean something, or may.
        case 0x24, 0x28...0x2B, 0x3F, 0x5D, 0x5E, 0x7B...0x7D: return nil
        case 0x20...0x7E: return .byte(byte)
        default: return nil
        }
    }

    /// What a backslash makes of the next character.
    private mutating func escape() -> ASCIIClass? {
        guard let byte else { return nil }
        place += 1
        switch byte {
        case 0x64: return .digits
        case 0x44: return ASCIIClass.digits.inverted
        case 0x77: return .wordCharacters
        case 0x57: return ASCIIClass.wordCharacters.inverted
        case 0x73: return .space
        case 0x53: return ASCIIClass.space.inverted
        case 0x74: return .byte(0x09)
        case 0x6E: return .byte(0x0A)
        case 0x72: return .byte(0x0D)
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: return nil
        case 0x20...0x7E: return .byte(byte)
        default: return nil
        }
    }

    /// A class behind its opening bracket.
    private mutating func bracketed() -> ASCIIClass? {
        let isInverted = take("^")
        var characters = ASCIIClass()
        var isFirst = true
        while let byte, isFirst || byte != 0x5D {
            place += 1
            switch byte {
            case 0x5C:
                guard let escaped = escape() else { return nil }
                // What a range from or to an escape means is not worth knowing.
                if self.byte == 0x2D, place + 1 < bytes.count, bytes[place + 1] != 0x5D { return nil }
                characters = characters.union(escaped)
            // A hyphen that stands first or last is one.
            case 0x2D where isFirst || self.byte == 0x5D: characters = characters.union(.byte(byte))
            // A bracket, which may begin a class by name.
            case 0x2D, 0x5B, 0x5D: return nil
            case 0x20...0x7E:
                guard let range = range(from: byte) else { return nil }
                characters = characters.union(ASCIIClass(range))
            default: return nil
            }
            isFirst = false
        }
        guard take("]") else { return nil }
        return isInverted ? characters.inverted : characters
    }

    /// A character of a class, or a range that begins with it.
    private mutating func range(from first: UInt8) -> ClosedRange<UInt8>? {
        guard byte == 0x2D, place + 1 < bytes.count, bytes[place + 1] != 0x5D else { return first...first }
        let last = bytes[place + 1]
        guard (0x20...0x7E).contains(last), last != 0x5C, last != 0x5B, first <= last else { return nil }
        place += 2
        return first...last
    }

    /// How often the atom may occur.
    private mutating func count() -> (Int, Int)? {
        let count: (Int, Int)
        switch byte {
        case 0x2A: count = (0, .max)
        case 0x2B: count = (1, .max)
        case 0x3F: count = (0, 1)
        case 0x7B: return braced()
        default: return (1, 1)
        }
        place += 1
        return isLazyOrPossessive ? nil : count
    }

    /// `{n}`, `{n,}` or `{n,m}`.
    private mutating func braced() -> (Int, Int)? {
        place += 1
        guard let minimum = number() else { return nil }
        var maximum = minimum
        if take(",") {
            if byte == 0x7D {
                maximum = .max
            } else {
                guard let limit = number(), limit >= minimum else { return nil }
                maximum = limit
            }
        }
        guard take("}"), !isLazyOrPossessive else { return nil }
        return (minimum, maximum)
    }

    private var isLazyOrPossessive: Bool { byte == 0x3F || byte == 0x2B || byte == 0x2A || byte == 0x7B }

    /// At most five digits, as PCRE2's counts have.
    private mutating func number() -> Int? {
        let digits = bytes[place...].prefix { $0 &- 0x30 <= 9 }
        guard (1...5).contains(digits.count) else { return nil }
        place += digits.count
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
}
