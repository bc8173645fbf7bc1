import Tables

/// Guesses the type of a column from texts.
struct TypeInference {
    private var type: LogicalType?
    private var isText = false

    /// Takes in one value that is there.
    mutating func take(_ bytes: UnsafeRawBufferPointer) {
        guard !isText else { return }
        take(Self.type(of: bytes))
    }

    /// Takes in the type of one value that is there; `nil` for plain text.
    mutating func take(_ found: LogicalType?) {
        guard !isText else { return }
        guard let found else {
            isText = true
            return
        }
        guard let type else {
            self.type = found
            return
        }
        if let wider = type.widened(toInclude: found) { self.type = wider } else { isText = true }
    }

    /// Takes in what another one saw.
    mutating func merge(_ other: TypeInference) {
        isText = isText || other.isText
        guard let found = other.type, !isText else { return }
        guard let type else {
            self.type = found
            return
        }
        if let wider = type.widened(toInclude: found) { self.type = wider } else { isText = true }
    }

    /// Whether no value was seen.
    var isEmpty: Bool { type == nil && !isText }

    /// The type that fits all values; text where nothing else does or there was none.
    var result: LogicalType { isText ? .string : type ?? .string }

    /// The narrowest type of one text; `nil` for plain text.
    ///
    /// Whole numbers with leading zeros are codes, not numbers. `nan` and `inf` are words here, though a column of floats takes
    /// them. A clock time alone is text: it sorts the same.
    static func type(of bytes: UnsafeRawBufferPointer) -> LogicalType? {
        let cell = NumberText.trimmed(bytes)
        guard let first = cell.first else { return nil }
        let isSigned = first == 0x2D || first == 0x2B
        let start = isSigned ? 1 : 0
        guard start < cell.count else { return nil }
        if cell[start] &- 0x30 <= 9 || cell[start] == 0x2E {
            if cell.count >= 10, start == 0, cell[4] == 0x2D {
                if CivilTime.parseDate(cell) != nil { return .date }
                return CivilTime.parseTimestamp(cell) == nil ? nil : .timestamp
            }
            if cell[start] == 0x30, start + 1 < cell.count, cell[start + 1] &- 0x30 <= 9 { return nil }
            if NumberText.int64(cell) != nil { return .int64 }
            if cell.dropFirst(start).allSatisfy({ $0 &- 0x30 <= 9 }) {
                return DecimalNumber(bytes: cell) == nil ? nil : .decimal(precision: 38, scale: 0)
            }
            return NumberText.isFloat(cell) ? .float64 : nil
        }
        return NumberText.boolean(cell, isDeclared: false) == nil ? nil : .boolean
    }
}
