public import Tables

/// The smallest and the largest value of a column.
///
/// Text compares by its bytes; memory: two values.
///
/// Missing values and uncomparable ones are left out and counted.
public struct Extremes: Accumulator, Equatable {
    public struct Result: Sendable, Equatable {
        /// Rows that were selected.
        public let rows: Int
        public let missing: Int
        public let uncomparable: Int
        /// `nil` without values.
        public let minimum: Value?
        public let maximum: Value?

        public var count: Int { rows - missing - uncomparable }
    }

    private let column: Int
    private let type: LogicalType
    private var rows = 0
    private var missing = 0
    private var uncomparable = 0
    private var extent: ValueExtent?

    public init(column: Int, type: LogicalType) {
        self.column = column
        self.type = type
    }

    public mutating func update(_ batch: Batch, rows selected: Bitmap?) {
        let column = batch.column(column)
        let count = selected?.population ?? batch.rowCount
        let present = selected.map { column.present.intersection($0) } ?? column.present
        let typed = column.uncomparable.map { present.subtracting($0) } ?? present
        rows += count
        missing += count - present.population
        uncomparable += present.population - typed.population
        include(column.extent(of: typed))
    }

    public mutating func update(_ outline: Outline) -> Bool {
        guard let summary = outline.columns[column], let uncomparableCount = summary.uncomparableCount,
            summary.typedCount == 0 || (summary.extent != nil && summary.isExtentExact)
        else {
            return false
        }
        rows += summary.rowCount
        missing += summary.missingCount
        uncomparable += uncomparableCount
        include(summary.extent)
        return true
    }

    private mutating func include(_ other: ValueExtent?) {
        guard let other else { return }
        extent = extent?.union(other) ?? other
    }

    public mutating func merge(_ other: Extremes) {
        rows += other.rows
        missing += other.missing
        uncomparable += other.uncomparable
        include(other.extent)
    }

    public func finish() -> Result {
        let (low, high): (Value?, Value?) =
            switch extent {
            case nil: (nil, nil)
            case .integers(let low, let high): (value(low), value(high))
            case .floats(let low, let high): (.float(low), .float(high))
            case .texts(let low, let high):
                (.text(String(decoding: low, as: UTF8.self)), .text(String(decoding: high, as: UTF8.self)))
            }
        return Result(rows: rows, missing: missing, uncomparable: uncomparable, minimum: low, maximum: high)
    }

    private func value(_ number: Int128) -> Value {
        switch type {
        case .boolean: .boolean(number != 0)
        case .decimal(_, let scale): .decimal(DecimalNumber(unscaled: number, scale: scale))
        case .date: .date(days: Int(number))
        case .time: .time(microseconds: Int64(number))
        case .timestamp: .timestamp(microseconds: Int64(number))
        case .duration: .duration(microseconds: Int64(number))
        default: .integer(number)
        }
    }
}
