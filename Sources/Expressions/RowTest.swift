import Tables

/// A test of a row by its number; a concrete type each, so that every loop is compiled for its test.
protocol RowTest {
    func holds(at row: Int) -> Bool
}

extension Bitmap {
    /// One bit a row, 64 rows to a word.
    @inline(__always)
    init(count: Int, test: some RowTest) {
        self.init(count: count) { words in
            let whole = count / 64
            for word in 0..<whole {
                let first = word &* 64
                var bits: UInt64 = 0
                for place in 0..<64 { bits |= (test.holds(at: first &+ place) ? 1 : 0) &<< UInt64(place) }
                words[word] = bits
            }
            var bits: UInt64 = 0
            for row in whole &* 64..<count { bits |= (test.holds(at: row) ? 1 : 0) &<< UInt64(row & 63) }
            if whole < words.count { words[whole] = bits }
        }
    }
}

/// Whether a cell lies between two bounds, or outside of them.
struct IntervalTest<Cell: Comparable>: RowTest {
    let cells: UnsafeBufferPointer<Cell>
    let low: Cell
    let high: Cell
    let isInside: Bool

    @inline(__always)
    func holds(at row: Int) -> Bool {
        let cell = cells[row]
        return (cell >= low && cell <= high) == isInside
    }
}

/// Whether a cell is one of a few values.
struct FewTest<Cell: Equatable>: RowTest {
    let cells: UnsafeBufferPointer<Cell>
    let values: UnsafeBufferPointer<Cell>

    @inline(__always)
    func holds(at row: Int) -> Bool {
        let cell = cells[row]
        var isFound = false
        for value in values { isFound = isFound || cell == value }
        return isFound
    }
}

/// Whether a cell is one of many values, which are in ascending order.
struct ManyTest<Cell: Comparable>: RowTest {
    let cells: UnsafeBufferPointer<Cell>
    let values: UnsafeBufferPointer<Cell>

    @inline(__always)
    func holds(at row: Int) -> Bool {
        let cell = cells[row]
        var low = 0
        var high = values.count
        while low < high {
            let middle = (low &+ high) / 2
            if values[middle] < cell { low = middle &+ 1 } else { high = middle }
        }
        return low < values.count && values[low] == cell
    }
}

/// The texts of a column while their buffers are held.
///
/// Every cell lies inside the bytes, of missing rows too: `TextCells` promises it.
struct TextView {
    let bytes: UnsafeRawBufferPointer
    let starts: UnsafeBufferPointer<UInt32>
    let lengths: UnsafeBufferPointer<UInt32>

    @inline(__always)
    subscript(row: Int) -> UnsafeRawBufferPointer {
        let start = Int(starts[row])
        return UnsafeRawBufferPointer(rebasing: bytes[start..<start &+ Int(lengths[row])])
    }
}

struct TextEqualityTest: RowTest {
    let texts: TextView
    let wanted: UnsafeRawBufferPointer
    let isEqual: Bool

    @inline(__always)
    func holds(at row: Int) -> Bool {
        guard Int(texts.lengths[row]) == wanted.count else { return !isEqual }
        return Bytes.areEqual(texts[row], wanted) == isEqual
    }
}

struct TextOrderTest: RowTest {
    let texts: TextView
    let bound: UnsafeRawBufferPointer
    let comparison: Comparison

    @inline(__always)
    func holds(at row: Int) -> Bool {
        let text = texts[row]
        return comparison.holds(isLess: Bytes.isLess(text, bound), isEqual: Bytes.areEqual(text, bound))
    }
}

struct TextSetTest: RowTest {
    let texts: TextView
    let set: TextSet

    @inline(__always)
    func holds(at row: Int) -> Bool { set.contains(texts[row]) }
}

struct LikeTest: RowTest {
    let texts: TextView
    let pattern: LikePattern

    @inline(__always)
    func holds(at row: Int) -> Bool { pattern.matches(texts[row]) }
}
