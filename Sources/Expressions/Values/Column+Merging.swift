import Tables

extension Column {
    /// For each row the value of the branch that has it among its rows, or else the base's.
    ///
    /// The branches are of the base's type, and no row is in two of them.
    init(merging branches: [(column: Column, rows: Bitmap)], over base: Column) {
        let branches = branches.filter { !$0.rows.isEmpty }
        guard !branches.isEmpty else {
            self = base
            return
        }
        if branches.count == 1, branches[0].rows.isFull {
            self = branches[0].column
            return
        }
        var present = base.present
        for branch in branches {
            present.subtract(branch.rows)
            present.formUnion(branch.column.present.intersection(branch.rows))
        }
        self.init(type: base.type, present: present, values: Self.merge(branches, base))
    }

    private static func merge(_ branches: [(column: Column, rows: Bitmap)], _ base: Column) -> ColumnValues {
        func values<Element>(_ own: [Element], _ pick: (Column) -> [Element]) -> [Element] {
            var merged = own
            for branch in branches {
                let source = pick(branch.column)
                precondition(source.count == merged.count, "branches are as long as the batch")
                source.withUnsafeBufferPointer { source in
                    merged.withUnsafeMutableBufferPointer { merged in
                        branch.rows.forEach { merged[$0] = source[$0] }
                    }
                }
            }
            return merged
        }
        switch base.values {
        case .none: return .none
        case .boolean(var bits):
            for branch in branches {
                bits.subtract(branch.rows)
                bits.formUnion(branch.column.bits.intersection(branch.rows))
            }
            return .boolean(bits)
        case .int64(let own): return .int64(values(own, \.int64s))
        case .time(let own): return .time(values(own, \.int64s))
        case .timestamp(let own): return .timestamp(values(own, \.int64s))
        case .duration(let own): return .duration(values(own, \.int64s))
        case .float64(let own): return .float64(values(own, \.doubles))
        case .date(let own): return .date(values(own, \.days))
        case .wideDecimal(let own, let scale): return .wideDecimal(values(own, \.units), scale: scale)
        case .uint64(let own):
            return .uint64(values(own) { if case .uint64(let values) = $0.values { values } else { own } })
        case .decimal(let own, let scale):
            return .decimal(
                values(own) { if case .decimal(let values, _) = $0.values { values } else { own } }, scale: scale)
        case .text(let own): return .text(texts(branches, base, own))
        }
    }

    /// Of each branch either the whole buffer is taken over, or only the cells in its rows, whichever is less.
    ///
    /// So the result is never larger than what it is made of.
    private static func texts(
        _ branches: [(column: Column, rows: Bitmap)], _ base: Column, _ own: TextCells
    ) -> TextCells {
        var rest = base.present
        for branch in branches { rest.subtract(branch.rows) }
        var bytes: [UInt8] = []
        var starts = [UInt32](repeating: 0, count: base.count)
        var lengths = starts
        for (cells, rows) in [(own, rest)]
            + branches.map({ ($0.column.cells, $0.rows.intersection($0.column.present)) })
        {
            var selected = 0
            rows.forEach { selected &+= Int(cells.lengths[$0]) }
            let isWhole = cells.bytes.count <= selected
            let shift = bytes.count
            if isWhole { bytes += cells.bytes }
            rows.forEach { row in
                let start = Int(cells.starts[row])
                let length = Int(cells.lengths[row])
                starts[row] = UInt32(isWhole ? shift + start : bytes.count)
                lengths[row] = UInt32(length)
                if !isWhole { bytes += cells.bytes[start..<start + length] }
            }
        }
        return TextCells(bytes: bytes, starts: starts, lengths: lengths)
    }
}
