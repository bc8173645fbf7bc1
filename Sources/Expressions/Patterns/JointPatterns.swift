public import Tables

/// Patterns that are looked for in the same texts, each text being read once for all of them.
///
/// Simple patterns and plain words are answered for; what else PCRE2 knows is left to PCRE2.
public struct JointPatterns: Sendable {
    private enum Pattern: Sendable {
        case simple(SimplePattern)
        case word(WordPattern)
    }

    /// The expressions that are answered for, by their places.
    public let answered: [Int]
    private let patterns: [Pattern]
    /// For each byte its class: no pattern tells bytes of one class apart.
    let classes: [UInt8]
    let classCount: Int
    /// For each byte, the words that begin with it, ascending.
    private let words: [[Int]]

    public init(_ expressions: [RegularExpression]) {
        var patterns: [Pattern] = []
        var answered: [Int] = []
        for (place, expression) in expressions.enumerated().prefix(Self.mostPatterns) {
            if let simple = expression.simple {
                patterns.append(.simple(simple))
            } else if let word = WordPattern(expression.pattern) {
                patterns.append(.word(word))
            } else {
                continue
            }
            answered.append(place)
        }
        self.patterns = patterns
        self.answered = answered
        (classes, classCount) = Self.classes(of: patterns)
        var words = [[Int]](repeating: [], count: 0x80)
        for (number, pattern) in patterns.enumerated() {
            if case .word(let word) = pattern { words[Int(word.bytes[0])].append(number) }
        }
        self.words = words
    }

    /// What a standing has room for.
    private static let mostPatterns = 1 << 24

    var count: Int { patterns.count }

    /// What a batch of a few texts may cost as well.
    private static let leastCost = 1 << 16

    /// Texts that are longer are not read: PCRE2 may give up a search in them, and must be asked.
    private static let longestText = 1_024

    /// The marked cells by the expressions, of those that are answered for, which they match; and the cells that were not read, as
    /// they are no ASCII, or long.
    ///
    /// `nil` where reading the cells by all patterns at once costs more than by one after another.
    public func matches(of cells: TextCells, in rows: Bitmap) -> (matches: JointMatches, unread: Bitmap)? {
        var automaton = JointAutomaton(self, costLimit: Self.leastCost + cells.count * patterns.count / 4)
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
        return (JointMatches(groups: states, tests: automaton.matches, testCount: patterns.count), unread)
    }

    @inline(__always)
    private static func isASCII(_ text: UnsafeRawBufferPointer) -> Bool {
        var bits: UInt8 = 0
        for byte in text { bits |= byte }
        return bits < 0x80
    }

    /// Bytes that are in the same classes of characters of all patterns.
    private static func classes(of patterns: [Pattern]) -> ([UInt8], Int) {
        var characters: Set<UInt128> = [ASCIIClass.lineFeed.bits]
        for pattern in patterns {
            switch pattern {
            case .simple(let simple): for step in simple.steps { characters.insert(step.characters.bits) }
            case .word(let word): for byte in word.bytes { characters.insert(ASCIIClass.byte(byte).bits) }
            }
        }
        var numbers: [[UInt64]: UInt8] = [:]
        var classes: [UInt8] = []
        let all = Array(characters)
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

extension JointPatterns {
    typealias Standing = JointAutomaton.Standing

    /// Where the patterns stand before a text: simple ones at their first step.
    var beginning: [Standing] {
        patterns.indices.compactMap { number in
            guard case .simple(let pattern) = patterns[number] else { return nil }
            return settled(pattern, number, step: 0, count: 0)
        }
    }

    /// The words that begin with a byte.
    func wordsBeginning(with byte: UInt8) -> [Int] { words[Int(byte)] }

    /// Where a word stands of which some bytes were met.
    func standing(ofWord number: Int, length: Int) -> Standing {
        guard case .word(let word) = patterns[number], length < word.bytes.count else { return Standing(done: number) }
        return Standing(pattern: number, step: length, count: 0)
    }

    /// Where a pattern stands behind a byte; `nil` where it can't match any more, or nothing of its word stands there.
    func standing(after standing: Standing, _ byte: UInt8) -> Standing? {
        if standing.isDone { return standing }
        let number = standing.pattern
        switch patterns[number] {
        case .word(let word):
            let length = word.length(after: standing.step, byte)
            return length == 0 ? nil : self.standing(ofWord: number, length: length)
        case .simple(let pattern):
            var (index, count) = (standing.step, standing.count)
            while index < pattern.steps.count {
                let step = pattern.steps[index]
                if count < step.maximum, step.characters.contains(byte) {
                    // Beyond the least count of a class without limit, one more makes no difference.
                    let more = step.maximum == .max ? min(count + 1, step.minimum) : count + 1
                    return settled(pattern, number, step: index, count: more)
                }
                guard count >= step.minimum else { return nil }
                (index, count) = (index + 1, 0)
            }
            // Behind the last step; a line feed may stand last.
            return pattern.end == .line && byte == 0x0A && standing.step <= pattern.steps.count
                ? Standing(pattern: number, step: pattern.steps.count + 1, count: 0) : nil
        }
    }

    /// What an open pattern needs no more of is done.
    private func settled(_ pattern: SimplePattern, _ number: Int, step: Int, count: Int) -> Standing {
        let standing = Standing(pattern: number, step: step, count: count)
        return pattern.end == .open && isComplete(pattern, standing) ? Standing(done: number) : standing
    }

    /// Whether a pattern matches where the text ends.
    func matches(_ standing: Standing) -> Bool {
        if standing.isDone { return true }
        guard case .simple(let pattern) = patterns[standing.pattern] else { return false }
        return isComplete(pattern, standing)
    }

    private func isComplete(_ pattern: SimplePattern, _ standing: Standing) -> Bool {
        guard standing.step < pattern.steps.count else { return true }
        return standing.count >= pattern.steps[standing.step].minimum
            && pattern.steps[(standing.step + 1)...].allSatisfy { $0.minimum == 0 }
    }
}
