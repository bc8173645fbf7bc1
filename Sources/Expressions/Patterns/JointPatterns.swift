public import Tables

/// Patterns that are looked for in the same texts, each text being read once for all of them.
///
/// Simple patterns, plain words and alternatives of these are answered for; what else PCRE2 knows is left to PCRE2.
public struct JointPatterns: Sendable {
    /// The expressions that are answered for, by their places.
    public let answered: [Int]
    let table: PatternTable
    /// For each pattern of the table the place in `answered` of the expression that it belongs to; ascending.
    let owners: [UInt32]
    /// For each byte its class: no pattern tells bytes of one class apart.
    let classes: [UInt8]
    let classCount: Int
    public init(_ expressions: [RegularExpression]) {
        var table = PatternTable()
        var owners: [UInt32] = []
        var answered: [Int] = []
        for (place, expression) in expressions.enumerated() {
            guard let parts = Self.parts(of: expression), owners.count + parts.count <= Self.mostPatterns else {
                continue
            }
            for part in parts {
                switch part {
                case .simple(let pattern): table.append(pattern)
                case .word(let word): table.append(word)
                }
                owners.append(UInt32(answered.count))
            }
            answered.append(place)
        }
        self.table = table
        self.owners = owners
        self.answered = answered
        (classes, classCount) = Self.classes(table.characters)
    }

    private enum Part {
        case simple(SimplePattern)
        case word(WordPattern)
    }

    /// Patterns of which one at least matches where an expression does; `nil` where that takes PCRE2.
    ///
    /// A bar that separates no alternatives, in a class or behind a backslash, leaves parts that are no patterns.
    private static func parts(of expression: RegularExpression) -> [Part]? {
        if let simple = expression.simple { return [.simple(simple)] }
        if let word = WordPattern(expression.pattern) { return [.word(word)] }
        var parts: [Part] = []
        for text in expression.pattern.split(separator: "|", omittingEmptySubsequences: false) {
            if let simple = SimplePattern(String(text)) {
                parts.append(.simple(simple))
            } else if let word = WordPattern(String(text)) {
                parts.append(.word(word))
            } else {
                return nil
            }
        }
        return parts
    }

    /// What a standing has room for.
    private static let mostPatterns = 1 << 24

    /// What a batch of a few texts may cost as well.
    private static let leastCost = 1 << 16

    /// Texts that are longer are not read: PCRE2 may give up a search in them, and must be asked.
    private static let longestText = 1_024

    /// The marked cells by the expressions, of those that are answered for, which they match; and the cells that were not read, as
    /// they are no ASCII, or long.
    ///
    /// `nil` where reading the cells by all patterns at once costs more than by one after another.
    public func matches(of cells: TextCells, in rows: Bitmap) -> (matches: JointMatches, unread: Bitmap)? {
        var automaton = JointAutomaton(self, costLimit: Self.leastCost + cells.count * table.count / 4)
        var unread = Bitmap(repeating: false, count: cells.count)
        var states = [UInt32](repeating: JointMatches.noGroup, count: cells.count)
        let isDone = cells.withCells { bytes, starts, lengths in
            for index in rows.words.indices {
                var word = rows.words[index]
                while word != 0 {
                    let row = index &* 64 &+ word.trailingZeroBitCount
                    word &= word &- 1
                    let start = Int(starts[row])
                    let text = UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(lengths[row])])
                    guard text.count <= Self.longestText, Self.isASCII(text) else {
                        unread[row] = true
                        continue
                    }
                    guard let state = automaton.read(text) else { return false }
                    states[row] = UInt32(truncatingIfNeeded: state)
                }
            }
            return true
        }
        guard isDone else { return nil }
        return (JointMatches(groups: states, tests: automaton.matches, testCount: answered.count), unread)
    }

    @inline(__always)
    private static func isASCII(_ text: UnsafeRawBufferPointer) -> Bool {
        var bits: UInt8 = 0
        for byte in text { bits |= byte }
        return bits < 0x80
    }

    /// Bytes that are in the same classes of characters have the same number.
    private static func classes(_ characters: Set<UInt128>) -> ([UInt8], Int) {
        let all = Array(characters.union([ASCIIClass.lineFeed.bits]))
        var numbers: [[UInt64]: UInt8] = [:]
        var classes: [UInt8] = []
        for byte in 0..<0x80 as Range<UInt128> {
            var signature = [UInt64](repeating: 0, count: all.count / 64 + 1)
            for (number, bits) in all.enumerated() where bits >> byte & 1 == 1 {
                signature[number / 64] |= 1 << UInt64(number % 64)
            }
            let number = numbers[signature] ?? UInt8(numbers.count)
            numbers[signature] = number
            classes.append(number)
        }
        return (classes, numbers.count)
    }
}
