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

    private enum Range: Equatable {
        case none
        case integers(Int128, Int128)
        case floats(Double, Double)
        case texts([UInt8], [UInt8])
    }

    private let column: Int
    private let type: LogicalType
    private var rows = 0
    private var missing = 0
    private var uncomparable = 0
    private var range = Range.none

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
        switch column.values {
        case .boolean(let bits):
            include(Self.bounds([UInt8]((0..<bits.count).map { bits[$0] ? 1 : 0 }), typed))
        case .int64(let values), .time(let values), .timestamp(let values), .duration(let values),
            .decimal(let values, _):
            include(Self.bounds(values, typed))
        case .uint64(let values): include(Self.bounds(values, typed))
        case .wideDecimal(let values, _): include(Self.bounds(values, typed))
        case .date(let values): include(Self.bounds(values, typed))
        case .float64(let values):
            if let (low, high) = Self.extent(values, typed) { include(.floats(low + 0.0, high + 0.0)) }
        case .text(let cells): include(Self.bounds(cells, typed))
        case .none: preconditionFailure("extremes need values")
        }
    }

    private static func extent<Number: Comparable>(_ values: [Number], _ rows: Bitmap) -> (Number, Number)? {
        var extent: (Number, Number)?
        values.withUnsafeBufferPointer { values in
            guard let first = rows.first(1).first else { return }
            var (low, high) = (values[first], values[first])
            rows.forEach { row in
                let value = values[row]
                if value < low { low = value }
                if value > high { high = value }
            }
            extent = (low, high)
        }
        return extent
    }

    private static func bounds<Number: BinaryInteger>(_ values: [Number], _ rows: Bitmap) -> Range {
        extent(values, rows).map { .integers(Int128($0), Int128($1)) } ?? .none
    }

    private static func bounds(_ cells: TextCells, _ rows: Bitmap) -> Range {
        guard let first = rows.first(1).first else { return .none }
        return cells.withCells { bytes, starts, lengths in
            func cell(_ row: Int) -> UnsafeRawBufferPointer {
                UnsafeRawBufferPointer(rebasing: bytes[Int(starts[row])..<Int(starts[row]) + Int(lengths[row])])
            }
            var (low, high) = (cell(first), cell(first))
            rows.forEach { row in
                let value = cell(row)
                if TextOrder.isLess(value, low) { low = value }
                if TextOrder.isLess(high, value) { high = value }
            }
            return .texts(Array(low), Array(high))
        }
    }

    private mutating func include(_ other: Range) {
        switch (range, other) {
        case (_, .none): break
        case (.none, _): range = other
        case (.integers(let low, let high), .integers(let low2, let high2)):
            range = .integers(min(low, low2), max(high, high2))
        case (.floats(let low, let high), .floats(let low2, let high2)):
            range = .floats(min(low, low2), max(high, high2))
        case (.texts(let low, let high), .texts(let low2, let high2)):
            range = .texts(
                low2.lexicographicallyPrecedes(low) ? low2 : low, high.lexicographicallyPrecedes(high2) ? high2 : high)
        default: preconditionFailure("a column has one type")
        }
    }

    public mutating func merge(_ other: Extremes) {
        rows += other.rows
        missing += other.missing
        uncomparable += other.uncomparable
        include(other.range)
    }

    public func finish() -> Result {
        let (low, high): (Value?, Value?) =
            switch range {
            case .none: (nil, nil)
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
