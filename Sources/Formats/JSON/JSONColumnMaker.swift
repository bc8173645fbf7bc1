import Tables

/// Makes typed columns out of cells.
///
/// A value of another JSON type than the column's is uncomparable and keeps its text; a column of text takes anything, as it was
/// written. Numbers in quotes are text.
struct JSONColumnMaker {
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

    /// The cells of one column.
    struct Cells {
        let texts: TextCells
        let kinds: UnsafeBufferPointer<UInt8>
        let present: Bitmap
    }

    mutating func column(_ cells: Cells, need: ColumnNeed) -> Column {
        guard need.contains(.values) else {
            return Column(type: type, present: cells.present, values: .none, lexemes: cells.texts)
        }
        if origin == .unknown, !cells.present.isEmpty { widening = Self.guess(cells) }
        switch type {
        case .boolean:
            let bits = Bitmap(count: cells.kinds.count) { cells.kinds[$0] == JSONKind.yes }
            return parsed(cells, JSONKind.yes, JSONKind.no, false, make: { _ in .boolean(bits) }) { _ in true }
        case .int64:
            return parsed(cells, JSONKind.whole, JSONKind.whole, 0, make: { .int64($0) }) { NumberText.int64($0) }
        case .uint64:
            return parsed(cells, JSONKind.whole, JSONKind.whole, 0, make: { .uint64($0) }) {
                NumberText.uint64($0.bytes)
            }
        case .float64 where origin != .declared:
            return parsed(cells, JSONKind.whole, JSONKind.fraction, 0, make: { .float64($0) }) {
                InferredNumber.float64($0)
            }
        case .float64:
            return parsed(cells, JSONKind.whole, JSONKind.fraction, 0, make: { .float64($0) }) { cell in
                guard let value = NumberText.float64(cell), value.isFinite else { return nil }
                return value
            }
        case .decimal(let precision, let scale) where precision <= 18:
            return parsed(
                cells, JSONKind.whole, JSONKind.fraction, Int64(0), make: { .decimal($0, scale: scale) }
            ) { cell in
                NumberText.shortDecimal(cell, precision: precision, scale: scale)
            }
        case .decimal(let precision, let scale):
            return parsed(
                cells, JSONKind.whole, JSONKind.fraction, Int128(0), make: { .wideDecimal($0, scale: scale) }
            ) { cell in
                NumberText.decimal(cell.bytes, precision: precision, scale: scale)
            }
        case .date:
            return texts(cells, 0, make: { .date($0) }) { CivilTime.parseDate(NumberText.trimmed($0.bytes)) }
        case .duration:
            return texts(cells, Int64(0), make: { .duration($0) }) {
                DurationText.parse(NumberText.trimmed($0.bytes))
            }
        case .time: return texts(cells, 0, make: { .time($0) }) { CivilTime.parseTime(NumberText.trimmed($0.bytes)) }
        case .timestamp:
            var zone = zone
            defer { self.zone = zone }
            var reader = TimestampReader()
            return texts(cells, Int64(0), make: { .timestamp($0) }) { cell in
                guard let reading = reader.read(NumberText.trimmed(cell.bytes)) else { return nil }
                guard let offset = reading.offset else { return zone.instant(reading.local) }
                return reading.local - Int64(offset) * CivilTime.microsecondsPerSecond
            }
        default:
            let uncomparable = origin == .inferred ? Self.scalars(cells.kinds) : nil
            return Column(
                type: type, present: cells.present, uncomparable: uncomparable, values: .text(cells.texts),
                lexemes: cells.texts)
        }
    }

    /// The numbers and Booleans among cells, which no text equals; `nil` where there are none.
    private static func scalars(_ kinds: UnsafeBufferPointer<UInt8>) -> Bitmap? {
        let isScalar = { (kind: UInt8) in kind &- JSONKind.whole <= JSONKind.no &- JSONKind.whole }
        guard kinds.contains(where: isScalar) else { return nil }
        return Bitmap(count: kinds.count) { isScalar(kinds[$0]) }
    }

    private mutating func texts<Element>(
        _ cells: Cells, _ filler: Element, make: ([Element]) -> ColumnValues,
        parse: (Cell) -> Element?
    ) -> Column {
        parsed(cells, JSONKind.text, JSONKind.text, filler, make: make, parse: parse)
    }

    /// Parses the cells of two kinds; those of any other are no values of the type.
    @inline(__always)
    private mutating func parsed<Element>(
        _ cells: Cells, _ kind: UInt8, _ otherKind: UInt8, _ filler: Element, make: ([Element]) -> ColumnValues,
        parse: (Cell) -> Element?
    ) -> Column {
        var failed: [Int] = []
        let count = cells.kinds.count
        let values = [Element](unsafeUninitializedCapacity: count) { values, initialized in
            cells.texts.withCells { bytes, starts, lengths in
                for row in 0..<count {
                    var element = filler
                    let found = cells.kinds[row]
                    if found == kind || found == otherKind {
                        let cell = Cell(bytes, Int(starts[row]), Int(lengths[row]))
                        if let value = parse(cell) { element = value } else { failed.append(row) }
                    } else if found != JSONKind.missing {
                        failed.append(row)
                    }
                    values.initializeElement(at: row, to: element)
                }
            }
            initialized = count
        }
        var uncomparable: Bitmap?
        if !failed.isEmpty {
            var bits = Bitmap(repeating: false, count: count)
            for row in failed { bits[row] = true }
            uncomparable = bits
            if origin == .inferred { widening = widerType(cells, failed) }
        }
        return Column(
            type: type, present: cells.present, uncomparable: uncomparable, values: make(values), lexemes: cells.texts)
    }

    /// The type that holds the guessed one's values and those of these cells that there is one for; `nil` where it is the same.
    private func widerType(_ cells: Cells, _ rows: [Int]) -> LogicalType? {
        cells.texts.withCells { bytes, starts, lengths in
            var wider = type
            for row in rows {
                let cell = Cell(bytes, Int(starts[row]), Int(lengths[row]))
                wider = wider.widened(toHold: ValueShape(cell.bytes, kind: cells.kinds[row]))
            }
            return wider == type ? nil : wider
        }
    }

    private static func guess(_ cells: Cells) -> LogicalType {
        var inference = TypeInference()
        cells.texts.withCells { bytes, starts, lengths in
            cells.present.forEach { row in
                let cell = Cell(bytes, Int(starts[row]), Int(lengths[row]))
                inference.take(ValueShape(cell.bytes, kind: cells.kinds[row]))
            }
        }
        return inference.result
    }
}
