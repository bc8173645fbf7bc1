/// Simple patterns side by side: a state is where each of them stands.
///
/// A state is made when a text first leads there, so that a text costs a look into a table a byte, however many patterns there are.
/// One thread's own.
struct JointAutomaton {
    private let patterns: JointPatterns
    private let table: PatternTable
    /// What the making of states has cost, in patterns looked at.
    private var cost = 0
    private let costLimit: Int
    private var states: [[Standing]] = []
    private var numbers: [[Standing]: Int32] = [:]
    /// For each state and class of bytes the next state; −1 where it isn't made.
    private var next: [Int32] = []
    /// Words that the state at hand has the beginning of.
    private var isBegun: [Bool]

    /// Where one pattern stands: its number, then its step, then how often that occurred.
    ///
    /// Patterns that can't match any more, and words of which nothing stands there, have none.
    struct Standing: Hashable {
        private let word: UInt64

        init(pattern: Int, step: Int, count: Int) {
            word = UInt64(pattern) << 40 | UInt64(step) << 24 | UInt64(count)
        }

        /// A pattern that matches whatever follows.
        init(done pattern: Int) { self.init(pattern: pattern, step: 0xFFFF, count: 0) }

        var pattern: Int { Int(word >> 40) }
        var step: Int { Int(word >> 24 & 0xFFFF) }
        var count: Int { Int(word & 0xFF_FFFF) }
        var isDone: Bool { step == 0xFFFF }
    }

    /// More than so many standings are not kept: 8 MiB.
    private static let mostStandings = 1 << 20

    /// `costLimit` is what all states may cost, in patterns looked at.
    init(_ patterns: JointPatterns, costLimit: Int) {
        self.patterns = patterns
        table = patterns.table
        self.costLimit = min(costLimit, Self.mostStandings)
        isBegun = [Bool](repeating: false, count: patterns.table.count)
        _ = number(of: table.beginning)
    }

    /// Reads a text, which is ASCII, and gives the number of the state that it ends in; `nil` where the states have become too many.
    @inline(__always)
    mutating func read(_ text: UnsafeRawBufferPointer) -> Int? {
        var state = 0
        for byte in text {
            let place = state &* patterns.classCount &+ Int(patterns.classes[Int(byte)])
            var following = next[place]
            if following < 0 {
                guard let made = makeNext(of: state, byte) else { return nil }
                following = made
                next[place] = made
            }
            state = Int(following)
        }
        return state
    }

    /// For each state, the expressions that match texts which end in it, each once: those of whose patterns one does.
    var matches: [[UInt32]] {
        states.map { standings in
            var owners: [UInt32] = []
            for standing in standings where table.matches(standing) {
                let owner = patterns.owners[standing.pattern]
                if owners.last != owner { owners.append(owner) }
            }
            return owners
        }
    }

    @inline(never)
    private mutating func makeNext(of state: Int, _ byte: UInt8) -> Int32? {
        let standings = states[state]
        let words = table.wordsBeginning(with: byte)
        cost += standings.count + words.count + 1
        guard cost <= costLimit else { return nil }
        var following: [Standing] = []
        for standing in standings {
            isBegun[standing.pattern] = true
            if let moved = table.standing(after: standing, byte) { following.append(moved) }
        }
        let begun = words.filter { !isBegun[$0] }
        for standing in standings { isBegun[standing.pattern] = false }
        if !begun.isEmpty {
            following += begun.map { table.standing(ofWord: $0, length: 1) }
            following.sort { $0.pattern < $1.pattern }
        }
        return number(of: following)
    }

    private mutating func number(of standings: [Standing]) -> Int32 {
        if let known = numbers[standings] { return known }
        let number = Int32(states.count)
        numbers[standings] = number
        states.append(standings)
        next += repeatElement(-1, count: patterns.classCount)
        return number
    }
}
