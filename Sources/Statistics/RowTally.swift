public import Tables

/// Counts rows by a test's verdict and keeps the first unexpected ones.
///
/// Memory: the sample, and at most `ValueCounts.limit` distinct unexpected values.
public struct RowTally: Sendable, Equatable {
    /// Rows that were seen, selected or not: what positions are counted in.
    public private(set) var rows = 0
    /// Rows that were selected.
    public private(set) var elements = 0
    public private(set) var considered = 0
    public private(set) var unexpected = 0
    public private(set) var undecided = 0
    public private(set) var sample: [SampledRow] = []
    public private(set) var counts = ValueCounts()

    private let specification: SampleSpecification

    public init(_ specification: SampleSpecification) { self.specification = specification }

    /// Takes in the verdicts on a batch: `shown` are the columns whose values a sample keeps.
    public mutating func update(
        _ batch: Batch, selected: Bitmap?, considered: Bitmap, unexpected: Bitmap, undecided: Bitmap?, shown: [Int]
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
        if failures > 0, specification.limit > 0 {
            let columns = shown.map { batch.column($0) }
            keep(unexpected.first(specification.limit - sample.count), of: batch, columns)
            if specification.keepsValues, !counts.isOverflowing {
                let hasher = RowHasher(columns)
                unexpected.forEach { row in
                    counts.add(hasher.hash(at: row), position: rows + row) { columns.map { $0.value(at: row) } }
                }
            }
        }
        rows += batch.rowCount
    }

    /// Takes in a batch whose rows were all selected, of which none is unexpected.
    public mutating func update(rowCount: Int, considered: Int) {
        rows += rowCount
        elements += rowCount
        self.considered += considered
    }

    /// Takes in a batch whose rows were all selected, of which the values at either end of their order are unexpected.
    public mutating func update(_ batch: Batch, _ outliers: SortedOutliers, shown: [Int]) {
        let failures = outliers.count
        if failures > 0, specification.limit > 0 {
            let columns = shown.map { batch.column($0) }
            keep(outliers.first(min(failures, specification.limit - sample.count)), of: batch, columns)
            if specification.keepsValues {
                let hasher = RowHasher(columns)
                for row in outliers.rows {
                    guard !counts.isOverflowing else { break }
                    counts.add(hasher.hash(at: row), position: rows + row) { columns.map { $0.value(at: row) } }
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
        shown: [Int]
    ) {
        func count(_ entries: Bitmap) -> Int {
            var count = 0
            entries.forEach { count += domain.counts[$0] }
            return count
        }
        let failures = count(unexpected)
        if failures > 0, specification.limit > 0 {
            let wanted = min(failures, specification.limit - sample.count)
            let columns = shown.map { batch.column($0) }
            keep(domain.rows(holding: unexpected, limit: wanted), of: batch, columns)
            if specification.keepsValues, !counts.isOverflowing {
                let hasher = RowHasher(columns)
                unexpected.forEach { entry in
                    guard domain.counts[entry] > 0 else { return }
                    let row = domain.firstRows[entry]
                    counts.add(hasher.hash(at: row), count: domain.counts[entry], position: rows + row) {
                        columns.map { $0.value(at: row) }
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
                    values: specification.keepsValues ? shown.map { $0.value(at: row) } : [],
                    index: index.map { $0.value(at: row) }))
        }
    }

    public mutating func merge(_ other: RowTally) {
        for row in other.sample.prefix(max(0, specification.limit - sample.count)) {
            var moved = row
            moved.position += rows
            sample.append(moved)
        }
        counts.merge(other.counts, shiftedBy: rows)
        rows += other.rows
        elements += other.elements
        considered += other.considered
        unexpected += other.unexpected
        undecided += other.undecided
    }
}
