#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Where the fields and rows of a chunk lie: what every column is cut out by.
///
/// LF, CRLF and CR end a row, mixed as they may be. A row without a byte is no row, unless rows have one field only.
struct FieldIndex {
    /// Places of delimiters and line breaks outside of quotes, and one for the end of a last row without line break.
    private(set) var separators: [UInt32] = []
    /// For each row, which separator is its first; one more at the end.
    private(set) var rowFirst: [UInt32] = []
    /// Where each row begins.
    private(set) var rowStarts: [UInt32] = []
    /// Whether every row has as many fields as the header.
    private(set) var isRectangular = true
    private(set) var hasQuotes = false
    /// Rows in which something stands between a closing quote and the end of its field.
    private(set) var textAfterQuote: [Int] = []

    let delimiter: UInt8
    /// `nil` where there are no quotes.
    let quote: UInt8?
    let width: Int

    init(delimiter: UInt8, quote: UInt8?, width: Int) {
        self.delimiter = delimiter
        self.quote = quote
        self.width = width
    }

    var rowCount: Int { rowStarts.count }

    /// How many fields a row has.
    func fieldCount(_ row: Int) -> Int { Int(rowFirst[row + 1] - rowFirst[row]) }

    /// Where a row ends, behind its line break.
    func rowEnd(_ row: Int, in bytes: UnsafeRawBufferPointer) -> Int {
        let end = Int(separators[Int(rowFirst[row + 1]) - 1])
        guard end < bytes.count else { return bytes.count }
        return bytes[end] == 0x0D && end + 1 < bytes.count && bytes[end + 1] == 0x0A ? end + 2 : end + 1
    }

    /// Reads a chunk of whole rows, forgetting the one before.
    mutating func build(_ bytes: UnsafeRawBufferPointer) {
        separators.removeAll(keepingCapacity: true)
        rowFirst.removeAll(keepingCapacity: true)
        rowStarts.removeAll(keepingCapacity: true)
        textAfterQuote.removeAll(keepingCapacity: true)
        isRectangular = true
        hasQuotes = false
        if let quote, let base = bytes.baseAddress { hasQuotes = memchr(base, Int32(quote), bytes.count) != nil }
        if separators.capacity < bytes.count / 8 { separators.reserveCapacity(bytes.count / 4) }
        if hasQuotes, let quote { buildQuoted(bytes, quote) } else { buildPlain(bytes) }
        rowFirst.append(UInt32(separators.count))
    }

    /// Ends a row at `end`, the next one beginning at `next`; gives where the next one begins.
    @inline(__always)
    private mutating func endRow(start: Int, first: Int, end: Int) {
        let isBlank = end == start && separators.count == first
        if isBlank, width > 1 { return }
        separators.append(UInt32(truncatingIfNeeded: end))
        rowFirst.append(UInt32(truncatingIfNeeded: first))
        rowStarts.append(UInt32(truncatingIfNeeded: start))
        if separators.count &- first != width { isRectangular = false }
    }

    /// Eight bytes at a time: most words hold no separator or one.
    private mutating func buildPlain(_ bytes: UnsafeRawBufferPointer) {
        var rowStart = 0
        var first = 0
        var index = 0
        let count = bytes.count
        let delimiters = UInt64(delimiter) &* 0x0101_0101_0101_0101
        while index &+ 8 <= count {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            var marks =
                Self.zeroBytes(word ^ delimiters) | Self.zeroBytes(word ^ 0x0A0A_0A0A_0A0A_0A0A)
                | Self.zeroBytes(word ^ 0x0D0D_0D0D_0D0D_0D0D)
            while marks != 0 {
                let place = index &+ marks.trailingZeroBitCount &>> 3
                marks &= marks &- 1
                take(bytes, place, &rowStart, &first)
            }
            index &+= 8
        }
        while index < count {
            let byte = bytes[index]
            if byte == delimiter || byte == 0x0A || byte == 0x0D { take(bytes, index, &rowStart, &first) }
            index &+= 1
        }
        if rowStart < count { endRow(start: rowStart, first: first, end: count) }
    }

    /// The highest bit of each byte that is zero, exactly.
    @inline(__always)
    private static func zeroBytes(_ word: UInt64) -> UInt64 {
        let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
        return ~(((word & low) &+ low) | word | low)
    }

    /// Takes in a delimiter or line break outside of quotes.
    @inline(__always)
    private mutating func take(_ bytes: UnsafeRawBufferPointer, _ place: Int, _ rowStart: inout Int, _ first: inout Int) {
        let byte = bytes[place]
        if byte == delimiter {
            separators.append(UInt32(truncatingIfNeeded: place))
            return
        }
        if byte == 0x0A, place > 0, place == rowStart, bytes[place &- 1] == 0x0D {
            // The second half of a CRLF whose first half ended the row.
            rowStart = place &+ 1
            return
        }
        endRow(start: rowStart, first: first, end: place)
        first = separators.count
        rowStart = place &+ 1
    }

    /// The plain machine: one byte after another, quotes minded.
    private mutating func buildQuoted(_ bytes: UnsafeRawBufferPointer, _ quote: UInt8) {
        var rowStart = 0
        var first = 0
        var index = 0
        var isAtFieldStart = true
        while index < bytes.count {
            let byte = bytes[index]
            if isAtFieldStart, byte == quote {
                index = Self.behindQuotes(bytes, from: index &+ 1, quote: quote)
                isAtFieldStart = false
                if index < bytes.count, bytes[index] != delimiter, bytes[index] != 0x0A, bytes[index] != 0x0D {
                    textAfterQuote.append(rowStarts.count)
                }
                continue
            }
            isAtFieldStart = byte == delimiter || byte == 0x0A || byte == 0x0D
            if isAtFieldStart { take(bytes, index, &rowStart, &first) }
            index &+= 1
        }
        if rowStart < bytes.count { endRow(start: rowStart, first: first, end: bytes.count) }
    }

    /// Behind the closing quote, or the end of the bytes.
    private static func behindQuotes(_ bytes: UnsafeRawBufferPointer, from start: Int, quote: UInt8) -> Int {
        var index = start
        guard let base = bytes.baseAddress else { return start }
        while index < bytes.count, let found = memchr(base + index, Int32(quote), bytes.count - index) {
            let place = UnsafeRawPointer(found) - base
            if place + 1 < bytes.count, bytes[place + 1] == quote {
                index = place + 2
            } else {
                return place + 1
            }
        }
        return bytes.count
    }
}
