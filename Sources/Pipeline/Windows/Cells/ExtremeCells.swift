import Tables

/// The least or the greatest of numbers, dates, times and booleans: 32 bytes a cell at most.
struct ExtremeCells<Number: ExtremeNumber>: AggregateCells {
    private var values: [Number?] = []
    private let isMaximum: Bool
    private let type: LogicalType

    init(isMaximum: Bool, type: LogicalType) {
        self.isMaximum = isMaximum
        self.type = type
    }

    mutating func grow(by count: Int) { values += [Number?](repeating: nil, count: count) }
    mutating func clear(_ cell: Int) { values[cell] = nil }

    @inline(__always)
    private mutating func take(_ value: Number, _ cell: Int) {
        guard let own = values[cell] else {
            values[cell] = value
            return
        }
        if isMaximum ? value > own : value < own { values[cell] = value }
    }

    mutating func add(_ column: Column, _ places: CellPlaces) {
        switch column.values {
        case .boolean(let bits):
            for (row, cell) in zip(places.rows, places.cells) { take(Number(bits[row] ? 1 : 0), cell) }
        case .float64(let values):
            // −0.0 and 0.0 are one value.
            places.forEach(values) { take(Number(ofDouble: $0 + 0.0), $1) }
        case .date(let values): places.forEach(values) { take(Number($0), $1) }
        case .int64(let values), .decimal(let values, _), .time(let values), .timestamp(let values),
            .duration(let values):
            places.forEach(values) { take(Number($0), $1) }
        case .uint64(let values): places.forEach(values) { take(Number($0), $1) }
        case .wideDecimal(let values, _): places.forEach(values) { take(Number($0), $1) }
        case .text, .none: preconditionFailure("texts are compared elsewhere")
        }
    }

    mutating func merge(_ pairs: [CellPair], of other: any AggregateCells) {
        guard let other = other as? Self else { preconditionFailure("cells of one aggregate are of one kind") }
        for pair in pairs { if let value = other.values[pair.other] { take(value, pair.cell) } }
    }

    func size(of cell: Int) -> Int { 17 }

    func write(_ cell: Int, to writer: inout ByteWriter) {
        writer.append(UInt8(values[cell] == nil ? 0 : 1))
        values[cell]?.write(to: &writer)
    }

    mutating func merge(_ cell: Int, from reader: inout ByteReader) -> Bool {
        guard let flag: UInt8 = reader.integer(), flag < 2 else { return false }
        guard flag == 1 else { return true }
        guard let value = Number(from: &reader) else { return false }
        take(value, cell)
        return true
    }

    func value(of cell: Int) -> Value? { values[cell].map { $0.value(type) } ?? .missing }
}

/// What the extremes of a column are kept as.
protocol ExtremeNumber: Comparable, Sendable {
    init<Source: BinaryInteger>(_ source: Source)
    init(ofDouble double: Double)
    init?(from reader: inout ByteReader)
    func write(to writer: inout ByteWriter)
    /// `nil` where the type has no such value.
    func value(_ type: LogicalType) -> Value?
}

extension Double: ExtremeNumber {
    init(ofDouble double: Double) { self = double }

    init?(from reader: inout ByteReader) {
        guard let value = reader.double(), !value.isNaN else { return nil }
        self = value + 0.0
    }

    func write(to writer: inout ByteWriter) { writer.append(self) }
    func value(_ type: LogicalType) -> Value? { .float(self) }
}

extension Int128: ExtremeNumber {
    init(ofDouble double: Double) { self = Int128(exactly: double) ?? 0 }

    init?(from reader: inout ByteReader) {
        guard let high: Int64 = reader.integer(), let low: UInt64 = reader.integer() else { return nil }
        self = Int128(high) << 64 | Int128(low)
    }

    func write(to writer: inout ByteWriter) {
        writer.append(Int64(truncatingIfNeeded: self >> 64))
        writer.append(UInt64(truncatingIfNeeded: self))
    }

    func value(_ type: LogicalType) -> Value? {
        switch type {
        case .boolean: .boolean(self != 0)
        case .decimal(let precision, let scale):
            magnitude < DecimalNumber.powerOfTen(precision).magnitude
                ? .decimal(DecimalNumber(unscaled: self, scale: scale)) : nil
        case .uint64: UInt64(exactly: self).map { .integer(Int128($0)) }
        case .date: Int32(exactly: self).map { .date(days: Int($0)) }
        case .time: Int64(exactly: self).map { .time(microseconds: $0) }
        case .timestamp: Int64(exactly: self).map { .timestamp(microseconds: $0) }
        case .duration: Int64(exactly: self).map { .duration(microseconds: $0) }
        default: Int64(exactly: self).map { .integer(Int128($0)) }
        }
    }
}
