public import Tables

/// What the log says of the values of a data file (Delta protocol, Per-file Statistics).
public struct FileStatistics: Sendable, Equatable {
    /// Rows of the file, deleted ones included.
    public let rowCount: Int?
    /// By the column's name; columns that nothing is said of are absent.
    public let columns: [ColumnName: Column]

    public struct Column: Sendable, Equatable {
        /// Rows without a value; `nil` where that isn't known exactly, as for floating-point numbers, where NaN counts.
        public let missing: Int?
        /// No value is less.
        public let least: Value?
        /// No value is greater.
        public let greatest: Value?
        /// Whether `least` and `greatest` occur, and are not just bounds.
        public let isExact: Bool

        init(missing: Int?, least: Value?, greatest: Value?, isExact: Bool) {
            self.missing = missing
            self.least = least
            self.greatest = greatest
            self.isExact = isExact
        }

        /// A column with one value in all rows.
        init(repeating value: Value, count: Int?) {
            let bound = value.isMissing ? nil : value
            self.init(missing: value.isMissing ? count : 0, least: bound, greatest: bound, isExact: true)
        }
    }

    /// Reads `add.stats`; `nil` for what is no JSON object.
    init?(text: String, of file: AddFile, schema: DeltaSchema, mapping: ColumnMapping) {
        guard let json = JSON(text: text), json.members != nil else { return nil }
        let rowCount = json["numRecords"]?.integer.flatMap { $0 >= 0 ? Int($0) : nil }
        // Where rows were deleted afterwards, what is left may be less than the statistics tell.
        let isTight = file.deletionVector == nil && json["tightBounds"]?.boolean ?? true
        let (least, greatest, missing) = (json["minValues"], json["maxValues"], json["nullCount"])
        var columns: [ColumnName: Column] = [:]
        for field in schema.fields where field.type.isPrimitive {
            let name = mapping == .none ? field.name : field.physicalName ?? field.name
            if let text = file.partitionValues[name] {
                columns[ColumnName(field.name)] = PartitionText.value(text, field.type).map {
                    Column(repeating: $0, count: rowCount)
                }
                continue
            }
            let bounds = Bounds(least?[name], greatest?[name], field.type)
            let count = missing?[name]?.integer.flatMap { $0 >= 0 ? Int($0) : nil }
            // Of rows without a value there are no bounds: who says both says nothing.
            let isContradiction = count != nil && count == rowCount && rowCount != 0 && !bounds.isEmpty
            guard !isContradiction, !bounds.isEmpty || count != nil else { continue }
            columns[ColumnName(field.name)] = Column(
                missing: isTight && !field.type.isFloating ? count : nil, least: bounds.least?.value,
                greatest: bounds.greatest.flatMap(\.rounded), isExact: isTight && field.type.hasExactBounds)
        }
        self.rowCount = rowCount
        self.columns = columns
    }
}

/// What the statistics say of the least and the greatest value of a column.
private struct Bounds {
    let least: Bound?
    let greatest: Bound?

    /// Neither where one of them is no value of the type, or the least is above the greatest: such a writer is not believed.
    init(_ least: JSON?, _ greatest: JSON?, _ type: DeltaType) {
        func isRead(_ json: JSON?, _ bound: Bound?) -> Bool { json.map { $0.isNull || bound != nil } ?? true }
        let (low, high) = (least.flatMap { Bound($0, type) }, greatest.flatMap { Bound($0, type) })
        let areRead = isRead(least, low) && isRead(greatest, high)
        guard areRead, !(low.flatMap { low in high.map { low.value.isAbove($0.value) } } ?? false) else {
            (self.least, self.greatest) = (nil, nil)
            return
        }
        (self.least, self.greatest) = (low, high)
    }

    var isEmpty: Bool { least == nil && greatest == nil }
}

/// A bound in the statistics, as a value of its column.
private struct Bound {
    let value: Value
    /// The value, or what a greatest one can have been before it was cut; `nil` where that can't be told.
    let rounded: Value?

    init?(_ json: JSON, _ type: DeltaType) {
        switch (json, type) {
        case (.number(let digits), .byte), (.number(let digits), .short), (.number(let digits), .integer),
            (.number(let digits), .long):
            guard let number = Int64(digits), type.range.contains(number) else { return nil }
            value = .integer(Int128(number))
        case (.number(let digits), .float), (.number(let digits), .double):
            guard let number = Double(digits), number.isFinite else { return nil }
            value = .float(number)
        // Beyond 15 digits, writers may have gone through floating-point numbers.
        case (.number(let digits), .decimal(let precision, let scale)) where precision <= 15:
            guard let number = DecimalNumber(digits)?.rescaled(to: scale) else { return nil }
            value = .decimal(number)
        case (.string(let text), .string):
            value = .text(text)
            rounded = Self.isUpper(text) ? value : nil
            return
        case (.boolean(let boolean), .boolean): value = .boolean(boolean)
        case (.string(let text), .date):
            guard case .date(let days)? = PartitionText.value(text, type) else { return nil }
            value = .date(days: days)
        case (.string(let text), .timestamp), (.string(let text), .timestampNtz):
            guard case .timestamp(let ticks)? = PartitionText.value(text, type), ticks < .max - 1_000 else {
                return nil
            }
            value = .timestamp(microseconds: ticks)
            // Cut to milliseconds.
            rounded = .timestamp(microseconds: ticks % 1_000 == 0 ? ticks + 999 : ticks)
            return
        default: return nil
        }
        rounded = value
    }

    /// Whether no text of a column whose greatest is noted as this can be greater.
    ///
    /// Writers cut texts after 32 characters and put one behind that is to be greater than all: U+FFFD is not, and where none was put
    /// there it can't be seen that the text was cut.
    private static func isUpper(_ text: String) -> Bool {
        let last = text.unicodeScalars.last
        return last != "\u{FFFD}" && (text.utf16.count < 32 || last == "\u{10FFFF}" || last == "\u{7F}")
    }
}

extension DeltaType {
    /// Of whole numbers.
    fileprivate var range: ClosedRange<Int64> {
        switch self {
        case .byte: Int64(Int8.min)...Int64(Int8.max)
        case .short: Int64(Int16.min)...Int64(Int16.max)
        case .integer: Int64(Int32.min)...Int64(Int32.max)
        default: .min ... .max
        }
    }

    fileprivate var isFloating: Bool { self == .float || self == .double }

    /// Texts are cut, timestamps rounded.
    fileprivate var hasExactBounds: Bool {
        switch self {
        case .string, .limitedString, .timestamp, .timestampNtz, .float, .double, .binary: false
        default: true
        }
    }
}
