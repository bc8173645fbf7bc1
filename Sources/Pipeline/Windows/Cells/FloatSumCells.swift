import Statistics
import Tables

/// Sums doubles without rounding on the way, or takes their mean: some 1,200 bytes a cell, and stored some 30.
struct FloatSumCells: AggregateCells {
    private struct Cell: Sendable {
        var sum: ExactSum?
        var count: Int64 = 0
        var hasInfinity = false
        var hasNegativeInfinity = false

        @inline(__always)
        mutating func add(_ value: Double) {
            count &+= 1
            guard value.isFinite else {
                if value > 0 { hasInfinity = true } else { hasNegativeInfinity = true }
                return
            }
            if sum == nil { sum = ExactSum() }
            sum?.add(value)
        }

        mutating func add(_ other: Cell) {
            count &+= other.count
            hasInfinity = hasInfinity || other.hasInfinity
            hasNegativeInfinity = hasNegativeInfinity || other.hasNegativeInfinity
            guard let added = other.sum else { return }
            if sum == nil { sum = added } else { sum?.add(added) }
        }
    }

    private var cells: [Cell] = []
    private let isMean: Bool

    init(isMean: Bool) { self.isMean = isMean }

    mutating func grow(by count: Int) { cells += [Cell](repeating: Cell(), count: count) }
    mutating func clear(_ cell: Int) { cells[cell] = Cell() }

    mutating func add(_ column: Column, _ places: CellPlaces) {
        guard case .float64(let values) = column.values else { preconditionFailure("only doubles are summed here") }
        places.forEach(values) { cells[$1].add($0) }
    }

    mutating func merge(_ pairs: [CellPair], of other: any AggregateCells) {
        guard let other = other as? Self else { preconditionFailure("cells of one aggregate are of one kind") }
        for pair in pairs { cells[pair.cell].add(other.cells[pair.other]) }
    }

    func size(of cell: Int) -> Int { 40 }

    func write(_ cell: Int, to writer: inout ByteWriter) {
        let cell = cells[cell]
        writer.appendShort(UInt64(bitPattern: cell.count))
        let (isNegative, first, limbs) = cell.sum?.limbs ?? (false, 0, [])
        writer.append(
            UInt8(isNegative ? 1 : 0) | (cell.hasInfinity ? 2 : 0) | (cell.hasNegativeInfinity ? 4 : 0))
        writer.append(UInt8(first))
        writer.append(UInt8(limbs.count))
        for limb in limbs { writer.append(limb) }
    }

    mutating func merge(_ cell: Int, from reader: inout ByteReader) -> Bool {
        guard let count = reader.short().flatMap({ Int64(exactly: $0) }), let flags: UInt8 = reader.integer(),
            flags < 8, let first: UInt8 = reader.integer(), let limbCount: UInt8 = reader.integer()
        else {
            return false
        }
        var limbs: [UInt32] = []
        for _ in 0..<limbCount {
            guard let limb: UInt32 = reader.integer() else { return false }
            limbs.append(limb)
        }
        var read = Cell()
        read.count = count
        read.hasInfinity = flags & 2 != 0
        read.hasNegativeInfinity = flags & 4 != 0
        if !limbs.isEmpty {
            guard let sum = ExactSum(isNegative: flags & 1 != 0, first: Int(first), limbs: limbs) else { return false }
            read.sum = sum
        }
        guard !cells[cell].count.addingReportingOverflow(count).overflow else { return false }
        cells[cell].add(read)
        return true
    }

    func value(of cell: Int) -> Value? {
        let cell = cells[cell]
        guard cell.count > 0 else { return .missing }
        switch (cell.hasInfinity, cell.hasNegativeInfinity) {
        case (true, true): return nil
        case (true, false): return .float(.infinity)
        case (false, true): return .float(-.infinity)
        case (false, false):
            guard let sum = cell.sum else { return .float(0) }
            let value = isMean ? sum.divided(by: Int(cell.count)) : sum.double
            return value.isFinite ? .float(value) : nil
        }
    }
}
