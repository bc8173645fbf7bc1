import Tables

/// Makes typed columns out of cells.
struct CellParser {
    let type: LogicalType
    /// A type that was only guessed gives way to a wider one.
    let origin: TypeOrigin
    private var zone: ZoneRule.Converter
    /// A wider type that values need.
    private(set) var widening: LogicalType?

    init(type: LogicalType, origin: TypeOrigin, zone: ZoneRule) {
        self.type = type
        self.origin = origin
        self.zone = zone.makeConverter()
    }

    /// The column of the cells.
    ///
    /// Cells that are no value of the type are uncomparable and keep their text.
    mutating func column(_ cells: FieldCutter.Cells, need: ColumnNeed) -> Column {
        guard need.contains(.values) else {
            return Column(type: type, present: cells.present, values: .none, lexemes: cells.texts)
        }
        if origin == .unknown, !cells.present.isEmpty {
            widening = TextColumn.guess(cells.texts, present: cells.present)
        }
        let isDeclared = origin == .declared
        switch type {
        case .boolean:
            var bits = Bitmap(repeating: false, count: cells.texts.count)
            return parsed(cells, filler: false, make: { _ in .boolean(bits) }) { cell in
                NumberText.boolean(NumberText.trimmed(cell.bytes), isDeclared: isDeclared)
            } each: { row, bit in
                bits[row] = bit
            }
        case .int64 where isDeclared:
            return parsed(cells, filler: 0, make: { .int64($0) }) { NumberText.int64($0) }
        case .int64: return parsed(cells, filler: 0, make: { .int64($0) }) { InferredNumber.int64($0) }
        case .uint64:
            return parsed(cells, filler: 0, make: { .uint64($0) }) { NumberText.uint64(NumberText.trimmed($0.bytes)) }
        case .float64: return floats(cells)
        case .decimal(let precision, let scale) where precision <= 18:
            return parsed(cells, filler: Int64(0), make: { .decimal($0, scale: scale) }) { cell in
                NumberText.shortDecimal(cell, precision: precision, scale: scale)
            }
        case .decimal(let precision, let scale):
            return parsed(cells, filler: Int128(0), make: { .wideDecimal($0, scale: scale) }) { cell in
                isDeclared
                    ? NumberText.decimal(NumberText.trimmed(cell.bytes), precision: precision, scale: scale)
                    : InferredNumber.decimal(cell, precision: precision, scale: scale)
            }
        case .date:
            return parsed(cells, filler: 0, make: { .date($0) }) { CivilTime.parseDate(NumberText.trimmed($0.bytes)) }
        case .duration:
            return parsed(cells, filler: Int64(0), make: { .duration($0) }) {
                DurationText.parse(NumberText.trimmed($0.bytes))
            }
        case .time:
            return parsed(cells, filler: 0, make: { .time($0) }) { CivilTime.parseTime(NumberText.trimmed($0.bytes)) }
        case .timestamp:
            var zone = zone
            defer { self.zone = zone }
            var reader = TimestampReader()
            return parsed(cells, filler: Int64(0), make: { .timestamp($0) }) { cell in
                guard let reading = reader.read(NumberText.trimmed(cell.bytes)) else { return nil }
                guard let offset = reading.offset else { return zone.instant(reading.local) }
                return reading.local - Int64(offset) * CivilTime.microsecondsPerSecond
            }
        default:
            return Column(type: type, present: cells.present, values: .text(cells.texts), lexemes: cells.texts)
        }
    }

    /// Floats of which NaN is no value.
    private mutating func floats(_ cells: FieldCutter.Cells) -> Column {
        let column =
            origin == .declared
            ? parsed(cells, filler: Double(0), make: { .float64($0) }) { NumberText.float64($0) }
            : parsed(cells, filler: Double(0), make: { .float64($0) }) { InferredNumber.float64($0) }
        guard case .float64(let values) = column.values, values.contains(where: \.isNaN) else { return column }
        let isNaN = Bitmap(count: values.count) { values[$0].isNaN }
        return Column(
            type: type, present: column.present.subtracting(isNaN), uncomparable: column.uncomparable,
            values: column.values, lexemes: column.lexemes)
    }

    /// `parse` minds the spaces around a cell.
    @inline(__always)
    private mutating func parsed<Element>(
        _ cells: FieldCutter.Cells, filler: Element, make: ([Element]) -> ColumnValues,
        parse: (Cell) -> Element?, each: (Int, Element) -> Void = { _, _ in }
    ) -> Column {
        var failed: [Int] = []
        let count = cells.texts.count
        let present = cells.present
        let values = [Element](unsafeUninitializedCapacity: count) { values, initialized in
            cells.texts.withCells { bytes, starts, lengths in
                present.words.withUnsafeBufferPointer { words in
                    for row in 0..<count {
                        var element = filler
                        if words[row &>> 6] &>> UInt64(truncatingIfNeeded: row & 63) & 1 == 1 {
                            if let value = parse(Cell(bytes, Int(starts[row]), Int(lengths[row]))) {
                                element = value
                                each(row, value)
                            } else {
                                failed.append(row)
                            }
                        }
                        values.initializeElement(at: row, to: element)
                    }
                }
            }
            initialized = count
        }
        var uncomparable: Bitmap?
        if !failed.isEmpty {
            var bits = Bitmap(repeating: false, count: count)
            for row in failed { bits[row] = true }
            uncomparable = bits
            if origin == .inferred { widening = widerType(cells.texts, failed) }
        }
        return Column(
            type: type, present: present, uncomparable: uncomparable, values: make(values), lexemes: cells.texts)
    }

    /// The type that holds the guessed one's values and those of these cells that there is one for; `nil` where it is the same.
    private func widerType(_ texts: TextCells, _ rows: [Int]) -> LogicalType? {
        texts.withCells { bytes, starts, lengths in
            var wider = type
            for row in rows {
                let start = Int(starts[row])
                let cell = UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(lengths[row])])
                wider = wider.widened(toHold: ValueShape(cell))
            }
            return wider == type ? nil : wider
        }
    }
}
