/// A pattern in PCRE2's spelling, where Python's is another one: `\Z` is `\z`, and `\u00e9` and `\U000000e9` are `\x{…}`.
struct PatternSpelling {
    /// As PCRE2 reads it.
    private(set) var bytes: [UInt8] = []
    /// Where in `bytes` something longer or shorter was written, and by how much what follows has moved.
    private var moves: [(end: Int, distance: Int)] = []
    private let pattern: [UInt8]

    init(_ pattern: String) {
        self.pattern = Array(pattern.utf8)
        bytes.reserveCapacity(self.pattern.count)
        var index = 0
        while index < self.pattern.count { index = pass(index) }
    }

    /// Takes over what stands at a place; gives the place behind.
    private mutating func pass(_ index: Int) -> Int {
        guard pattern[index] == UInt8(ascii: "\\"), index + 1 < pattern.count else {
            bytes.append(pattern[index])
            return index + 1
        }
        let letter = pattern[index + 1]
        switch letter {
        case UInt8(ascii: "Q"):
            // Up to \E nothing has a meaning.
            let end = (index + 2..<pattern.count).first { pattern[$0...].starts(with: [0x5C, 0x45]) } ?? pattern.count
            bytes += pattern[index..<end]
            return end
        case UInt8(ascii: "Z"): bytes += [0x5C, UInt8(ascii: "z")]
        case UInt8(ascii: "u"): return passCharacter(index, digits: 4)
        case UInt8(ascii: "U"): return passCharacter(index, digits: 8)
        default: bytes += [0x5C, letter]
        }
        return index + 2
    }

    private mutating func passCharacter(_ index: Int, digits: Int) -> Int {
        let number = pattern[(index + 2)...].prefix(digits)
        guard number.count == digits, number.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else {
            bytes += pattern[index..<index + 2]
            return index + 2
        }
        bytes += Array("\\x{".utf8) + number + Array("}".utf8)
        moves.append((bytes.count, (moves.last?.distance ?? 0) + 2))
        return number.endIndex
    }

    /// The character of the pattern, from 0, that stands at a byte of PCRE2's spelling.
    func offset(ofByte position: Int) -> Int {
        let distance = moves.last { $0.end <= position }?.distance ?? 0
        return String(decoding: pattern.prefix(max(0, position - distance)), as: UTF8.self).unicodeScalars.count
    }
}
