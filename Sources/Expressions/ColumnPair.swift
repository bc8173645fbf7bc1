public import Tables

/// Two columns of a batch compared row by row.
public enum ColumnPair {
    /// Whether values of the types can be compared: numbers with numbers, dates with timestamps, all else with its like.
    public static func areComparable(_ left: LogicalType, _ right: LogicalType) -> Bool {
        if left.isNumeric, right.isNumeric { return true }
        if [left, right] == [.date, .timestamp] || [left, right] == [.timestamp, .date] { return true }
        return left == right && (left.isTemporal || left == .string || left == .boolean)
    }

    /// The answer for every row; of rows without two typed values it means nothing.
    ///
    /// Whole numbers compare with doubles as they are; of a decimal fraction its nearest double does, for who writes 0.1 means
    /// the double that is written so. Beside a timestamp a date is its midnight in `zone`, as one that is written out is.
    public static func answers(
        _ left: Column, _ comparison: Comparison, _ right: Column, in zone: ZoneRule, count: Int
    ) -> Bitmap {
        precondition(left.count == count && right.count == count, "the columns of a batch are as long as the batch")
        switch (left.values, right.values) {
        case (.int64(let first), .int64(let second)): return compare(first, comparison, second, count)
        case (.uint64(let first), .uint64(let second)): return compare(first, comparison, second, count)
        case (.float64(let first), .float64(let second)): return compare(first, comparison, second, count)
        case (.decimal(let first, let scale), .decimal(let second, let other)) where scale == other:
            return compare(first, comparison, second, count)
        case (.date(let first), .date(let second)): return compare(first, comparison, second, count)
        case (.time(let first), .time(let second)): return compare(first, comparison, second, count)
        case (.timestamp(let first), .timestamp(let second)): return compare(first, comparison, second, count)
        case (.date(let days), .timestamp(let second)):
            return compare(zone.midnights(ofDays: days), comparison, second, count)
        case (.timestamp(let first), .date(let days)):
            return compare(first, comparison, zone.midnights(ofDays: days), count)
        case (.duration(let first), .duration(let second)): return compare(first, comparison, second, count)
        case (.boolean(let first), .boolean(let second)): return compare(first, comparison, second)
        case (.text(let first), .text(let second)): return compare(first, comparison, second, count)
        case (.float64(let first), _): return compare(first, comparison, right.values, count)
        case (_, .float64(let second)): return compare(second, comparison.mirrored, left.values, count)
        default:
            let first = exact(left.values)
            let second = exact(right.values)
            precondition(min(first.units.count, second.units.count) >= count, "a column stores a value a row")
            return first.units.withUnsafeBufferPointer { firstUnits in
                second.units.withUnsafeBufferPointer { secondUnits in
                    Bitmap(
                        count: count,
                        test: ScaledPairTest(
                            left: firstUnits, right: secondUnits,
                            leftFactor: DecimalNumber.powerOfTen(max(0, second.scale - first.scale)),
                            rightFactor: DecimalNumber.powerOfTen(max(0, first.scale - second.scale)),
                            comparison: comparison))
                }
            }
        }
    }

    private static func compare<Cell: Comparable>(
        _ left: [Cell], _ comparison: Comparison, _ right: [Cell], _ count: Int
    ) -> Bitmap {
        precondition(min(left.count, right.count) >= count, "a column stores a value a row")
        return left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { right in
                Bitmap(count: count, test: PairTest(left: left, right: right, comparison: comparison))
            }
        }
    }

    private static func compare(_ left: Bitmap, _ comparison: Comparison, _ right: Bitmap) -> Bitmap {
        let isLess = right.subtracting(left)
        let isGreater = left.subtracting(right)
        return switch comparison {
        case .equal: isLess.union(isGreater).inverted
        case .notEqual: isLess.union(isGreater)
        case .less: isLess
        case .lessOrEqual: isGreater.inverted
        case .greater: isGreater
        case .greaterOrEqual: isLess.inverted
        }
    }

    private static func compare(
        _ left: TextCells, _ comparison: Comparison, _ right: TextCells, _ count: Int
    ) -> Bitmap {
        precondition(min(left.count, right.count) >= count, "a column stores a text a row")
        return left.withCells { leftBytes, leftStarts, leftLengths in
            right.withCells { rightBytes, rightStarts, rightLengths in
                Bitmap(
                    count: count,
                    test: TextPairTest(
                        left: TextView(bytes: leftBytes, starts: leftStarts, lengths: leftLengths),
                        right: TextView(bytes: rightBytes, starts: rightStarts, lengths: rightLengths),
                        comparison: comparison))
            }
        }
    }

    // MARK: Numbers of different types

    private static func compare(
        _ left: [Double], _ comparison: Comparison, _ right: ColumnValues, _ count: Int
    ) -> Bitmap {
        let nearest = doubles(right)
        precondition(min(left.count, nearest.count) >= count, "a column stores a value a row")
        return left.withUnsafeBufferPointer { left in
            nearest.withUnsafeBufferPointer { nearest in
                Bitmap(
                    count: count,
                    test: MixedPairTest(left: left, nearest: nearest, right: right, comparison: comparison))
            }
        }
    }

    /// A number of a row as it is, where it is whole.
    fileprivate static func whole(_ values: ColumnValues, at row: Int) -> Int128? {
        switch values {
        case .int64(let cells): Int128(cells[row])
        case .uint64(let cells): Int128(cells[row])
        case .decimal(let cells, let scale): DecimalNumber(unscaled: Int128(cells[row]), scale: scale).integer
        case .wideDecimal(let cells, let scale): DecimalNumber(unscaled: cells[row], scale: scale).integer
        default: nil
        }
    }

    /// Each number's nearest double.
    private static func doubles(_ values: ColumnValues) -> [Double] {
        switch values {
        case .float64(let cells): cells
        case .int64(let cells): cells.map { Double($0) }
        case .uint64(let cells): cells.map { Double($0) }
        case .decimal(let cells, let scale): cells.map { nearest(Int128($0), scale) }
        case .wideDecimal(let cells, let scale): cells.map { nearest($0, scale) }
        default: preconditionFailure("numbers are stored as numbers")
        }
    }

    /// A division of two doubles that are exact is rounded once; for other numbers it takes the decimal digits.
    @inline(__always)
    private static func nearest(_ unscaled: Int128, _ scale: Int) -> Double {
        if scale <= 22, unscaled.magnitude <= 1 << 53 {
            return Double(Int64(truncatingIfNeeded: unscaled)) / Double(DecimalNumber.powerOfTen(scale))
        }
        return DecimalNumber(unscaled: unscaled, scale: scale).double
    }

    private static func exact(_ values: ColumnValues) -> (units: [Int128], scale: Int) {
        switch values {
        case .int64(let cells): (cells.map { Int128($0) }, 0)
        case .uint64(let cells): (cells.map { Int128($0) }, 0)
        case .decimal(let cells, let scale): (cells.map { Int128($0) }, scale)
        case .wideDecimal(let cells, let scale): (cells, scale)
        default: preconditionFailure("the columns that are compared are of one family, and their values were asked for")
        }
    }
}

struct PairTest<Cell: Comparable>: RowTest {
    let left: UnsafeBufferPointer<Cell>
    let right: UnsafeBufferPointer<Cell>
    let comparison: Comparison

    @inline(__always)
    func holds(at row: Int) -> Bool {
        comparison.holds(isLess: left[row] < right[row], isEqual: left[row] == right[row])
    }
}

/// Doubles, and numbers of other types.
struct MixedPairTest: RowTest {
    let left: UnsafeBufferPointer<Double>
    /// The doubles nearest to the numbers on the right.
    let nearest: UnsafeBufferPointer<Double>
    let right: ColumnValues
    let comparison: Comparison

    @inline(__always)
    func holds(at row: Int) -> Bool {
        let first = left[row]
        let second = nearest[row]
        // What is smaller than the nearest double is smaller than the number; below 2^53 all whole numbers are doubles.
        if first != second || first.magnitude < 0x1p53 {
            return comparison.holds(isLess: first < second, isEqual: first == second)
        }
        return holdsExactly(first, at: row)
    }

    @inline(never)
    private func holdsExactly(_ first: Double, at row: Int) -> Bool {
        guard let second = ColumnPair.whole(right, at: row) else {
            return comparison.holds(isLess: false, isEqual: true)
        }
        // Beyond all whole numbers of 128 bits is only what 2^127 was rounded up to.
        guard let first = Int128(exactly: first) else { return comparison.holds(isLess: first < 0, isEqual: false) }
        return comparison.holds(isLess: first < second, isEqual: first == second)
    }
}

struct TextPairTest: RowTest {
    let left: TextView
    let right: TextView
    let comparison: Comparison

    @inline(__always)
    func holds(at row: Int) -> Bool {
        comparison.holds(
            isLess: Bytes.isLess(left[row], right[row]), isEqual: Bytes.areEqual(left[row], right[row]))
    }
}

/// Numbers in different units; at most one of the factors is not 1.
struct ScaledPairTest: RowTest {
    let left: UnsafeBufferPointer<Int128>
    let right: UnsafeBufferPointer<Int128>
    let leftFactor: Int128
    let rightFactor: Int128
    let comparison: Comparison

    @inline(__always)
    func holds(at row: Int) -> Bool {
        let (first, isFirstBeyond) = left[row].multipliedReportingOverflow(by: leftFactor)
        let (second, isSecondBeyond) = right[row].multipliedReportingOverflow(by: rightFactor)
        // What overflows is larger in magnitude than anything 128 bits hold.
        if isFirstBeyond { return comparison.holds(isLess: left[row] < 0, isEqual: false) }
        if isSecondBeyond { return comparison.holds(isLess: right[row] > 0, isEqual: false) }
        return comparison.holds(isLess: first < second, isEqual: first == second)
    }
}
