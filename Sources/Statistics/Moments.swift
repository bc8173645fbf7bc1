public import Tables

/// The sum and the sum of squares of a numeric column, exactly.
///
/// About 2 KiB.
///
/// Missing values and uncomparable ones are left out and counted.
public struct Moments: Accumulator, Equatable {
    public struct Result: Sendable, Equatable {
        /// Rows that were selected.
        public let rows: Int
        public let missing: Int
        public let uncomparable: Int
        /// Infinite values; with any of them the sum, the mean and the deviation are no numbers.
        public let infinite: Int
        /// Exact for integers and decimals, the nearest double of the exact sum otherwise; `nil` without values.
        public let sum: Value?
        public let mean: Double?
        /// Of a sample: divided by n − 1.
        ///
        /// `nil` for fewer than two values.
        public let standardDeviation: Double?

        public var count: Int { rows - missing - uncomparable }
    }

    private let column: Int
    private var rows = 0
    private var missing = 0
    private var uncomparable = 0
    private var positiveInfinities = 0
    private var negativeInfinities = 0
    private var sum = ExactSum()
    private var squares = ExactSum()
    /// Digits after the point of a decimal column, 0 for integers; `nil` for floating point, or before the first batch.
    private var scale: Int?

    /// `column` is an index of the schema, of a numeric column.
    public init(column: Int) { self.column = column }

    public mutating func update(_ batch: Batch, rows selected: Bitmap?) {
        let column = batch.column(column)
        let count = selected?.population ?? batch.rowCount
        let present = selected.map { column.present.intersection($0) } ?? column.present
        let typed = column.uncomparable.map { present.subtracting($0) } ?? present
        rows += count
        missing += count - present.population
        uncomparable += present.population - typed.population
        switch column.values {
        case .int64(let values): addIntegers(values, typed, scale: 0)
        case .uint64(let values): addIntegers(values, typed, scale: 0)
        case .decimal(let values, let scale): addIntegers(values, typed, scale: scale)
        case .wideDecimal(let values, let scale):
            self.scale = scale
            typed.forEach { row in
                sum.add(values[row])
                squares.addSquare(values[row])
            }
        case .float64(let values):
            typed.forEach { row in
                let value = values[row]
                guard value.isFinite else {
                    if value > 0 { positiveInfinities += 1 } else { negativeInfinities += 1 }
                    return
                }
                sum.add(value)
                squares.addSquare(value)
            }
        case .none, .boolean, .text, .date, .time, .timestamp, .duration:
            preconditionFailure("moments are of numeric columns")
        }
    }

    private mutating func addIntegers<Number: FixedWidthInteger>(_ values: [Number], _ typed: Bitmap, scale: Int) {
        self.scale = scale
        // A batch of less than 2^32 rows: sums of 64-bit numbers fit in 128 bits, and so do squares of 47-bit ones.
        var total: Int128 = 0
        var totalSquares: Int128 = 0
        typed.forEach { row in
            let value = Int128(values[row])
            total &+= value
            if value.magnitude < 1 << 47 { totalSquares &+= value &* value } else { squares.addSquare(value) }
        }
        sum.add(total)
        squares.add(totalSquares)
    }

    public mutating func merge(_ other: Moments) {
        rows += other.rows
        missing += other.missing
        uncomparable += other.uncomparable
        positiveInfinities += other.positiveInfinities
        negativeInfinities += other.negativeInfinities
        sum.add(other.sum)
        squares.add(other.squares)
        scale = scale ?? other.scale
    }

    public func finish() -> Result {
        let infinite = positiveInfinities + negativeInfinities
        let count = rows - missing - uncomparable
        let unit = scale.map { Double(DecimalNumber.powerOfTen($0)) } ?? 1
        var total: Value?
        var mean: Double?
        var deviation: Double?
        if count > 0, infinite == 0 {
            if let scale, let exact = sum.integer {
                total = scale == 0 ? .integer(exact) : .decimal(DecimalNumber(unscaled: exact, scale: scale))
            } else {
                total = .float(sum.divided(by: 1, powerOfTen: scale ?? 0))
            }
            mean = sum.divided(by: count, powerOfTen: scale ?? 0)
            if count > 1 { deviation = ExactSum.deviation(sum: sum, squares: squares, count: count) / unit }
        } else if count > 0, positiveInfinities == 0 || negativeInfinities == 0 {
            let infinity = positiveInfinities > 0 ? Double.infinity : -Double.infinity
            total = .float(infinity)
            mean = infinity
        }
        return Result(
            rows: rows, missing: missing, uncomparable: uncomparable, infinite: infinite, sum: total, mean: mean,
            standardDeviation: deviation)
    }
}
