extension Column {
    /// The values of some rows, in the order of their numbers, without strays; texts stay where they are and are not copied.
    public func selecting(_ rows: [Int]) -> Column {
        func pick<Element>(_ values: [Element]) -> [Element] { rows.map { values[$0] } }
        let values: ColumnValues =
            switch values {
            case .none: .none
            case .boolean(let bits): .boolean(bits.selecting(rows))
            case .int64(let values): .int64(pick(values))
            case .uint64(let values): .uint64(pick(values))
            case .float64(let values): .float64(pick(values))
            case .decimal(let values, let scale): .decimal(pick(values), scale: scale)
            case .wideDecimal(let values, let scale): .wideDecimal(pick(values), scale: scale)
            case .text(let cells): .text(cells.selecting(rows))
            case .date(let days): .date(pick(days))
            case .time(let ticks): .time(pick(ticks))
            case .timestamp(let ticks): .timestamp(pick(ticks))
            case .duration(let ticks): .duration(pick(ticks))
            }
        return Column(
            type: type, present: present.selecting(rows), uncomparable: uncomparable?.selecting(rows), values: values,
            lexemes: lexemes?.selecting(rows),
            dictionary: dictionary.map { CellDictionary(entries: $0.entries, codes: pick($0.codes)) })
    }

    /// The same value in every row.
    public init(_ type: LogicalType, repeating value: Value, count: Int) {
        guard !value.isMissing else {
            self.init(missing: type, count: count)
            return
        }
        let one = Column(type, [value])
        self = one.selecting([Int](repeating: 0, count: count))
    }
}

extension Bitmap {
    /// The bits of some rows, in the order of their numbers.
    public func selecting(_ rows: [Int]) -> Bitmap {
        Bitmap(count: rows.count, where: { self[rows[$0]] })
    }
}

extension TextCells {
    /// The cells of some rows, in the order of their numbers, over the same bytes.
    public func selecting(_ rows: [Int]) -> TextCells {
        TextCells(bytes: bytes, starts: rows.map { starts[$0] }, lengths: rows.map { lengths[$0] })
    }
}
