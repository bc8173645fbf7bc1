import Tables

/// Counts rows: 8 bytes a cell.
struct CountCells: AggregateCells {
    private var counts: [Int64] = []

    mutating func grow(by count: Int) { counts += [Int64](repeating: 0, count: count) }
    mutating func clear(_ cell: Int) { counts[cell] = 0 }

    mutating func add(_ column: Column, _ places: CellPlaces) { for cell in places.cells { counts[cell] &+= 1 } }

    mutating func merge(_ pairs: [CellPair], of other: any AggregateCells) {
        guard let other = other as? Self else { preconditionFailure("cells of one aggregate are of one kind") }
        for pair in pairs { counts[pair.cell] &+= other.counts[pair.other] }
    }

    func size(of cell: Int) -> Int { 9 }
    func write(_ cell: Int, to writer: inout ByteWriter) { writer.appendShort(UInt64(bitPattern: counts[cell])) }

    mutating func merge(_ cell: Int, from reader: inout ByteReader) -> Bool {
        guard let count = reader.short().flatMap({ Int64(exactly: $0) }) else { return false }
        let (sum, isBeyond) = counts[cell].addingReportingOverflow(count)
        counts[cell] = sum
        return !isBeyond
    }

    func value(of cell: Int) -> Value? { .integer(Int128(counts[cell])) }
}
