import Tables

extension JSONColumnMaker {
    /// Values that are none of the column's type, read as what they are.
    func strays(_ cells: Cells, _ column: Column) -> [StrayValues] {
        var rowsByType: [LogicalType: Bitmap] = [:]
        column.uncomparable?.forEach { row in
            let own = Self.type(of: row, in: cells)
            guard own != type else { return }
            rowsByType[own, default: Bitmap(repeating: false, count: cells.kinds.count)][row] = true
        }
        return rowsByType.map { own, rows in
            var maker = JSONColumnMaker(type: own, origin: .inferred, zone: .utc)
            return StrayValues(rows: rows, column: maker.column(cells, need: .values))
        }
    }

    /// What a value is by itself: a text is a text, whatever it looks like.
    private static func type(of row: Int, in cells: Cells) -> LogicalType {
        switch cells.kinds[row] {
        case JSONKind.yes, JSONKind.no: .boolean
        case JSONKind.whole, JSONKind.fraction:
            cells.texts.withCells { bytes, starts, lengths in
                NumberFit.type(of: Cell(bytes, Int(starts[row]), Int(lengths[row])).bytes) ?? .float64
            }
        default: .string
        }
    }

    /// The type to read the cells as, and others that come behind them: that which most of them are of; `nil` where it is the column's.
    ///
    /// Numbers with fractions are never read as decimals, so that a number which a double holds is a double wherever it stands.
    func betterType(_ cells: Cells, _ column: Column) -> LogicalType? {
        guard let odd = column.uncomparable, !odd.isEmpty else { return nil }
        let better = prevailingType(cells.kinds)
        return better == type ? nil : better
    }

    private func prevailingType(_ kinds: UnsafeBufferPointer<UInt8>) -> LogicalType {
        var counts = [Int](repeating: 0, count: Int(JSONKind.container) + 1)
        for kind in kinds { counts[Int(kind)] += 1 }
        func count(_ kinds: UInt8...) -> Int { kinds.reduce(0) { $0 + counts[Int($1)] } }
        let texts = count(JSONKind.text, JSONKind.escapedText, JSONKind.container)
        let numbers = count(JSONKind.whole, JSONKind.fraction)
        let booleans = count(JSONKind.yes, JSONKind.no)
        if texts >= max(numbers, booleans) { return .string }
        if booleans >= numbers { return .boolean }
        if count(JSONKind.fraction) > 0 { return .float64 }
        guard type.isNumeric else { return .int64 }
        return widening ?? type
    }
}
