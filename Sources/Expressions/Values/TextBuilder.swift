import Tables

/// Makes the texts of a column, row after row.
///
/// One text has at most 1 MiB and a batch's texts 256 MiB; what would be longer is left empty and told.
struct TextBuilder: ~Copyable {
    static let maximumLength = 1 << 20
    static let maximumTotal = 1 << 28

    // Everything below `end` is written. Whoever writes past it calls `reserve` first, which makes room or drops the row.
    private var memory: UnsafeMutableRawBufferPointer
    private var end = 0
    private var lengths: [UInt32] = []
    private(set) var tooLong: Bitmap
    private var rowStart = 0
    /// Whether the text of the row would be too long; the row is then dropped at its end.
    var isTooLong = false

    init(count: Int, capacity: Int = 0) {
        memory = .allocate(byteCount: max(256, min(capacity, Self.maximumTotal)), alignment: 8)
        lengths.reserveCapacity(count)
        tooLong = Bitmap(repeating: false, count: count)
    }

    deinit { memory.deallocate() }

    /// Bytes of the row that is being made.
    var length: Int { end - rowStart }

    /// Whether so many bytes more would be too many for the row.
    func isFull(adding count: Int) -> Bool {
        length + count > Self.maximumLength || end + count > Self.maximumTotal
    }

    /// Makes room for so many bytes more; false where the row may not have them.
    @inline(__always)
    private mutating func reserve(_ count: Int) -> Bool {
        end &+ count <= memory.count || grow(adding: count)
    }

    private mutating func grow(adding count: Int) -> Bool {
        guard !isTooLong, !isFull(adding: count) else {
            isTooLong = true
            return false
        }
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: max(2 * memory.count, end + count), alignment: 8)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<end]))
        memory.deallocate()
        memory = larger
        return true
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        guard reserve(1) else { return }
        memory[end] = byte
        end &+= 1
    }

    @inline(__always)
    mutating func append(_ text: UnsafeRawBufferPointer) {
        guard let source = text.baseAddress, reserve(text.count), let target = memory.baseAddress else { return }
        (target + end).copyMemory(from: source, byteCount: text.count)
        end &+= text.count
    }

    /// Appends each byte as `body` has it.
    @inline(__always)
    mutating func appendMapped(_ text: UnsafeRawBufferPointer, _ body: (UInt8) -> UInt8) {
        guard reserve(text.count) else { return }
        for index in 0..<text.count { memory[end &+ index] = body(text[index]) }
        end &+= text.count
    }

    mutating func append(_ text: [UInt8]) { text.withUnsafeBytes { append($0) } }

    mutating func append(_ text: some StringProtocol) {
        for byte in text.utf8 { append(byte) }
    }

    mutating func append(_ scalar: Unicode.Scalar) {
        guard let encoded = UTF8.encode(scalar) else { return }
        for byte in encoded { append(byte) }
    }

    @inline(__always)
    mutating func endRow() {
        if isTooLong || length > Self.maximumLength || end > Self.maximumTotal { dropRow() }
        lengths.append(UInt32(truncatingIfNeeded: end &- rowStart))
        rowStart = end
    }

    private mutating func dropRow() {
        isTooLong = false
        tooLong[lengths.count] = true
        end = rowStart
    }

    /// The texts of all rows that were ended.
    consuming func cells() -> TextCells {
        var start: UInt32 = 0
        let starts = lengths.map { length in
            defer { start &+= length }
            return start
        }
        return TextCells(
            bytes: Array(UnsafeRawBufferPointer(rebasing: memory[..<rowStart])), starts: starts, lengths: lengths)
    }
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
        let tooLong = builder.tooLong
        fail(tooLong, .tooLong, "would make a text of more than 1 MiB")
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
                    starts.initializeElement(
                        at: row, to: texts.starts[row] &+ UInt32(truncatingIfNeeded: part.lowerBound))
                    lengths[row] = UInt32(truncatingIfNeeded: part.count)
                }
            }
            initialized = count
        }
        return .text(TextCells(bytes: cells.bytes, starts: starts, lengths: lengths))
    }
}
