/// What is known of the values of a column in a run of rows without a look at each: counted by a file's writer, or in one go over
/// a batch.
public struct ColumnSummary: Sendable, Equatable {
    public let rowCount: Int
    public let missingCount: Int
    /// Values that are none of the column's type; `nil` where it isn't known how many.
    public let uncomparableCount: Int?
    /// The least and the greatest value of the column's type; `nil` where that isn't known, or where there is none.
    public let extent: ValueExtent?
    /// Whether both ends of the extent occur; else no value lies outside of it, which is all that is known.
    public let isExtentExact: Bool
    /// Bytes of the shortest and of the longest text; `nil` where that isn't known, or where there is none.
    public let byteLengths: ClosedRange<Int>?

    public init(
        rowCount: Int, missingCount: Int, uncomparableCount: Int? = 0, extent: ValueExtent? = nil,
        isExtentExact: Bool = true, byteLengths: ClosedRange<Int>? = nil
    ) {
        self.rowCount = rowCount
        self.missingCount = missingCount
        self.uncomparableCount = uncomparableCount
        self.extent = extent
        self.isExtentExact = isExtentExact
        self.byteLengths = byteLengths
    }

    /// What the writer of a file tells of a column of a type: how many values are missing, and between which bounds the others lie.
    ///
    /// `bounds` is `nil` where they aren't known. No writer counts uncomparable values: there are none where whatever is stored
    /// is a value, and where all that lies between the bounds is one.
    public init(rowCount: Int, missingCount: Int, bounds: ValueExtent?, areBoundsExact: Bool, of type: LogicalType) {
        let isComparable =
            switch type {
            // Between two texts lie bytes that are no text.
            case .string: bounds?.isOneValue ?? false
            case .decimal, .time, .timestamp: bounds != nil
            default: true
            }
        self.init(
            rowCount: rowCount, missingCount: missingCount,
            uncomparableCount: isComparable || missingCount == rowCount ? 0 : nil, extent: bounds,
            isExtentExact: areBoundsExact)
    }

    /// Rows with a value, uncomparable ones included.
    public var presentCount: Int { rowCount - missingCount }
    /// Rows with a value of the column's type; `nil` where it isn't known how many.
    public var typedCount: Int? { uncomparableCount.map { presentCount - $0 } }

    /// What a summary may tell beyond counts; each costs a look at every value of a batch.
    public struct Parts: OptionSet, Sendable, Hashable {
        public let rawValue: UInt8

        public init(rawValue: UInt8) { self.rawValue = rawValue }

        public static let extent = Parts(rawValue: 1)
        public static let byteLengths = Parts(rawValue: 2)
    }
}

/// From the least to the greatest of some values, in the terms of their column's storage.
public enum ValueExtent: Sendable, Equatable {
    /// Whole numbers in the unit that the column stores: decimals unscaled, dates in days, times in microseconds, `false` as 0.
    case integers(Int128, Int128)
    /// Without NaN; both zeros are `0.0`.
    case floats(Double, Double)
    /// By their bytes.
    case texts([UInt8], [UInt8])

    /// Whether there is but one value in it.
    var isOneValue: Bool {
        switch self {
        case .integers(let low, let high): low == high
        case .floats(let low, let high): low == high
        case .texts(let low, let high): low == high
        }
    }

    /// The extent of the values of both; they are of one column.
    public func union(_ other: ValueExtent) -> ValueExtent {
        switch (self, other) {
        case (.integers(let low, let high), .integers(let low2, let high2)):
            return .integers(min(low, low2), max(high, high2))
        case (.floats(let low, let high), .floats(let low2, let high2)):
            return .floats(min(low, low2), max(high, high2))
        case (.texts(let low, let high), .texts(let low2, let high2)):
            return .texts(
                low2.lexicographicallyPrecedes(low) ? low2 : low, high.lexicographicallyPrecedes(high2) ? high2 : high)
        default: preconditionFailure("a column has one type")
        }
    }
}

extension Column {
    /// The column's summary, with the parts that are wanted.
    ///
    /// Counts alone cost a look at 64 rows at once, each part one at every value.
    public func summary(_ parts: ColumnSummary.Parts) -> ColumnSummary {
        let typed = typed
        return ColumnSummary(
            rowCount: count, missingCount: count - present.population,
            uncomparableCount: uncomparable.map { $0.intersection(present).population } ?? 0,
            extent: parts.contains(.extent) ? extent(of: typed) : nil,
            byteLengths: parts.contains(.byteLengths) && uncomparable == nil ? byteLengths(of: present) : nil)
    }

    /// The extent of the values in some typed rows; `nil` where there is no row, or no order.
    public func extent(of rows: Bitmap) -> ValueExtent? {
        switch values {
        case .boolean(let bits):
            let count = rows.population
            let ones = bits.intersection(rows).population
            return count == 0 ? nil : .integers(ones == count ? 1 : 0, ones > 0 ? 1 : 0)
        case .int64(let values), .time(let values), .timestamp(let values), .duration(let values),
            .decimal(let values, _):
            return Self.integers(values, rows)
        case .uint64(let values): return Self.integers(values, rows)
        case .wideDecimal(let values, _): return Self.integers(values, rows)
        case .date(let values): return Self.integers(values, rows)
        case .float64(let values):
            return rows.extent(of: values).map { .floats($0.low + 0.0, $0.high + 0.0) }
        case .text(let cells):
            guard let dictionary, dictionary.entries.count <= count else { return Self.texts(cells, rows) }
            return Self.texts(dictionary.entries, dictionary.entries(in: rows))
        case .none: return nil
        }
    }

    private static func integers<Number: BinaryInteger>(_ values: [Number], _ rows: Bitmap) -> ValueExtent? {
        rows.extent(of: values).map { .integers(Int128($0.low), Int128($0.high)) }
    }

    private static func texts(_ cells: TextCells, _ rows: Bitmap) -> ValueExtent? {
        guard let first = rows.first(1).first else { return nil }
        return cells.withCells { bytes, starts, lengths in
            func cell(_ row: Int) -> UnsafeRawBufferPointer {
                UnsafeRawBufferPointer(rebasing: bytes[Int(starts[row])..<Int(starts[row]) + Int(lengths[row])])
            }
            var (low, high) = (cell(first), cell(first))
            var shared = SharedTexts<Void>()
            rows.forEach { row in
                shared.finding(start: starts[row], length: lengths[row]) {
                    let value = cell(row)
                    if TextOrder.isLess(value, low) { low = value }
                    if TextOrder.isLess(high, value) { high = value }
                }
            }
            return .texts(Array(low), Array(high))
        }
    }

    /// Lengths of the texts that were read or stored, never of those that would have to be made first.
    private func byteLengths(of rows: Bitmap) -> ClosedRange<Int>? {
        let cells: TextCells
        if case .text(let stored) = values {
            cells = stored
        } else if let lexemes {
            cells = lexemes
        } else {
            return nil
        }
        return rows.extent(of: cells.lengths).map { Int($0.low)...Int($0.high) }
    }
}

extension Bitmap {
    /// The least and the greatest of the numbers in the marked rows; `nil` where none is marked.
    @inlinable
    public func extent<Number: Comparable>(of numbers: [Number]) -> (low: Number, high: Number)? {
        precondition(numbers.count == count, "a number for each row")
        guard let first = first(1).first else { return nil }
        var (low, high) = (numbers[first], numbers[first])
        numbers.withUnsafeBufferPointer { numbers in
            for index in words.indices {
                var word = words[index]
                let base = index &* 64
                if word == ~0 {
                    for row in base..<base &+ 64 {
                        low = numbers[row] < low ? numbers[row] : low
                        high = numbers[row] > high ? numbers[row] : high
                    }
                    continue
                }
                while word != 0 {
                    let number = numbers[base &+ word.trailingZeroBitCount]
                    if number < low { low = number }
                    if number > high { high = number }
                    word &= word &- 1
                }
            }
        }
        return (low, high)
    }
}
