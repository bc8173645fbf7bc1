import Tables

extension CellTest {
    /// The test's answer for every row; of rows without a typed value it means nothing.
    func answers(_ column: Column, count: Int) -> Bitmap {
        precondition(column.count == count, "the columns of a batch are as long as the batch")
        switch (self, column.values) {
        case (.boolean(let whenFalse, let whenTrue), .boolean(let bits)):
            if whenFalse == whenTrue { return Bitmap(repeating: whenTrue, count: count) }
            return whenTrue ? bits : bits.inverted
        case (.doubles(let interval), .float64(let cells)):
            return Self.answers(cells, interval.low, interval.high, interval.isInside, count)
        case (.doubleSet(let values), .float64(let cells)): return Self.answers(cells, among: values, count)
        case (_, .text(let cells)): return textAnswers(cells, count)
        case (_, .int64(let cells)): return integerAnswers(cells, count)
        case (_, .uint64(let cells)): return integerAnswers(cells, count)
        case (_, .decimal(let cells, _)): return integerAnswers(cells, count)
        case (_, .wideDecimal(let cells, _)): return integerAnswers(cells, count)
        case (_, .date(let cells)): return integerAnswers(cells, count)
        case (_, .time(let cells)): return integerAnswers(cells, count)
        case (_, .timestamp(let cells)): return integerAnswers(cells, count)
        case (_, .duration(let cells)): return integerAnswers(cells, count)
        default: preconditionFailure("a \(column.type) column's values are stored as its type says and were asked for")
        }
    }

    private func integerAnswers<Cell: FixedWidthInteger>(_ cells: [Cell], _ count: Int) -> Bitmap {
        switch self {
        case .integers(let interval):
            guard interval.low <= interval.high, interval.low <= Int128(Cell.max), interval.high >= Int128(Cell.min)
            else { return Bitmap(repeating: !interval.isInside, count: count) }
            let bounds = (Cell(clamping: interval.low), Cell(clamping: interval.high))
            return Self.answers(cells, bounds.0, bounds.1, interval.isInside, count)
        case .integerSet(let values):
            return Self.answers(cells, among: values.compactMap { Cell(exactly: $0) }, count)
        default: preconditionFailure("a test of integers is asked of integers")
        }
    }

    private static func answers<Cell: Comparable>(
        _ cells: [Cell], _ low: Cell, _ high: Cell, _ isInside: Bool, _ count: Int
    ) -> Bitmap {
        precondition(cells.count >= count, "a column stores a value a row")
        return cells.withUnsafeBufferPointer { cells in
            Bitmap(count: count, test: IntervalTest(cells: cells, low: low, high: high, isInside: isInside))
        }
    }

    /// `values` are ascending.
    private static func answers<Cell: Comparable>(_ cells: [Cell], among values: [Cell], _ count: Int) -> Bitmap {
        precondition(cells.count >= count, "a column stores a value a row")
        return cells.withUnsafeBufferPointer { cells in
            values.withUnsafeBufferPointer { values in
                values.count <= 8
                    ? Bitmap(count: count, test: FewTest(cells: cells, values: values))
                    : Bitmap(count: count, test: ManyTest(cells: cells, values: values))
            }
        }
    }

    private func textAnswers(_ cells: TextCells, _ count: Int) -> Bitmap {
        precondition(cells.count >= count, "a column stores a text a row")
        return cells.withCells { bytes, starts, lengths in
            let texts = TextView(bytes: bytes, starts: starts, lengths: lengths)
            switch self {
            case .text(let wanted, let comparison):
                return wanted.withUnsafeBytes { wanted in
                    comparison.isEquality
                        ? Bitmap(
                            count: count,
                            test: TextEqualityTest(texts: texts, wanted: wanted, isEqual: comparison == .equal))
                        : Bitmap(count: count, test: TextOrderTest(texts: texts, bound: wanted, comparison: comparison))
                }
            case .textSet(let set): return Bitmap(count: count, test: TextSetTest(texts: texts, set: set))
            case .like(let pattern): return Bitmap(count: count, test: LikeTest(texts: texts, pattern: pattern))
            default: preconditionFailure("a test of texts is asked of texts")
            }
        }
    }
}
