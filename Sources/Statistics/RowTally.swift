public import Tables

/// Counts rows by a test's verdict and keeps the first unexpected ones.
///
/// Memory: the sample's, and at most `ValueCounts.limit` distinct unexpected values. A budget is told of both as parts are joined: beyond
/// it the sample goes to disk, and the values are no longer counted.
public struct RowTally: Sendable, Equatable {
    /// Rows that were seen, selected or not: what positions are counted in.
    public private(set) var rows = 0
    /// Rows that were selected.
    public private(set) var elements = 0
    public private(set) var considered = 0
    public private(set) var unexpected = 0
    public private(set) var undecided = 0
    public private(set) var sample: SampledRows
    public private(set) var counts: ValueCounts

    private let specification: SampleSpecification
    /// Whether rows before these have filled the sample.
    private var hasFullSampleBefore = false

    public init(_ specification: SampleSpecification, budget: MemoryBudget = .unlimited) {
        self.specification = specification
        sample = SampledRows(budget: budget)
        counts = ValueCounts(budget: budget)
    }

    /// Takes in the verdicts on a batch: `shown` are the columns whose values a sample keeps.
    public mutating func update(
        _ batch: Batch, selected: Bitmap?, considered: Bitmap, unexpected: Bitmap, undecided: Bitmap?,
        shown: ShownColumns
    ) {
        var (considered, unexpected) = (considered, unexpected)
        if let selected {
            considered.formIntersection(selected)
            unexpected.formIntersection(selected)
        }
        elements += selected?.population ?? batch.rowCount
        self.considered += considered.population
        let failures = unexpected.population
        self.unexpected += failures
        if let undecided {
            self.undecided += selected.map { undecided.intersection($0) }?.population ?? undecided.population
        }
        if failures > 0, wantsRows() {
            let columns = shown.columns(of: batch)
            keep(unexpected.first(room), of: batch, columns)
            var hashes = RowHashes(columns)
            if wantsCounts,
                counts.hasRoom(for: failures, unexpected.first(Self.probedRows).lazy.map { hashes[$0] })
            {
                unexpected.forEach { row in
                    counts.add(hashes[row], position: rows + row) { columns.map { $0.shownValue(at: row) } }
                }
            }
        }
        rows += batch.rowCount
    }

    /// Takes in a batch whose rows were all selected, of which none is unexpected, or of whose unexpected ones only the number
    /// matters: see ``wantsRows()``.
    public mutating func update(rowCount: Int, considered: Int, unexpected: Int = 0) {
        if unexpected > 0 {
            let wantsRows = wantsRows()
            precondition(!wantsRows, "unexpected rows are looked at as long as the sample has room")
        }
        rows += rowCount
        elements += rowCount
        self.considered += considered
        self.unexpected += unexpected
    }

    /// Takes in a batch whose rows were all selected, of which the values at either end of their order are unexpected.
    public mutating func update(_ batch: Batch, _ outliers: SortedOutliers, shown: ShownColumns) {
        let failures = outliers.count
        if failures > 0, wantsRows() {
            let columns = shown.columns(of: batch)
            keep(outliers.first(min(failures, room)), of: batch, columns)
            var hashes = RowHashes(columns)
            if wantsCounts,
                counts.hasRoom(for: failures, outliers.rows.prefix(Self.probedRows).lazy.map { hashes[$0] })
            {
                for row in outliers.rows {
                    guard !counts.isOverflowing else { break }
                    counts.add(hashes[row], position: rows + row) { columns.map { $0.shownValue(at: row) } }
                }
            }
        }
        unexpected += failures
        update(rowCount: batch.rowCount, considered: outliers.considered)
    }

    /// Takes in the verdicts on the values of a column in a batch whose rows were all selected: on each of its domain's entries.
    ///
    /// `shown` are the columns whose values a sample keeps.
    public mutating func update(
        _ batch: Batch, _ domain: ColumnDomain, considered: Bitmap, unexpected: Bitmap, undecided: Bitmap?,
        shown: ShownColumns
    ) {
        func count(_ entries: Bitmap) -> Int {
            var count = 0
            entries.forEach { count += domain.counts[$0] }
            return count
        }
        let failures = count(unexpected)
        if failures > 0, wantsRows() {
            let columns = shown.columns(of: batch)
            keep(domain.rows(holding: unexpected, limit: min(failures, room)), of: batch, columns)
            var hashes = RowHashes(columns)
            if wantsCounts {
                unexpected.forEach { entry in
                    guard domain.counts[entry] > 0 else { return }
                    let row = domain.firstRows[entry]
                    counts.add(hashes[row], count: domain.counts[entry], position: rows + row) {
                        columns.map { $0.shownValue(at: row) }
                    }
                }
            }
        }
        self.unexpected += failures
        self.undecided += undecided.map(count) ?? 0
        update(rowCount: batch.rowCount, considered: count(considered))
    }

    /// Keeps rows as a sample; `shown` are the columns whose values it shows.
    private mutating func keep(_ kept: [Int], of batch: Batch, _ shown: [Column]) {
        guard !kept.isEmpty else { return }
        let index = specification.indexColumns.map { batch.column($0) }
        for row in kept {
            sample.append(
                SampledRow(
                    position: rows + row, partition: batch.partition, byteOffset: batch.offsets[row],
                    values: specification.keepsValues ? shown.map { $0.shownValue(at: row) } : [],
                    index: index.map { $0.shownValue(at: row) }))
        }
    }

    public mutating func merge(_ other: RowTally) {
        sample.append(other.sample, limit: room, shiftedBy: rows)
        counts.merge(other.counts, shiftedBy: rows)
        rows += other.rows
        elements += other.elements
        considered += other.considered
        unexpected += other.unexpected
        undecided += other.undecided
    }
}

extension RowTally {
    /// So many unexpected rows are enough to see that there are too many different values among them.
    private static let probedRows = 2 * ValueCounts.limit

    /// Whether it matters which rows are unexpected, and not only how many.
    public mutating func wantsRows() -> Bool {
        counts.heedOthers()
        return room > 0 || (specification.limit > 0 && wantsCounts)
    }

    /// How many more rows the sample takes.
    private var room: Int {
        hasFullSampleBefore || sample.failure != nil ? 0 : specification.limit - sample.count
    }

    private var wantsCounts: Bool { specification.keepsValues && !counts.isOverflowing }

    public var isSampleFull: Bool { specification.limit > 0 && room == 0 }

    /// Leaves out the sample where that of the rows before is full.
    public mutating func follow(_ total: RowTally) { hasFullSampleBefore = total.isSampleFull }
}
