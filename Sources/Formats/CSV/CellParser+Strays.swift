import Tables

extension CellParser {
    /// Numbers that the column's type doesn't hold, read as what they are.
    func strays(_ cells: FieldCutter.Cells, _ column: Column) -> [StrayValues] {
        guard type.isNumeric, let odd = column.uncomparable else { return [] }
        var rowsByType: [LogicalType: Bitmap] = [:]
        cells.texts.withCells { bytes, starts, lengths in
            odd.forEach { row in
                let cell = Cell(bytes, Int(starts[row]), Int(lengths[row]))
                guard case .number(let fit) = ValueShape(cell.bytes) else { return }
                let own = fit?.type ?? NumberFit.type(of: NumberText.trimmed(cell.bytes)) ?? .float64
                rowsByType[own, default: Bitmap(repeating: false, count: odd.count)][row] = true
            }
        }
        return rowsByType.filter { $0.key != type }.map { own, rows in
            var parser = CellParser(type: own, origin: .inferred, zone: .utc)
            let values = parser.column(FieldCutter.Cells(texts: cells.texts, present: rows), need: .values)
            return StrayValues(rows: rows, column: values)
        }
    }
}
