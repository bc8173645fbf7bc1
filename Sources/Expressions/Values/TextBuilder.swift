import Tables

/// Makes the texts of a column, row after row.
///
/// One text has at most 1 MiB and a batch's texts 256 MiB; what would be longer is left empty and told.
struct TextBuilder {
    static let maximumLength = 1 << 20
    static let maximumTotal = 1 << 28

    private var bytes: [UInt8] = []
    private var starts: [UInt32] = []
    private var lengths: [UInt32] = []
    private(set) var tooLong: Bitmap
    private var rowStart = 0
    /// Whether the text of the row would be too long; the row is then dropped at its end.
    var isTooLong = false

    init(count: Int, capacity: Int = 0) {
        bytes.reserveCapacity(min(capacity, Self.maximumTotal))
        starts.reserveCapacity(count)
        lengths.reserveCapacity(count)
        tooLong = Bitmap(repeating: false, count: count)
    }

    /// Bytes of the row that is being made.
    var length: Int { bytes.count - rowStart }

    /// Whether so many bytes more would be too many for the row.
    func isFull(adding count: Int) -> Bool {
        length + count > Self.maximumLength || bytes.count + count > Self.maximumTotal
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) { bytes.append(byte) }

    @inline(__always)
    mutating func append(_ text: UnsafeRawBufferPointer) { bytes.append(contentsOf: text) }

    /// Appends each byte as `body` has it.
    @inline(__always)
    mutating func appendMapped(_ text: UnsafeRawBufferPointer, _ body: (UInt8) -> UInt8) {
        let start = bytes.count
        bytes.append(contentsOf: text)
        bytes.withUnsafeMutableBufferPointer { bytes in
            for index in start..<bytes.count { bytes[index] = body(bytes[index]) }
        }
    }

    mutating func append(_ text: [UInt8]) { bytes.append(contentsOf: text) }
    mutating func append(_ text: some StringProtocol) { bytes.append(contentsOf: text.utf8) }

    mutating func append(_ scalar: Unicode.Scalar) {
        if let encoded = UTF8.encode(scalar) { bytes.append(contentsOf: encoded) }
    }

    @inline(__always)
    mutating func endRow() {
        if isTooLong || length > Self.maximumLength || bytes.count > Self.maximumTotal { return dropRow() }
        starts.append(UInt32(truncatingIfNeeded: rowStart))
        lengths.append(UInt32(truncatingIfNeeded: bytes.count &- rowStart))
        rowStart = bytes.count
    }

    /// Ends a row whose text is too long.
    private mutating func dropRow() {
        isTooLong = false
        tooLong[starts.count] = true
        bytes.removeLast(length)
        starts.append(UInt32(rowStart))
        lengths.append(0)
    }

    consuming func cells() -> TextCells { TextCells(bytes: bytes, starts: starts, lengths: lengths) }
}

extension Call {
    /// The texts that `body` appends for each row that gets one.
    ///
    /// - capacity: how many bytes are expected in all.
    @inline(__always)
    mutating func texts(capacity: Int = 0, _ body: (Int, inout TextBuilder) -> Void) -> ColumnValues {
        var builder = TextBuilder(count: count, capacity: capacity)
        let rows = present
        for row in 0..<count {
            if rows[row] { body(row, &builder) }
            builder.endRow()
        }
        fail(builder.tooLong, .tooLong, "would make a text of more than 1 MiB")
        return .text(builder.cells())
    }

    /// Texts that are parts of the first argument's; nothing is copied.
    @inline(__always)
    func slices(_ body: (Int, UnsafeRawBufferPointer) -> Range<Int>) -> ColumnValues {
        let cells = cells(0)
        let rows = present
        var lengths = [UInt32](repeating: 0, count: count)
        let starts = [UInt32](unsafeUninitializedCapacity: count) { starts, initialized in
            cells.withView { texts in
                for row in 0..<count {
                    var part = 0..<0
                    if rows[row] {
                        let text = texts[row]
                        part = body(row, text).clamped(to: 0..<text.count)
                    }
                    starts.initializeElement(at: row, to: texts.starts[row] &+ UInt32(truncatingIfNeeded: part.lowerBound))
                    lengths[row] = UInt32(truncatingIfNeeded: part.count)
                }
            }
            initialized = count
        }
        return .text(TextCells(bytes: cells.bytes, starts: starts, lengths: lengths))
    }
}
