import Statistics
import Tables
import TestSupport
import Testing

/// The laws that make a metric independent of how rows were cut.
///
/// A new accumulator gets its tests by a line in `contracts`.
@Suite struct AccumulatorLawTests {
    private static let sample = SampleSpecification(limit: 4, indexColumns: [1])

    private static let nothing = MemoryBudget(limitBytes: 0, directory: "/tmp")

    static let contracts: [Contract] =
        [
            Contract("row count", RowCount()),
            Contract("row problems", RowProblems(sampleLimit: 3)),
            Contract("row problems without samples", RowProblems(sampleLimit: 0)),
            Contract("tally of texts", Tally(column: 6, SampleSpecification(limit: 3, indexColumns: [1, 5]))),
            Contract("tally of floats", Tally(column: 3, sample)),
            Contract("tally without values", Tally(column: 4, SampleSpecification(limit: 5, keepsValues: false))),
            Contract("tally without samples", Tally(column: 4, SampleSpecification(limit: 0))),
            Contract("newest day", Newest(column: 7, type: .date, limit: 1_704_067_200_000_000)),
            Contract("newest instant", Newest(column: 9, type: .timestamp, limit: 1_704_067_200_000_000)),
        ] + Table.schema.fields.indices.map { Contract("presence of column \($0)", Presence(column: $0)) }
        + (1...5).map { Contract("moments of column \($0)", Moments(column: $0)) }
        + Table.schema.fields.indices.map {
            Contract("extremes of column \($0)", Extremes(column: $0, type: Table.schema.fields[$0].type))
        }
        + Table.schema.fields.indices.map {
            Contract("groups of column \($0)", KeyGroups(columns: [$0], ignoring: .anyValueIsMissing, sampleLimit: 5))
        }
        + Table.schema.fields.indices.filter { Quantiles.areKnown(of: Table.schema.fields[$0].type) }.flatMap {
            let type = Table.schema.fields[$0].type
            return [
                Contract("quantiles of column \($0)", Quantiles(column: $0, type: type)),
                Contract("quantiles of column \($0) on disk", Quantiles(column: $0, type: type, budget: nothing)),
            ]
        }
        + IgnoreRowIf.allCases.map {
            Contract("groups of three columns, \($0)", KeyGroups(columns: [1, 6, 3], ignoring: $0, sampleLimit: 5))
        }

    @Test(arguments: contracts) func anEmptyOneChangesNothing(_ contract: Contract) {
        contract.check(.identity)
    }

    @Test(arguments: contracts) func feedingInPartsEqualsMergingParts(_ contract: Contract) {
        contract.check(.cut)
    }

    @Test(arguments: contracts) func mergingIsAssociative(_ contract: Contract) {
        contract.check(.association)
    }

    @Test(arguments: contracts) func followingChangesNothing(_ contract: Contract) {
        contract.check(.following)
    }

    @Test(arguments: contracts) func readingChangesNothing(_ contract: Contract) {
        contract.check(.reading)
    }
}

/// An accumulator that starts empty, and checks of the laws with it.
struct Contract: CustomTestStringConvertible, Sendable {
    enum Law: Sendable { case identity, cut, association, following, reading }

    let testDescription: String
    private let body: @Sendable (Law) -> Void

    init<A: Accumulator>(_ name: String, _ empty: A) {
        testDescription = name
        body = { law in
            for seed in 1...25 as ClosedRange<UInt64> {
                let input = Input(seed: seed)
                let whole = Self.fed(empty, input, [0..<input.rows])
                let wanted = Self.words(whole.finish())
                let found =
                    switch law {
                    case .identity: Self.identity(empty, whole)
                    case .cut: Self.cut(empty, input)
                    case .association: Self.association(empty, input)
                    case .following: Self.following(empty, input)
                    case .reading: Self.reading(whole, input)
                    }
                for result in found {
                    #expect(
                        Self.words(result) == wanted, "\(name), seed \(seed), \(input.rows) rows, cuts \(input.cuts)")
                }
            }
        }
    }

    func check(_ law: Law) { body(law) }

    private static func identity<A: Accumulator>(_ empty: A, _ whole: A) -> [A.Result] {
        var (before, after) = (empty, whole)
        before.merge(whole)
        after.merge(empty)
        return [before.finish(), after.finish()]
    }

    private static func cut<A: Accumulator>(_ empty: A, _ input: Input) -> [A.Result] {
        let inOrder = fed(empty, input, input.cuts)
        var merged = empty
        for range in input.cuts { merged.merge(fed(empty, input, [range])) }
        var mixed = empty
        for (index, range) in input.cuts.enumerated() {
            if index % 2 == 0 {
                mixed.update(input.batch(range), rows: input.selection(range))
            } else {
                mixed.merge(fed(empty, input, [range]))
            }
        }
        return [inOrder.finish(), merged.finish(), mixed.finish()]
    }

    private static func association<A: Accumulator>(_ empty: A, _ input: Input) -> [A.Result] {
        let parts = input.cuts.map { fed(empty, input, [$0]) }
        var fromTheRight = empty
        for part in parts.reversed() {
            var part = part
            part.merge(fromTheRight)
            fromTheRight = part
        }
        func halved(_ parts: ArraySlice<A>) -> A {
            guard parts.count > 1 else { return parts.first ?? empty }
            let middle = parts.startIndex + parts.count / 2
            var left = halved(parts[..<middle])
            left.merge(halved(parts[middle...]))
            return left
        }
        return [fromTheRight.finish(), halved(parts[...]).finish()]
    }

    /// Parts leave out what the total of those before them has enough of.
    private static func following<A: Accumulator>(_ empty: A, _ input: Input) -> [A.Result] {
        var total = empty
        for range in input.cuts {
            var part = empty
            part.follow(total)
            part.update(input.batch(range), rows: input.selection(range))
            total.merge(part)
        }
        return [total.finish()]
    }

    private static func reading<A: Accumulator>(_ whole: A, _ input: Input) -> [A.Result] {
        var later = whole
        let first = later.finish()
        let second = later.finish()
        // Fed on after it was read, it is as if it had never been read.
        later.update(input.batch(0..<input.rows), rows: nil)
        var never = whole
        never.update(input.batch(0..<input.rows), rows: nil)
        #expect(words(later.finish()) == words(never.finish()))
        return [first, second]
    }

    private static func fed<A: Accumulator>(_ empty: A, _ input: Input, _ ranges: [Range<Int>]) -> A {
        var accumulator = empty
        for range in ranges { accumulator.update(input.batch(range), rows: input.selection(range)) }
        return accumulator
    }

    /// All that a result says, to the last bit.
    ///
    /// Dictionaries are sorted, for they have no order.
    private static func words<Result>(_ result: Result) -> String {
        switch result {
        case let problems as RowProblems.Result:
            return
                "\(problems.rows) \(problems.malformed) \(problems.counts.map { "\($0) \($1)" }.sorted()) \(problems.first)"
        case let tally as RowTally:
            let counts = tally.counts.top(2_000).map { "\($0)" } ?? "too many"
            return
                "\(tally.rows) \(tally.elements) \(tally.considered) \(tally.unexpected) \(tally.undecided) \(Array(tally.sample)) \(counts)"
        case let quantiles as Quantiles.Result:
            let values = Swift.Result { try quantiles.values(at: Array(0..<quantiles.count)) }
            return
                "\(quantiles.rows) \(quantiles.missing) \(quantiles.uncomparable) \(values) \(quantiles.failure ?? "-")"
        default: return "\(result)"
        }
    }
}

/// A random table, how it is cut, and which of its rows a condition selects.
private struct Input {
    let rows: Int
    let cuts: [Range<Int>]
    private let columns: [[Value]]
    private let problems: [RowProblem]
    private let selected: [Bool]?

    init(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        rows = random.pick([0, 1, 2, 63, 64, 65, 150])
        columns = Table.columns(rows: rows, &random)
        cuts = Table.cuts(rows, &random)
        var problems: [RowProblem] = []
        for row in 0..<rows where random.chance(20) {
            problems.append(RowProblem(row: row, kind: .tooFewFields, detail: "1 field, expected 2"))
            if random.chance(50) { problems.append(RowProblem(row: row, kind: .invalidUTF8, detail: "here")) }
        }
        self.problems = problems
        let share = random.pick([0, 50, 100])
        selected = random.chance(50) ? (0..<rows).map { _ in random.chance(share) } : nil
    }

    func batch(_ range: Range<Int>) -> Batch { Table.batch(columns, range, problems: problems) }
    func selection(_ range: Range<Int>) -> Bitmap? { selected.map { Bitmap(Array($0[range])) } }
}

/// A tally as an accumulator: values that stand on an even row of their own count are unexpected.
private struct Tally: Accumulator {
    private let column: Int
    private var tally: RowTally

    init(column: Int, _ specification: SampleSpecification) {
        self.column = column
        tally = RowTally(specification)
    }

    mutating func update(_ batch: Batch, rows: Bitmap?) {
        let values = batch.column(column)
        let unexpected = Bitmap(count: batch.rowCount) { row in
            values.present[row] && values.value(at: row).description.utf8.count % 2 == 1
        }
        let undecided = Bitmap(count: batch.rowCount) { values.value(at: $0).description.hasPrefix("n") }
        tally.update(
            batch, selected: rows, considered: values.present, unexpected: unexpected, undecided: undecided,
            shown: ShownColumns([column]))
    }

    mutating func merge(_ other: Tally) { tally.merge(other.tally) }

    mutating func follow(_ total: Tally) { tally.follow(total.tally) }

    func finish() -> RowTally { tally }
}
