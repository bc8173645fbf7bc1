import Statistics
import Tables

/// Whether a value lies in a range.
///
/// Missing values are not judged; uncomparable ones are unexpected.
struct RangeTest: RowTest {
    let column: Int
    let name: String
    let range: ValueRange
    /// The bounds as written: what sets the test apart.
    let bounds: String

    var key: MetricKey { MetricKey("values_between", columns: [name], arguments: bounds) }
    var projection: Projection { Projection([column: .values]) }
    var shownColumns: [Int] { [column] }
    var valueColumn: Int? { column }
    var summaryParts: ColumnSummary.Parts { range.isTextual ? [] : .extent }

    func consideredCount(ifDecidedBy summary: ColumnSummary) -> Int? {
        guard summary.presentCount > 0 else { return 0 }
        guard summary.uncomparableCount == 0, let extent = summary.extent else { return nil }
        return range.contains(extent) ? summary.presentCount : nil
    }

    /// The values that are unexpected, where they are told by their order; `nil` where each needs a look.
    func outliers(in column: SortedColumn) -> SortedOutliers? {
        switch range {
        case .integers(let low, let high): return column.outside(low: low, high: high)
        case .floats(let low, let high, let isLowStrict, let isHighStrict):
            // No double lies above or below all others.
            if isLowStrict && low == .infinity || isHighStrict && high == -.infinity { return nil }
            return column.outside(low: isLowStrict ? low.nextUp : low, high: isHighStrict ? high.nextDown : high)
        case .texts: return nil
        }
    }

    func evaluate(_ batch: Batch) -> RowVerdicts {
        let column = batch.column(column)
        var unexpected: Bitmap
        switch (range, column.values) {
        case (.integers(let low, let high), .int64(let values)): unexpected = Self.outsideExactly(values, low, high)
        case (.integers(let low, let high), .uint64(let values)): unexpected = Self.outsideExactly(values, low, high)
        case (.integers(let low, let high), .date(let values)): unexpected = Self.outsideExactly(values, low, high)
        case (.integers(let low, let high), .decimal(let values, _)):
            unexpected = Self.outsideExactly(values, low, high)
        case (.integers(let low, let high), .wideDecimal(let values, _)):
            unexpected = Self.outsideExactly(values, low, high)
        case (.integers(let low, let high), .time(let values)), (.integers(let low, let high), .timestamp(let values)),
            (.integers(let low, let high), .duration(let values)):
            unexpected = Self.outsideExactly(values, low, high)
        case (.floats(let low, let high, let isLowStrict, let isHighStrict), .float64(let values)):
            // Strict bounds are inclusive ones at the neighbouring double.
            unexpected = Self.outside(values, isLowStrict ? low.nextUp : low, isHighStrict ? high.nextDown : high)
            if isLowStrict, low == .infinity { unexpected = Bitmap(repeating: true, count: values.count) }
            if isHighStrict, high == -.infinity { unexpected = Bitmap(repeating: true, count: values.count) }
        case (.texts(let low, let high, let isLowStrict, let isHighStrict), .text(let cells)):
            unexpected = Self.outside(cells, low, high, isLowStrict, isHighStrict)
        default: preconditionFailure("the range was made for the column's type")
        }
        if let uncomparable = column.uncomparable { unexpected.formUnion(uncomparable) }
        unexpected.formIntersection(column.present)
        return RowVerdicts(considered: column.present, unexpected: unexpected)
    }

    private static func outsideExactly<Number: FixedWidthInteger>(
        _ values: [Number], _ low: Int128, _ high: Int128
    ) -> Bitmap {
        guard low <= high, low <= Int128(Number.max), high >= Int128(Number.min) else {
            return Bitmap(repeating: true, count: values.count)
        }
        return outside(values, Number(clamping: low), Number(clamping: high))
    }

    /// A bit for each value that is below `low` or above `high`.
    private static func outside<Number: Comparable>(_ values: [Number], _ low: Number, _ high: Number) -> Bitmap {
        values.withUnsafeBufferPointer { values in
            Bitmap(count: values.count) { row in
                let value = values[row]
                return value < low || value > high
            }
        }
    }

    private static func outside(
        _ cells: TextCells, _ low: [UInt8]?, _ high: [UInt8]?, _ isLowStrict: Bool, _ isHighStrict: Bool
    ) -> Bitmap {
        cells.withCells { bytes, starts, lengths in
            (low ?? []).withUnsafeBytes { lowBytes in
                (high ?? []).withUnsafeBytes { highBytes in
                    Bitmap(count: starts.count) { row in
                        let start = Int(starts[row])
                        let cell = UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(lengths[row])])
                        if low != nil {
                            let order = TextOrder.compare(cell, lowBytes)
                            if order < 0 || (isLowStrict && order == 0) { return true }
                        }
                        if high != nil {
                            let order = TextOrder.compare(cell, highBytes)
                            if order > 0 || (isHighStrict && order == 0) { return true }
                        }
                        return false
                    }
                }
            }
        }
    }
}
