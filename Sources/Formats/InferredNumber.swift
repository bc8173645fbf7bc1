import Tables

/// Numbers of columns whose type was inferred.
///
/// Such a column takes a number only where its type holds it as it was written (``NumberFit``); anything else is a reason for
/// another type. A number with zeros in front is a code, and none.
enum InferredNumber {
    @inline(__always)
    static func int64(_ cell: Cell) -> Int64? {
        guard cell.count > 0, cell.buffer[cell.start] > 0x30 else { return rareInt64(cell) }
        return NumberText.int64(cell)
    }

    /// Of cells that begin with a zero, a sign or a space.
    @inline(never)
    private static func rareInt64(_ cell: Cell) -> Int64? {
        let bytes = NumberText.trimmed(cell.bytes)
        return isCode(bytes) ? nil : NumberText.int64(bytes)
    }

    @inline(__always)
    static func float64(_ cell: Cell) -> Double? {
        guard let value = NumberText.shortFloat64(cell), !isCode(cell) else { return longFloat64(cell) }
        return value
    }

    /// Of more than eight characters, or anything odd.
    @inline(never)
    private static func longFloat64(_ cell: Cell) -> Double? {
        let bytes = NumberText.trimmed(cell.bytes)
        guard !isCode(bytes), let value = NumberText.float64(bytes) else { return nil }
        // Fifteen digits are no others as a double.
        if bytes.count <= 15, bytes.allSatisfy({ $0 <= 0x39 }) { return value }
        // NaN and infinity are words.
        return !value.isFinite || FloatText.holds(value, bytes) ? value : nil
    }

    static func decimal(_ cell: Cell, precision: Int, scale: Int) -> Int128? {
        let bytes = NumberText.trimmed(cell.bytes)
        return isCode(bytes) ? nil : NumberText.decimal(bytes, precision: precision, scale: scale)
    }

    /// Whether a text is like `007` or `-01.5`: digits, of which the first is a zero that no number needs.
    static func isCode(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let start = bytes.first == 0x2D || bytes.first == 0x2B ? 1 : 0
        return bytes.count > start + 1 && bytes[start] == 0x30 && bytes[start + 1] &- 0x30 <= 9
    }

    /// The same of a number without spaces and plus sign.
    @inline(__always)
    private static func isCode(_ cell: Cell) -> Bool {
        let start = cell.buffer[cell.start] == 0x2D ? cell.start &+ 1 : cell.start
        return cell.start &+ cell.count &- start > 1 && cell.buffer[start] == 0x30
            && cell.buffer[start &+ 1] &- 0x30 <= 9
    }
}
