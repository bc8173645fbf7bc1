import Statistics
import Tables

/// Whether a value's text has a length, counted in Unicode scalars.
///
/// Missing values are not judged.
struct LengthTest: RowTest {
    let column: Int
    let name: String
    let lengths: ClosedRange<Int>?
    /// The bounds as written.
    let bounds: String

    var key: MetricKey { MetricKey("value_lengths", columns: [name], arguments: bounds) }
    var projection: Projection { Projection([column: .text]) }
    var shownColumns: [Int] { [column] }
    var valueColumn: Int? { column }
    var summaryParts: ColumnSummary.Parts { .byteLengths }

    func consideredCount(ifDecidedBy summary: ColumnSummary) -> Int? {
        guard summary.presentCount > 0 else { return 0 }
        guard let lengths, let bytes = summary.byteLengths else { return nil }
        // No more scalars than bytes, and at least a quarter as many.
        return bytes.upperBound <= lengths.upperBound && (bytes.lowerBound + 3) / 4 >= lengths.lowerBound
            ? summary.presentCount : nil
    }

    /// The lengths of a column's texts, as a column of numbers.
    static func lengths(of column: Column) -> Column {
        var lengths = [Int64](repeating: 0, count: column.count)
        column.texts.withCells { bytes, starts, counts in
            column.present.forEach { row in
                let start = Int(starts[row])
                let text = UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(counts[row])])
                lengths[row] = Int64(TextLength.scalars(text))
            }
        }
        return Column(type: .int64, present: column.present, values: .int64(lengths))
    }

    /// The texts that are unexpected, told by the order of their lengths.
    func outliers(in lengths: SortedColumn) -> SortedOutliers? {
        guard let allowed = self.lengths else { return lengths.outside(low: Int128(1), high: 0) }
        return lengths.outside(low: Int128(allowed.lowerBound), high: Int128(allowed.upperBound))
    }

    func evaluate(_ batch: Batch) -> RowVerdicts {
        let column = batch.column(column)
        guard let allowed = lengths else { return RowVerdicts(considered: column.present, unexpected: column.present) }
        let texts = column.texts
        let unexpected = texts.withCells { bytes, starts, lengths in
            Bitmap(count: starts.count) { row in
                let count = Int(lengths[row])
                // No more scalars than bytes, and at least a quarter as many.
                if count <= allowed.upperBound, (count &+ 3) >> 2 >= allowed.lowerBound { return false }
                if count < allowed.lowerBound { return true }
                let start = Int(starts[row])
                let scalars = TextLength.scalars(UnsafeRawBufferPointer(rebasing: bytes[start..<start &+ count]))
                return !allowed.contains(scalars)
            }
        }
        return RowVerdicts(considered: column.present, unexpected: unexpected.intersection(column.present))
    }
}
