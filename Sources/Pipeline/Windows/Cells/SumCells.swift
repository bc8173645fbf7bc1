import Tables

/// Sums integers, decimals and durations exactly, or takes their mean: 48 bytes a cell.
struct SumCells: AggregateCells {
    private var sums: [WideSum] = []
    private var counts: [Int64] = []
    private let isMean: Bool
    /// Of the values.
    private let scale: Int
    private let type: LogicalType

    init(isMean: Bool, scale: Int, type: LogicalType) {
        self.isMean = isMean
        self.scale = scale
        self.type = type
    }

    mutating func grow(by count: Int) {
        sums += [WideSum](repeating: WideSum(), count: count)
        counts += [Int64](repeating: 0, count: count)
    }

    mutating func clear(_ cell: Int) {
        sums[cell] = WideSum()
        counts[cell] = 0
    }

    mutating func add(_ column: Column, _ places: CellPlaces) {
        switch column.values {
        case .int64(let values), .decimal(let values, _), .duration(let values): add(values, places)
        case .uint64(let values): add(values, places)
        case .wideDecimal(let values, _): add(values, places)
        default: preconditionFailure("only exact numbers and durations are summed here")
        }
    }

    private mutating func add<Number: BinaryInteger>(_ values: [Number], _ places: CellPlaces) {
        places.forEach(values) { value, cell in
            sums[cell].add(Int128(truncatingIfNeeded: value))
            counts[cell] &+= 1
        }
    }

    mutating func merge(_ pairs: [CellPair], of other: any AggregateCells) {
        guard let other = other as? Self else { preconditionFailure("cells of one aggregate are of one kind") }
        for pair in pairs {
            sums[pair.cell].add(other.sums[pair.other])
            counts[pair.cell] &+= other.counts[pair.other]
        }
    }

    func size(of cell: Int) -> Int { 33 }

    func write(_ cell: Int, to writer: inout ByteWriter) {
        writer.appendShort(UInt64(bitPattern: counts[cell]))
        writer.append(sums[cell].high)
        writer.append(UInt64(truncatingIfNeeded: sums[cell].low >> 64))
        writer.append(UInt64(truncatingIfNeeded: sums[cell].low))
    }

    mutating func merge(_ cell: Int, from reader: inout ByteReader) -> Bool {
        guard let count = reader.short().flatMap({ Int64(exactly: $0) }), let top: Int64 = reader.integer(),
            let high: UInt64 = reader.integer(), let low: UInt64 = reader.integer()
        else {
            return false
        }
        let (total, isBeyond) = counts[cell].addingReportingOverflow(count)
        guard !isBeyond else { return false }
        counts[cell] = total
        sums[cell].add(WideSum(high: top, low: UInt128(high) << 64 | UInt128(low)))
        return true
    }

    func value(of cell: Int) -> Value? {
        let count = counts[cell]
        guard count > 0 else { return .missing }
        switch type {
        case .float64:
            guard let sum = sums[cell].integer else { return nil }
            return .float(Double(sum) / Double(count))
        case .decimal(let precision, let scale):
            let units = isMean ? sums[cell].mean(of: count, addingDigits: scale - self.scale) : sums[cell].integer
            guard let units, units.magnitude < DecimalNumber.powerOfTen(precision).magnitude else { return nil }
            return .decimal(DecimalNumber(unscaled: units, scale: scale))
        case .duration:
            let units = isMean ? sums[cell].mean(of: count, addingDigits: 0) : sums[cell].integer
            return units.flatMap { Int64(exactly: $0) }.map { .duration(microseconds: $0) }
        case .uint64: return sums[cell].integer.flatMap { UInt64(exactly: $0) }.map { .integer(Int128($0)) }
        default: return sums[cell].integer.flatMap { Int64(exactly: $0) }.map { .integer(Int128($0)) }
        }
    }
}
