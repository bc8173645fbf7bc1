/// The values of a column in a batch, typed, with a bit a row for its presence.
///
/// A row is in one of three states: *missing* (no value), *typed* (a value of the column's type), or *uncomparable* (a
/// value whose text is none of the column's type: it is present, it keeps its text, and it is unexpected wherever values
/// are compared). The typed storage of a row that is not typed holds a filler that nobody may read.
public struct Column: Sendable {
    public let type: LogicalType
    /// Rows with a value, uncomparable ones included.
    public let present: Bitmap
    /// Rows whose value is no value of the type; `nil` where there are none.
    public let uncomparable: Bitmap?
    public let values: ColumnValues
    /// The cells as they were written, where the format is text and has them at hand.
    public let lexemes: TextCells?
    /// The different values that the rows point at, where somebody knows them already.
    public let dictionary: CellDictionary?
    /// Uncomparable values of other types, read as what they are; empty where nobody asked for them (``ColumnNeed/strays``).
    public let strays: [StrayValues]

    public init(
        type: LogicalType, present: Bitmap, uncomparable: Bitmap? = nil, values: ColumnValues,
        lexemes: TextCells? = nil, dictionary: CellDictionary? = nil, strays: [StrayValues] = []
    ) {
        self.type = type
        self.present = present
        self.uncomparable = uncomparable
        self.values = values
        self.lexemes = lexemes
        self.dictionary = dictionary
        self.strays = strays
    }

    public var count: Int { present.count }

    /// Rows that hold a value of the column's type.
    public var typed: Bitmap { uncomparable.map { present.subtracting($0) } ?? present }

    /// The value of a row as text, for showing it or matching a pattern against a number; `nil` where it is missing.
    public func text(at row: Int) -> String? {
        guard present[row] else { return nil }
        if let lexemes { return lexemes.string(at: row) }
        return value(at: row).description
    }

    /// The value of a row; of an uncomparable one, its text.
    public func value(at row: Int) -> Value {
        guard present[row] else { return .missing }
        if let uncomparable, uncomparable[row] { return .text(lexemes?.string(at: row) ?? "") }
        switch values {
        case .none: return lexemes.map { .text($0.string(at: row)) } ?? .missing
        case .boolean(let bits): return .boolean(bits[row])
        case .int64(let values): return .integer(Int128(values[row]))
        case .uint64(let values): return .integer(Int128(values[row]))
        case .float64(let values): return .float(values[row])
        case .decimal(let values, let scale):
            return .decimal(DecimalNumber(unscaled: Int128(values[row]), scale: scale))
        case .wideDecimal(let values, let scale):
            return .decimal(DecimalNumber(unscaled: values[row], scale: scale))
        case .text(let cells): return .text(cells.string(at: row))
        case .date(let days): return .date(days: Int(days[row]))
        case .time(let ticks): return .time(microseconds: ticks[row])
        case .timestamp(let ticks): return .timestamp(microseconds: ticks[row])
        case .duration(let ticks): return .duration(microseconds: ticks[row])
        }
    }
}

/// Values that are of another type than their column, read as what they are.
public struct StrayValues: Sendable {
    /// Rows with such a value.
    public let rows: Bitmap
    /// Of the values' own type, and as long as the batch; it says nothing of other rows.
    public let column: Column

    public init(rows: Bitmap, column: Column) {
        self.rows = rows
        self.column = column
    }
}

/// The values of a text column, each held once.
///
/// It says nothing that the column's cells don't say as well; a rule about single values may be decided once an entry.
public struct CellDictionary: Sendable {
    /// Values that may occur, more than there are rows perhaps: some may be equal, and some may not occur.
    public let entries: TextCells
    /// For each row its entry; anything within bounds where the row is missing.
    public let codes: [UInt32]

    public init(entries: TextCells, codes: [UInt32]) {
        self.entries = entries
        self.codes = codes
    }

    /// The entries that some of the rows hold, all of which have a value.
    public func entries(in rows: Bitmap) -> Bitmap {
        var held = Bitmap(repeating: false, count: entries.count)
        rows.forEach { held[Int(codes[$0])] = true }
        return held
    }
}

/// The typed storage of a column, one entry a row.
public enum ColumnValues: Sendable {
    /// Nobody asked for more than the presence of values (or their text).
    case none
    case boolean(Bitmap)
    case int64([Int64])
    case uint64([UInt64])
    case float64([Double])
    /// Of up to 18 digits.
    case decimal([Int64], scale: Int)
    /// Of 19 through 38 digits.
    case wideDecimal([Int128], scale: Int)
    case text(TextCells)
    case date([Int32])
    case time([Int64])
    case timestamp([Int64])
    case duration([Int64])
}

extension Column {
    /// The text of every row: as it was written where the format is text, else as the value is shown.
    ///
    /// What stands for a missing row may be anything.
    public var texts: TextCells {
        if case .text(let cells) = values, uncomparable == nil { return cells }
        if let lexemes { return lexemes }
        return TextCells((0..<count).map { present[$0] ? value(at: $0).description : nil })
    }
}

extension Column {
    /// The texts of the values, as a column of texts; a column of texts is itself.
    public var asTexts: Column {
        if case .text = values, uncomparable == nil { return self }
        return Column(type: .string, present: present, values: .text(texts))
    }

    /// The texts read as timestamps; those that are none are uncomparable, as is every value of a column that isn't one of texts.
    ///
    /// - zone: where times are meant that name none.
    public func asTimes(in zone: ZoneRule) -> Column {
        guard case .text(let cells) = values else { return uncomparable(as: .timestamp) }
        var zone = zone.makeConverter()
        var reader = TimestampReader()
        var times = [Int64](repeating: 0, count: count)
        var odd = uncomparable ?? Bitmap(repeating: false, count: count)
        cells.withCells { bytes, starts, lengths in
            typed.forEach { row in
                let start = Int(starts[row])
                let cell = UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(lengths[row])])
                if let reading = reader.read(cell.trimmed) {
                    times[row] =
                        reading.offset.map { reading.local - Int64($0) * CivilTime.microsecondsPerSecond }
                        ?? zone.instant(reading.local)
                } else {
                    odd[row] = true
                }
            }
        }
        return Column(
            type: .timestamp, present: present, uncomparable: odd.isEmpty ? nil : odd, values: .timestamp(times),
            lexemes: lexemes ?? cells)
    }

    /// The same column, with strays.
    public func keeping(_ strays: [StrayValues]) -> Column {
        guard !strays.isEmpty else { return self }
        return Column(
            type: type, present: present, uncomparable: uncomparable, values: values, lexemes: lexemes,
            dictionary: dictionary, strays: strays)
    }

    /// The column as one of another type would show it: none of its values is one of the type.
    ///
    /// They keep their texts, where the format has them at hand.
    public func uncomparable(as type: LogicalType) -> Column {
        Column(
            type: type, present: present, uncomparable: present,
            values: Column(missing: type, count: count).values, lexemes: texts)
    }

    /// A column without a value in any row.
    public init(missing type: LogicalType, count: Int) {
        let nothing = Bitmap(repeating: false, count: count)
        let values: ColumnValues =
            switch type {
            case .boolean: .boolean(nothing)
            case .int64: .int64([Int64](repeating: 0, count: count))
            case .uint64: .uint64([UInt64](repeating: 0, count: count))
            case .float64: .float64([Double](repeating: 0, count: count))
            case .decimal(let precision, let scale):
                precision <= 18
                    ? .decimal([Int64](repeating: 0, count: count), scale: scale)
                    : .wideDecimal([Int128](repeating: 0, count: count), scale: scale)
            case .date: .date([Int32](repeating: 0, count: count))
            case .time: .time([Int64](repeating: 0, count: count))
            case .timestamp: .timestamp([Int64](repeating: 0, count: count))
            case .duration: .duration([Int64](repeating: 0, count: count))
            default: .text(TextCells(empty: count))
            }
        self.init(type: type, present: nothing, values: values, lexemes: TextCells(empty: count))
    }
}

extension TextCells {
    /// So many empty texts.
    public init(empty count: Int) {
        let zeros = [UInt32](repeating: 0, count: count)
        self.init(bytes: [], starts: zeros, lengths: zeros)
    }
}
