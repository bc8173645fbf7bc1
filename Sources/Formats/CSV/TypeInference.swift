import Tables

/// What a single value, as text, looks like.
enum ValueShape: Equatable {
    /// A number, and what holds it; `nil` where nothing does, as with more than 38 digits.
    case number(NumberFit?)
    case boolean
    case date
    case timestamp
    /// Digits with zeros in front: no number, though its digits would be one.
    case code
    case text

    /// Of one value that is there.
    ///
    /// `nan` and `inf` are words here, though a column of floats takes them. A clock time alone is text: it sorts the same.
    init(_ bytes: UnsafeRawBufferPointer) {
        let cell = NumberText.trimmed(bytes)
        let start = cell.first == 0x2D || cell.first == 0x2B ? 1 : 0
        guard start < cell.count else {
            self = .text
            return
        }
        guard cell[start] &- 0x30 <= 9 || cell[start] == 0x2E else {
            self = NumberText.boolean(cell, isDeclared: false) == nil ? .text : .boolean
            return
        }
        if cell.count >= 10, start == 0, cell[4] == 0x2D {
            self.init(time: cell)
        } else if NumberText.isFloat(cell) {
            self = InferredNumber.isCode(cell) ? .code : .number(NumberFit(cell))
        } else {
            self = .text
        }
    }

    /// A date, a timestamp, or text.
    init(time cell: UnsafeRawBufferPointer) {
        if CivilTime.parseDate(cell) != nil {
            self = .date
        } else {
            self = CivilTime.parseTimestamp(cell) == nil ? .text : .timestamp
        }
    }
}

/// Guesses the type of a column from its values.
struct TypeInference {
    /// That of the values that are no numbers.
    private var type: LogicalType?
    private var numbers: NumberFit?
    private var hasNumbers = false
    private var hasText = false

    /// Takes in one value that is there.
    mutating func take(_ bytes: UnsafeRawBufferPointer) {
        if !hasText { take(ValueShape(bytes)) }
    }

    /// Takes in what one value that is there looks like.
    mutating func take(_ shape: ValueShape) {
        switch shape {
        case .number(let fit):
            hasNumbers = true
            if let fit { take(fit) }
        case .boolean: take(LogicalType.boolean)
        case .date: take(LogicalType.date)
        case .timestamp: take(LogicalType.timestamp)
        case .code, .text: hasText = true
        }
    }

    private mutating func take(_ fit: NumberFit) {
        if numbers?.formUnion(fit) == nil { numbers = fit }
    }

    private mutating func take(_ found: LogicalType) {
        guard let wider = (type ?? found).widened(toInclude: found) else {
            hasText = true
            return
        }
        type = wider
    }

    /// Takes in what another one saw.
    mutating func merge(_ other: TypeInference) {
        hasText = hasText || other.hasText
        hasNumbers = hasNumbers || other.hasNumbers
        if let fit = other.numbers { take(fit) }
        if let type = other.type { take(type) }
    }

    /// Whether no value was seen.
    var isEmpty: Bool { type == nil && !hasNumbers && !hasText }

    /// The type that fits all values; text where nothing else does or there was none.
    ///
    /// Numbers that no type holds have no say where others are.
    var result: LogicalType {
        guard !hasText, type == nil || !hasNumbers else { return .string }
        return type ?? numbers?.type ?? .string
    }
}

extension LogicalType {
    /// The type that a column whose type was guessed too narrow needs for one more value; the same one where no wider one
    /// holds it.
    ///
    /// Whatever the order of the values, it ends with one type: of those that hold all values which any wider one holds, the
    /// narrowest.
    func widened(toHold shape: ValueShape) -> LogicalType {
        switch shape {
        case .number(let fit?) where isNumeric:
            let needed = self == .int64 || fit.isFloat64 && self == .float64 ? fit.type : fit.decimal
            return needed.flatMap { widened(toInclude: $0) } ?? self
        case .timestamp: return widened(toInclude: .timestamp) ?? self
        case .code where isNumeric: return .string
        default: return self
        }
    }
}
