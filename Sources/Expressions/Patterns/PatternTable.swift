/// Simple patterns and words laid out flat, and how each moves on by a byte.
///
/// Simple patterns are determined: behind each byte there is one place in the pattern where they stand, or none. So are words, by
/// how much of them the text ends with.
struct PatternTable: Sendable {
    private struct Entry: Sendable {
        let isWord: Bool
        /// Where its steps, or the bytes of its word, begin.
        let first: Int
        let count: Int
        let end: SimplePattern.End
    }

    private var entries: [Entry] = []
    private var steps: [SimplePattern.Step] = []
    private var bytes: [UInt8] = []
    /// For each byte of a word, how long the longest shorter beginning is that the word ends with before it.
    private var shorter: [Int] = []
    /// For each byte, the words that begin with it, ascending.
    private var words = [[Int]](repeating: [], count: 0x80)

    typealias Standing = JointAutomaton.Standing

    var count: Int { entries.count }

    /// The classes of characters that patterns ask for.
    var characters: Set<UInt128> {
        Set(steps.map(\.characters.bits)).union(bytes.map { ASCIIClass.byte($0).bits })
    }

    mutating func append(_ pattern: SimplePattern) {
        entries.append(Entry(isWord: false, first: steps.count, count: pattern.steps.count, end: pattern.end))
        steps += pattern.steps
    }

    mutating func append(_ word: WordPattern) {
        words[Int(word.bytes[0])].append(entries.count)
        entries.append(Entry(isWord: true, first: bytes.count, count: word.bytes.count, end: .open))
        bytes += word.bytes
        shorter += word.shorter
    }

    /// Where the patterns stand before a text: simple ones at their first step.
    var beginning: [Standing] {
        entries.indices.filter { !entries[$0].isWord }.map { settled($0, step: 0, count: 0) }
    }

    func wordsBeginning(with byte: UInt8) -> [Int] { words[Int(byte)] }

    /// Where a word stands of which so many bytes were met.
    func standing(ofWord number: Int, length: Int) -> Standing {
        length < entries[number].count
            ? Standing(pattern: number, step: length, count: 0) : Standing(done: number)
    }

    /// Where a pattern stands behind a byte; `nil` where it can't match any more, or nothing of its word stands there.
    @inline(__always)
    func standing(after standing: Standing, _ byte: UInt8) -> Standing? {
        if standing.isDone { return standing }
        let number = standing.pattern
        let entry = entries[number]
        guard !entry.isWord else { return wordStanding(after: standing, byte, entry) }
        var (index, count) = (standing.step, standing.count)
        while index < entry.count {
            let step = steps[entry.first &+ index]
            if count < step.maximum, step.characters.contains(byte) {
                // Beyond the least count of a class without limit, one more makes no difference.
                let more = step.maximum == .max ? min(count + 1, step.minimum) : count + 1
                return settled(number, step: index, count: more)
            }
            guard count >= step.minimum else { return nil }
            (index, count) = (index + 1, 0)
        }
        // Behind the last step, a line feed may stand last; behind that, nothing.
        return entry.end == .line && byte == 0x0A && standing.step <= entry.count
            ? Standing(pattern: number, step: entry.count + 1, count: 0) : nil
    }

    private func wordStanding(after standing: Standing, _ byte: UInt8, _ entry: Entry) -> Standing? {
        var length = standing.step
        while length > 0, bytes[entry.first + length] != byte { length = shorter[entry.first + length] }
        guard bytes[entry.first + length] == byte else { return nil }
        return self.standing(ofWord: standing.pattern, length: length + 1)
    }

    /// What an open pattern needs no more of is done.
    @inline(__always)
    private func settled(_ number: Int, step: Int, count: Int) -> Standing {
        let standing = Standing(pattern: number, step: step, count: count)
        return entries[number].end == .open && isComplete(entries[number], standing) ? Standing(done: number) : standing
    }

    /// Whether a pattern matches where the text ends.
    func matches(_ standing: Standing) -> Bool {
        if standing.isDone { return true }
        let entry = entries[standing.pattern]
        return !entry.isWord && isComplete(entry, standing)
    }

    private func isComplete(_ entry: Entry, _ standing: Standing) -> Bool {
        guard standing.step < entry.count else { return true }
        guard standing.count >= steps[entry.first + standing.step].minimum else { return false }
        return steps[entry.first + standing.step + 1..<entry.first + entry.count].allSatisfy { $0.minimum == 0 }
    }
}
