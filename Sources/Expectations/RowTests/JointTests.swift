import Expressions
import Tables

/// Tests of one column's values that share their work: each value is looked at once for all of them.
struct JointTests: Sendable {
    private enum Work: Sendable {
        case sets(JointSets, [SetTest])
        case patterns(JointPatterns, [PatternTest])
    }

    /// The tests, by their places among all.
    let places: [Int]
    private let work: Work

    /// So many tests of a sort are worth it.
    static let fewest = 8

    /// The tests among some that share their work.
    static func all(_ tests: [any RowTest]) -> [JointTests] {
        [
            group(tests) { (sets: [SetTest]) in
                JointSets(sets.map(\.set)).map { (Array(sets.indices), .sets($0, sets)) }
            },
            group(tests) { (all: [PatternTest]) in
                let joint = JointPatterns(all.map(\.expression))
                return (joint.answered, .patterns(joint, joint.answered.map { all[$0] }))
            },
        ].compactMap { $0 }
    }

    /// What becomes of the tests of a sort; `make` tells which of them share their work.
    private static func group<Test: RowTest>(
        _ tests: [any RowTest], _ make: ([Test]) -> (members: [Int], Work)?
    ) -> JointTests? {
        let found = tests.enumerated().compactMap { place, test in (test as? Test).map { (place, $0) } }
        guard found.count >= fewest, let (members, work) = make(found.map(\.1)), members.count >= fewest else {
            return nil
        }
        return JointTests(places: members.map { found[$0].0 }, work: work)
    }

    /// What the tests say of a column; `nil` where they are better asked one by one.
    ///
    /// All rows with a value are considered, and none is undecided.
    func judge(_ column: Column) -> JointVerdicts? {
        switch work {
        case .sets(let joint, let tests):
            return JointVerdicts(
                joint.members(of: column), wanted: tests.map(\.wantsMember), considered: column.present,
                alwaysUnexpected: column.uncomparable, rest: nil)
        case .patterns(let joint, let tests):
            let texts = column.texts
            guard let (matches, unread) = joint.matches(of: texts, in: column.present) else { return nil }
            var rest: [Bitmap]?
            if !unread.isEmpty {
                guard unread.population <= column.count / 8 else { return nil }
                let found = tests.compactMap { $0.expression.matches(of: texts, in: unread) }
                guard found.count == tests.count else { return nil }
                rest = found
            }
            return JointVerdicts(
                matches, wanted: tests.map(\.wantsMatch), considered: column.present, alwaysUnexpected: nil, rest: rest)
        }
    }
}

/// What tests that share their work say of a column.
struct JointVerdicts {
    private let matches: JointMatches
    /// For each test, whether a match is what it wants.
    private let wanted: [Bool]
    private let considered: Bitmap
    private let consideredCount: Int
    private let alwaysUnexpected: Bitmap?
    /// For each test, matches that are not among the others.
    private let rest: [Bitmap]?
    private lazy var rowsByTest = matches.rowsByTest()

    fileprivate init(
        _ matches: JointMatches, wanted: [Bool], considered: Bitmap, alwaysUnexpected: Bitmap?, rest: [Bitmap]?
    ) {
        self.matches = matches
        self.wanted = wanted
        self.considered = considered
        consideredCount = considered.population
        self.alwaysUnexpected = alwaysUnexpected
        self.rest = rest
    }

    /// How many rows a test finds unexpected.
    func unexpectedCount(_ test: Int) -> Int {
        let count = matches.counts[test] + (rest?[test].population ?? 0)
        return wanted[test] ? consideredCount - count : count + (alwaysUnexpected?.population ?? 0)
    }

    /// The rows that a test finds unexpected.
    mutating func unexpected(_ test: Int) -> Bitmap {
        var rows = rowsByTest.rows(of: test)
        if let rest { rows.formUnion(rest[test]) }
        var unexpected = wanted[test] ? considered.subtracting(rows) : rows
        if let alwaysUnexpected { unexpected.formUnion(alwaysUnexpected) }
        return unexpected
    }
}

extension RegularExpression {
    /// The marked cells that match; `nil` where one of them can't be decided.
    fileprivate func matches(of cells: TextCells, in rows: Bitmap) -> Bitmap? {
        var found: Bitmap? = Bitmap(repeating: false, count: rows.count)
        withMatcher { matcher in
            cells.withCells { bytes, starts, lengths in
                rows.forEach { row in
                    let start = Int(starts[row])
                    switch matcher.matches(UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(lengths[row])])) {
                    case .match: found?[row] = true
                    case .noMatch: break
                    case .undecided: found = nil
                    }
                }
            }
        }
        return found
    }
}
