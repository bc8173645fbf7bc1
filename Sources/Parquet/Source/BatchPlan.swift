/// How row groups are cut into batches, known from the footers alone.
struct BatchPlan: Sendable {
    /// A row group, and the ordinal of its first batch.
    private struct Group: Sendable {
        let file: Int
        let rowGroup: Int
        let rowCount: Int64
        let firstOrdinal: Int
    }

    /// A batch's place.
    struct Place: Sendable {
        let ordinal: Int
        let file: Int
        let rowGroup: Int
        /// Within the row group, from 0.
        let firstRow: Int64
        let rowCount: Int
    }

    private var groups: [Group] = []
    private let rowsPerBatch: [Int]
    /// Batches in all.
    private(set) var count = 0

    /// Rows of a batch of a table of few columns.
    static let usualRows = 32_768

    init(_ files: [ParquetFile]) throws(ParquetError) {
        rowsPerBatch = files.map { Self.rowsPerBatch($0) }
        for (number, file) in files.enumerated() {
            for (rowGroup, group) in file.metadata.rowGroups.enumerated() where group.rowCount > 0 {
                groups.append(Group(file: number, rowGroup: rowGroup, rowCount: group.rowCount, firstOrdinal: count))
                let batches = Int((group.rowCount - 1) / Int64(rowsPerBatch[number])) + 1
                let (sum, overflow) = count.addingReportingOverflow(batches)
                guard !overflow else { throw .corrupt("the files have more than 2⁶³ rows") }
                count = sum
            }
        }
    }

    /// Whatever is asked of a table, its batches are the same: their size goes by all of its columns.
    private static func rowsPerBatch(_ file: ParquetFile) -> Int {
        max(256, min(usualRows, (1 << 22) / max(1, file.schema.leaves.count)))
    }

    /// A row group, and the batches that it is cut into.
    struct Stretch {
        let file: Int
        let rowGroup: Int
        let rowCount: Int64
        let batches: Range<Int>
    }

    /// The row groups that have rows, in order.
    var stretches: [Stretch] {
        groups.indices.map { index in
            let group = groups[index]
            let end = index + 1 < groups.count ? groups[index + 1].firstOrdinal : count
            return Stretch(
                file: group.file, rowGroup: group.rowGroup, rowCount: group.rowCount, batches: group.firstOrdinal..<end)
        }
    }

    /// The batch of an ordinal.
    func place(_ ordinal: Int) -> Place {
        let group = groups[index(of: ordinal)]
        let rows = Int64(rowsPerBatch[group.file])
        let firstRow = Int64(ordinal - group.firstOrdinal) * rows
        return Place(
            ordinal: ordinal, file: group.file, rowGroup: group.rowGroup, firstRow: firstRow,
            rowCount: Int(min(rows, group.rowCount - firstRow)))
    }

    /// Behind the last ordinal of the row group that an ordinal lies in.
    func end(ofGroupWith ordinal: Int) -> Int {
        let next = index(of: ordinal) + 1
        return next < groups.count ? groups[next].firstOrdinal : count
    }

    private func index(of ordinal: Int) -> Int {
        precondition((0..<count).contains(ordinal), "an ordinal of the plan")
        var low = 0
        var high = groups.count
        while low < high {
            let middle = (low + high) / 2
            if groups[middle].firstOrdinal <= ordinal { low = middle + 1 } else { high = middle }
        }
        return low - 1
    }
}
