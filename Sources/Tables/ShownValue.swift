/// A value as it is shown: of a long text the beginning, so that what is kept to be shown stays small.
public struct ShownValue: Sendable, Equatable {
    /// Unicode scalars of a text.
    public static let textLimit = 1_000

    public let value: Value
    /// Unicode scalars of the whole text, where `value` is no more than the beginning of it.
    public let wholeLength: Int?

    public init(_ value: Value, limit: Int = textLimit) { self.init(ShownValue(value, wholeLength: nil), limit: limit) }

    /// The same value, cut to a lower limit.
    public init(_ shown: ShownValue, limit: Int) {
        guard case .text(let text) = shown.value, text.utf8.count > limit else {
            self = shown
            return
        }
        let beginning = text.unicodeScalars.prefix(limit)
        guard beginning.endIndex < text.endIndex else {
            self = shown
            return
        }
        value = .text(String(String.UnicodeScalarView(beginning)))
        wholeLength = shown.wholeLength ?? text.unicodeScalars.count
    }

    /// A value that is as long as it is to be shown: what ``value`` and ``wholeLength`` were.
    public init(_ value: Value, wholeLength: Int?) { (self.value, self.wholeLength) = (value, wholeLength) }

    /// Bytes of its text.
    public var byteCount: Int { if case .text(let text) = value { text.utf8.count } else { 0 } }
}

extension Column {
    /// The value of a row as it is shown; no more of a long text is copied.
    public func shownValue(at row: Int) -> ShownValue {
        guard present[row], let cells = textCells(at: row), cells.lengths[row] > ShownValue.textLimit else {
            return ShownValue(value(at: row), wholeLength: nil)
        }
        return cells.withCells { bytes, starts, lengths in
            let start = Int(starts[row])
            let text = UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(lengths[row])])
            // A scalar has four bytes at most.
            let beginning = UnsafeRawBufferPointer(rebasing: text.prefix(4 * (ShownValue.textLimit + 1)))
            let shown = ShownValue(.text(String(decoding: beginning, as: UTF8.self)))
            return shown.wholeLength == nil ? shown : ShownValue(shown.value, wholeLength: TextLength.scalars(text))
        }
    }

    /// The texts among which that of a row is, where its value is a text.
    private func textCells(at row: Int) -> TextCells? {
        if let uncomparable, uncomparable[row] { return lexemes }
        return switch values {
        case .none: lexemes
        case .text(let cells): cells
        default: nil
        }
    }
}
