import Statistics
import Tables

/// Judges batches by a test and tallies the verdicts.
struct RowTestTally: Accumulator {
    let judge: RowJudge
    private(set) var tally: RowTally

    init(_ test: any RowTest, _ strays: StrayTests?, _ sample: SampleSpecification, _ budget: MemoryBudget) {
        let shown = ShownColumns(sample.keepsValues ? test.shownColumns : [], areTexts: test.judgesTexts)
        judge = RowJudge(test: test, strays: strays, shown: shown)
        tally = RowTally(sample, budget: budget)
    }

    mutating func update(_ batch: Batch, rows: Bitmap?) { judge.judge(batch, rows: rows, into: &tally) }

    mutating func merge(_ other: RowTestTally) { tally.merge(other.tally) }

    func finish() -> RowTally { tally }

    var fullSampleCount: Int { tally.isSampleFull ? 1 : 0 }

    mutating func follow(_ total: RowTestTally) { tally.follow(total.tally) }
}

/// A test, and the columns whose values are kept of rows that fail it.
struct RowJudge: Sendable {
    let test: any RowTest
    /// The test for values that are of other types than their columns; `nil` where there are none.
    let strays: StrayTests?
    let shown: ShownColumns

    /// Judges the rows of a batch that are selected; all of them where `rows` is `nil`.
    func judge(_ batch: Batch, rows: Bitmap?, into tally: inout RowTally) {
        var verdicts = test.evaluate(batch)
        strays?.correct(&verdicts, of: batch)
        tally.update(
            batch, selected: rows, considered: verdicts.considered, unexpected: verdicts.unexpected,
            undecided: verdicts.undecided, shown: shown)
    }

    /// Judges a column's different values, in place of the rows of a batch; `entries` is a batch of them.
    func judge(_ batch: Batch, by domain: ColumnDomain, _ entries: Batch, into tally: inout RowTally) {
        let verdicts = test.evaluate(entries)
        tally.update(
            batch, domain, considered: verdicts.considered, unexpected: verdicts.unexpected,
            undecided: verdicts.undecided, shown: shown)
    }
}
