public import Statistics
public import Tables

/// Judges the values of one column by several tests: what a summary of a batch, or the few different values in it, tell of
/// all of them is found out once.
///
/// Memory: the tallies'.
public struct ValueTestPanel: Accumulator {
    /// From so many ranges on, sorting a batch's values costs less than comparing each with each bound.
    private static let rangesWorthSorting = 16

    private let column: Int
    private let parts: ColumnSummary.Parts
    private let judges: [RowJudge]
    private let joints: [JointTests]
    private var tallies: [RowTally]

    /// The panel of some metrics, or `nil` where one of them judges something else than values of the same column in the
    /// same rows.
    public init?(_ metrics: [Metric]) {
        let members = metrics.compactMap { $0.empty as? RowTestTally }
        guard members.count == metrics.count, let column = members.first?.judge.test.valueColumn,
            members.allSatisfy({ $0.judge.test.valueColumn == column }),
            metrics.allSatisfy({ $0.key.condition == metrics[0].key.condition })
        else { return nil }
        self.column = column
        judges = members.map(\.judge)
        tallies = members.map(\.tally)
        joints = JointTests.all(judges.map(\.test))
        parts = judges.reduce(into: []) { $0.formUnion($1.test.summaryParts) }
    }

    public mutating func update(_ batch: Batch, rows: Bitmap?) {
        guard rows == nil, batch.column(column).strays.isEmpty else {
            for index in judges.indices { judges[index].judge(batch, rows: rows, into: &tallies[index]) }
            return
        }
        let column = batch.column(column)
        let summary = column.summary(parts)
        var open: [Int] = []
        for index in judges.indices {
            if let considered = judges[index].test.consideredCount(ifDecidedBy: summary) {
                tallies[index].update(rowCount: batch.rowCount, considered: considered)
            } else {
                open.append(index)
            }
        }
        let fitting = open.filter { judges[$0].test.suitsDomain(of: column, self.column) }
        if fitting.count >= (column.dictionary == nil ? 2 : 1), let domain = ColumnDomain(column) {
            var columns = [Column?](repeating: nil, count: batch.columns.count)
            columns[self.column] = domain.entries
            let entries = Batch(ordinal: 0, rowCount: domain.entries.count, columns: columns)
            for index in fitting { judges[index].judge(batch, by: domain, entries, into: &tallies[index]) }
            open.removeAll { judges[$0].test.suitsDomain(of: column, self.column) }
        }
        judgeJointly(batch, column, &open)
        let ranges = open.count { judges[$0].test is RangeTest }
        let numbers = ranges >= Self.rangesWorthSorting ? SortedColumn(column) : nil
        let lengthRanges = open.count { judges[$0].test is LengthTest }
        let lengths = lengthRanges >= JointTests.fewest ? SortedColumn(LengthTest.lengths(of: column)) : nil
        for index in open {
            let test = judges[index].test
            if let outliers = numbers.flatMap({ (test as? RangeTest)?.outliers(in: $0) })
                ?? lengths.flatMap({ (test as? LengthTest)?.outliers(in: $0) })
            {
                tallies[index].update(batch, outliers, shown: judges[index].shown)
            } else {
                judges[index].judge(batch, rows: nil, into: &tallies[index])
            }
        }
    }

    /// Takes in what tests that share their work say; the others stay open.
    private mutating func judgeJointly(_ batch: Batch, _ column: Column, _ open: inout [Int]) {
        guard !joints.isEmpty, !open.isEmpty else { return }
        let considered = column.present.population
        var isOpen = [Bool](repeating: false, count: judges.count)
        for index in open { isOpen[index] = true }
        for joint in joints where joint.places.contains(where: { isOpen[$0] }) {
            guard var verdicts = joint.judge(column) else { continue }
            for (test, index) in joint.places.enumerated() where isOpen[index] {
                let unexpected = verdicts.unexpectedCount(test)
                if unexpected > 0, tallies[index].wantsRows() {
                    tallies[index].update(
                        batch, selected: nil, considered: column.present, unexpected: verdicts.unexpected(test),
                        undecided: nil, shown: judges[index].shown)
                } else {
                    tallies[index].update(rowCount: batch.rowCount, considered: considered, unexpected: unexpected)
                }
                isOpen[index] = false
            }
        }
        open.removeAll { !isOpen[$0] }
    }

    /// Enough is known where no test finds anything unexpected: rows that fail are to be seen.
    public mutating func update(_ outline: Outline) -> Bool {
        guard let summary = outline.columns[column] else { return false }
        let considered = judges.map { $0.test.consideredCount(ifDecidedBy: summary) }
        guard !considered.contains(nil) else { return false }
        for (index, count) in considered.enumerated() {
            tallies[index].update(rowCount: outline.rowCount, considered: count ?? 0)
        }
        return true
    }

    public mutating func merge(_ other: ValueTestPanel) {
        for index in tallies.indices { tallies[index].merge(other.tallies[index]) }
    }

    public var fullSampleCount: Int { tallies.reduce(0) { $0 + ($1.isSampleFull ? 1 : 0) } }

    public mutating func follow(_ total: ValueTestPanel) {
        for index in tallies.indices { tallies[index].follow(total.tallies[index]) }
    }

    /// A tally for each metric, in their order.
    public func finish() -> [RowTally] { tallies }
}

extension RowTest {
    /// Whether the column's different values are enough: there is no missing one among them, and numbers have lost the text
    /// that they were written as.
    fileprivate func suitsDomain(of column: Column, _ index: Int) -> Bool {
        guard !judgesMissingValues else { return false }
        if case .text = column.values { return true }
        return projection.needs[index]?.contains(.text) != true
    }
}
