import Tables

/// What is wrong with a text that should be JSON.
enum JSONMistake: UInt8, Sendable {
    case endsEarly, noValue, noKey, noColon, noSeparatorInObject, noSeparatorInArray, badNumber, badEscape
    case controlCharacter, tooDeep, textBehind, textBehindArray, unclosedArray

    var text: String {
        switch self {
        case .endsEarly: "it ends in the middle"
        case .noValue: "expected a value"
        case .noKey: "expected a key in quotes"
        case .noColon: "expected a colon behind the key"
        case .noSeparatorInObject: "expected a comma or }"
        case .noSeparatorInArray: "expected a comma or ]"
        case .badNumber: "a number is not written as JSON has it"
        case .badEscape: "there is no such escape"
        case .controlCharacter: "a control character in a text, not escaped"
        case .tooDeep: "nested more than \(JSONScanner.maximumDepth) deep"
        case .textBehind: "text behind the value"
        case .textBehindArray: "text behind the end of the array"
        case .unclosedArray: "the array around the rows is not closed"
        }
    }
}

/// Walks over values as RFC 8259 has them, and nothing laxer.
///
/// Places are indices into `bytes`; a walk gives the place behind what it passed over, or -1 where that is no JSON
/// (`mistake` and `mistakePlace` then say why). Every walk ends at the first byte that cannot go on, and the bytes from `end`
/// on are a line feed and zeros (`padding`), which go on with nothing but space: no loop leaves the buffer, whatever the bytes
/// before are.
struct JSONScanner {
    /// Values that lie inside more than so many others are refused.
    static let maximumDepth = 1_000

    /// What stands behind the last byte of a buffer that is scanned: blocks of 16 are read across its end, and the
    /// extractor compares up to 32 bytes at once.
    static let padding: [UInt8] = [0x0A] + [UInt8](repeating: 0, count: 63)

    let bytes: UnsafeRawBufferPointer
    /// Where the text ends; the scanner may look at, but never passes, what stands there.
    var end: Int
    /// A line feed where it is space; where it ends the text, another space once more.
    private let fourthSpace: UInt8
    private(set) var mistake = JSONMistake.endsEarly
    private(set) var mistakePlace = 0
    /// Whether the last string had a backslash.
    private(set) var isEscaped = false
    /// Where half of a surrogate pair was met.
    var loneSurrogate: Int?
    /// How deep the walk is already.
    var depth = 0
    /// For each container around the current place, whether it is an object.
    private let containers: UnsafeMutableBufferPointer<Bool>

    /// `bytes` reach `padding` further than `end`; `containers` has `maximumDepth` entries.
    init(
        _ bytes: UnsafeRawBufferPointer, end: Int, isLine: Bool, containers: UnsafeMutableBufferPointer<Bool>
    ) {
        precondition(end + Self.padding.count <= bytes.count, "the scanner reads blocks across the end")
        precondition(containers.count >= Self.maximumDepth, "an entry for every level")
        self.bytes = bytes
        self.end = end
        self.fourthSpace = isLine ? 0x20 : 0x0A
        self.containers = containers
    }

    @inline(never)
    mutating func fail(_ mistake: JSONMistake, at place: Int) -> Int {
        let endsHere = place >= end || isAtEnd(place)
        self.mistake = endsHere && mistake != .tooDeep && mistake != .textBehind ? .endsEarly : mistake
        mistakePlace = min(place, end)
        return -1
    }

    /// Whether the text ends at a place: with the buffer, or the line.
    @inline(__always)
    func isAtEnd(_ place: Int) -> Bool { place == end || (bytes[place] == 0x0A && fourthSpace == 0x20) }

    /// White space by RFC 8259.
    @inline(__always)
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

    /// Passes over white space.
    @inline(__always)
    func space(_ start: Int) -> Int {
        if bytes[start] > 0x20 { return start }
        return longSpace(start)
    }

    private func longSpace(_ start: Int) -> Int {
        var place = start
        while place < end {
            let byte = bytes[place]
            guard byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == fourthSpace else { break }
            place &+= 1
        }
        return place
    }

    /// Passes over the inside of a string; gives the place of its closing quote.
    @inline(__always)
    mutating func string(_ start: Int) -> Int {
        let place = firstSpecial(start)
        isEscaped = false
        if bytes[place] == 0x22, place < end { return place }
        return longString(place)
    }

    /// The first quote, backslash or control character.
    @inline(__always)
    private func firstSpecial(_ start: Int) -> Int {
        var place = start
        while true {
            let block = bytes.loadUnaligned(fromByteOffset: place, as: SIMD16<UInt8>.self)
            let marks =
                (block .== ByteBlock.all(0x22)) .| (block .== ByteBlock.all(0x5C)) .| (block .< ByteBlock.all(0x20))
            if let first = ByteBlock.first(marks) { return place &+ first }
            place &+= 16
        }
    }

    @inline(never)
    private mutating func longString(_ start: Int) -> Int {
        var place = start
        while place < end {
            let byte = bytes[place]
            if byte == 0x22 { return place }
            guard byte == 0x5C else { return fail(.controlCharacter, at: place) }
            isEscaped = true
            place = escape(place)
            if place < 0 { return -1 }
            place = firstSpecial(place)
        }
        return fail(.endsEarly, at: place)
    }

    /// Passes over an escape, a surrogate pair being one.
    private mutating func escape(_ start: Int) -> Int {
        switch bytes[start &+ 1] {
        case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74: return start &+ 2
        case 0x75: break
        default: return fail(.badEscape, at: start &+ 1)
        }
        guard let first = Self.hexadecimal(bytes, start &+ 2) else { return fail(.badEscape, at: start &+ 2) }
        guard first & 0xF800 == 0xD800 else { return start &+ 6 }
        if first < 0xDC00, bytes[start &+ 6] == 0x5C, bytes[start &+ 7] == 0x75,
            let second = Self.hexadecimal(bytes, start &+ 8), second & 0xFC00 == 0xDC00
        {
            return start &+ 12
        }
        loneSurrogate = loneSurrogate ?? start
        return start &+ 6
    }

    /// Four hexadecimal digits.
    static func hexadecimal(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> UInt32? {
        var value: UInt32 = 0
        for place in start..<start + 4 {
            let byte = bytes[place]
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte &- 0x30
            case 0x41...0x46: digit = byte &- 0x37
            case 0x61...0x66: digit = byte &- 0x57
            default: return nil
            }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    /// Passes over a number; `isWhole` where it has neither fraction nor exponent.
    @inline(__always)
    mutating func number(_ start: Int, isWhole: inout Bool) -> Int {
        var place = bytes[start] == 0x2D ? start &+ 1 : start
        let first = bytes[place] &- 0x30
        guard first <= 9 else { return fail(.badNumber, at: place) }
        place &+= 1
        if first != 0 { place = digits(place) } else if bytes[place] &- 0x30 <= 9 { return fail(.badNumber, at: place) }
        isWhole = true
        if bytes[place] == 0x2E {
            isWhole = false
            guard bytes[place &+ 1] &- 0x30 <= 9 else { return fail(.badNumber, at: place &+ 1) }
            place = digits(place &+ 2)
        }
        if bytes[place] | 0x20 == 0x65 {
            isWhole = false
            place &+= 1
            if bytes[place] == 0x2B || bytes[place] == 0x2D { place &+= 1 }
            guard bytes[place] &- 0x30 <= 9 else { return fail(.badNumber, at: place) }
            place = digits(place &+ 1)
        }
        return place
    }

    @inline(__always)
    private func digits(_ start: Int) -> Int {
        var place = start
        while bytes[place] &- 0x30 <= 9 { place &+= 1 }
        return place
    }

    /// Passes over `true`, `false` or `null`.
    @inline(__always)
    mutating func word(_ start: Int) -> Int {
        let four = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt32.self))
        if four == 0x6C6C_756E || four == 0x6575_7274 { return start &+ 4 }
        if four == 0x736C_6166, bytes[start &+ 4] == 0x65 { return start &+ 5 }
        return fail(.noValue, at: start)
    }

    /// Passes over any value, without looking at more of it than its form.
    mutating func value(_ start: Int) -> Int {
        var place = space(start)
        var level = depth
        while true {
            let byte = bytes[place]
            switch byte {
            case 0x22:
                place = string(place &+ 1)
                if place < 0 { return -1 }
                place &+= 1
            case 0x7B, 0x5B:
                guard level < Self.maximumDepth else { return fail(.tooDeep, at: place) }
                containers[level] = byte == 0x7B
                level &+= 1
                place = space(place &+ 1)
                // `{` and `}`, `[` and `]` are two apart.
                guard bytes[place] == byte &+ 2 else {
                    if byte == 0x7B { place = key(place) }
                    if place < 0 { return -1 }
                    continue
                }
                level &-= 1
                place &+= 1
            case 0x2D, 0x30...0x39:
                var isWhole = false
                place = number(place, isWhole: &isWhole)
                if place < 0 { return -1 }
            default:
                place = word(place)
                if place < 0 { return -1 }
            }
            if level == depth { return place }
            place = behindValue(place, &level)
            if place < 0 || level == depth { return place }
        }
    }

    /// Goes on to the next value of the containers around, or behind the last of them.
    @inline(__always)
    private mutating func behindValue(_ start: Int, _ level: inout Int) -> Int {
        var place = start
        while level > depth {
            place = space(place)
            let isObject = containers[level &- 1]
            let byte = bytes[place]
            if byte == 0x2C {
                place = space(place &+ 1)
                return isObject ? key(place) : place
            }
            guard byte == (isObject ? 0x7D : 0x5D) else {
                return fail(isObject ? .noSeparatorInObject : .noSeparatorInArray, at: place)
            }
            level &-= 1
            place &+= 1
        }
        return place
    }

    /// Passes over a key, its colon, and the space around that.
    @inline(__always)
    private mutating func key(_ start: Int) -> Int {
        guard bytes[start] == 0x22 else { return fail(.noKey, at: start) }
        var place = string(start &+ 1)
        if place < 0 { return -1 }
        place = space(place &+ 1)
        guard bytes[place] == 0x3A else { return fail(.noColon, at: place) }
        return space(place &+ 1)
    }
}

extension JSONScanner {
    /// Room for the levels of one walk after another, for the length of `body`.
    static func withContainers<Result>(_ body: (UnsafeMutableBufferPointer<Bool>) -> Result) -> Result {
        withUnsafeTemporaryAllocation(of: Bool.self, capacity: maximumDepth, body)
    }

    /// What is wrong with a whole text of one value, and at which byte from 0; `nil` for JSON.
    static func mistake(in text: [UInt8]) -> (mistake: JSONMistake, place: Int)? {
        (text + padding).withUnsafeBytes { bytes in
            withContainers { containers in
                var scanner = JSONScanner(bytes, end: text.count, isLine: false, containers: containers)
                var place = scanner.value(0)
                if place >= 0 {
                    place = scanner.space(place)
                    if place != text.count { place = scanner.fail(.textBehind, at: place) }
                }
                return place < 0 ? (scanner.mistake, scanner.mistakePlace) : nil
            }
        }
    }
}
