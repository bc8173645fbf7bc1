import Tables

/// Keeps doubles to tell their percentiles exactly: 8 bytes a value.
struct ValueCells: AggregateCells {
    private var values: [[Double]] = []
    private let fraction: Double

    init(fraction: Double) { self.fraction = fraction }

    mutating func grow(by count: Int) { values += [[Double]](repeating: [], count: count) }
    mutating func clear(_ cell: Int) { values[cell] = [] }

    mutating func add(_ column: Column, _ places: CellPlaces) {
        guard case .float64(let own) = column.values else { preconditionFailure("only doubles have percentiles here") }
        places.forEach(own) { values[$1].append($0) }
    }

    mutating func merge(_ pairs: [CellPair], of other: any AggregateCells) {
        guard let other = other as? Self else { preconditionFailure("cells of one aggregate are of one kind") }
        for pair in pairs { values[pair.cell] += other.values[pair.other] }
    }

    func size(of cell: Int) -> Int { values[cell].count * 8 + 9 }

    func write(_ cell: Int, to writer: inout ByteWriter) {
        writer.appendShort(UInt(values[cell].count))
        for value in values[cell].sorted() { writer.append(value) }
    }

    mutating func merge(_ cell: Int, from reader: inout ByteReader) -> Bool {
        guard let count = reader.count(of: 8) else { return false }
        values[cell].reserveCapacity(values[cell].count + count)
        for _ in 0..<count {
            guard let value = reader.double(), !value.isNaN else { return false }
            values[cell].append(value)
        }
        return true
    }

    func value(of cell: Int) -> Value? {
        guard !values[cell].isEmpty else { return .missing }
        let sorted = values[cell].sorted()
        let rank = fraction * Double(sorted.count - 1)
        let below = min(Int(rank), sorted.count - 1)
        let (low, high) = (sorted[below], sorted[min(below + 1, sorted.count - 1)])
        let share = rank - Double(below)
        guard share > 0, low != high else { return .float(low + 0.0) }
        // The difference of two finite numbers may be too large for one.
        let value = (high - low).isFinite ? low + (high - low) * share : low * (1 - share) + high * share
        return value.isNaN ? nil : .float(value)
    }
}
