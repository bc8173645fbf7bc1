import CScan

/// Where the fields and rows of a chunk lie: what every column is cut out by.
///
/// LF, CRLF and CR end a row, mixed as they may be. A row without a byte is no row, unless rows have one field only.
/// Chunks whose quotes are regular are read 64 bytes at a time in `CScan`; others, and those of machines without it, by the
/// plain machine, byte by byte, which is also the oracle in tests.
struct FieldIndex {
    /// Places of delimiters and line breaks outside of quotes, and one for the end of a last row without line break.
    let separators = GrowingBuffer()
    /// For each row, which separator is its first and which its last.
    let rowFirst = GrowingBuffer()
    let rowLast = GrowingBuffer()
    /// Where each row begins; a batch keeps it.
    private(set) var rowStarts: [UInt32] = []
    /// Whether every row has as many fields as the header.
    private(set) var isRectangular = true
    private(set) var quoting = Quoting.none
    private(set) var isASCII = true
    /// Rows in which something stands between a closing quote and the end of its field.
    private(set) var textAfterQuote: [Int] = []

    /// What the quotes of a chunk are like.
    enum Quoting {
        case none
        /// A field that begins with a quote ends with one, and has none inside.
        case simple
        /// The same, but for pairs that stand for a quote.
        case doubled
        case irregular
    }

    let delimiter: UInt8
    /// `nil` where there are no quotes.
    let quote: UInt8?
    let width: Int
    private let rowEnds = GrowingBuffer()

    init(delimiter: UInt8, quote: UInt8?, width: Int) {
        self.delimiter = delimiter
        self.quote = quote
        self.width = width
    }

    var rowCount: Int { rowStarts.count }

    /// How many fields a row has.
    func fieldCount(_ row: Int) -> Int { Int(rowLast.base[row]) - Int(rowFirst.base[row]) + 1 }

    /// Where a row ends, behind its line break.
    func rowEnd(_ row: Int, in bytes: UnsafeRawBufferPointer) -> Int {
        let end = Int(separators.base[Int(rowLast.base[row])])
        guard end < bytes.count else { return bytes.count }
        return bytes[end] == 0x0D && end + 1 < bytes.count && bytes[end + 1] == 0x0A ? end + 2 : end + 1
    }

    /// Takes all fields away from some rows.
    mutating func empty(_ rows: [Int]) {
        for row in rows { (rowFirst.base[row], rowLast.base[row]) = (1, 0) }
        isRectangular = isRectangular && rows.isEmpty
    }

    /// Reads a chunk of whole rows, forgetting the one before.
    mutating func build(_ bytes: UnsafeRawBufferPointer) {
        reset()
        guard let base = bytes.baseAddress, bytes.count > 0 else { return }
        // CScan writes four entries at a time: a little room beyond the last.
        separators.reserve(bytes.count + 64)
        rowEnds.reserve(bytes.count + 64)
        let found = cscan_fields(
            base.assumingMemoryBound(to: UInt8.self), bytes.count, delimiter, quote.map { Int32($0) } ?? -1,
            separators.base, rowEnds.base)
        if found.has_quotes != 0 { quoting = found.has_doubled_quotes != 0 ? .doubled : .simple }
        isASCII = found.has_non_ascii == 0
        guard found.is_irregular == 0 else {
            buildPlainly(bytes)
            return
        }
        separators.count = found.separator_count
        rowEnds.count = found.row_count
        assembleRows(bytes)
    }

    private mutating func reset() {
        separators.count = 0
        rowEnds.count = 0
        rowFirst.count = 0
        rowLast.count = 0
        rowStarts = []
        textAfterQuote.removeAll(keepingCapacity: true)
        isRectangular = true
        quoting = .none
        isASCII = true
    }

    /// Makes rows out of the separators that end one.
    private mutating func assembleRows(_ bytes: UnsafeRawBufferPointer) {
        let capacity = rowEnds.count + 1
        rowFirst.reserve(capacity)
        rowLast.reserve(capacity)
        let (firsts, lasts, separators, ends) = (rowFirst.base, rowLast.base, separators.base, rowEnds.base)
        let keepsBlank = width == 1
        var start: UInt32 = 0
        var first: UInt32 = 0
        var row = 0
        var irregularity = 0
        rowStarts = [UInt32](unsafeUninitializedCapacity: capacity) { starts, count in
            for number in 0..<rowEnds.count {
                let last = ends[number]
                let end = separators[Int(last)]
                firsts[row] = first
                lasts[row] = last
                starts.initializeElement(at: row, to: start)
                // What is no row is written over by the next.
                let isRow = keepsBlank || start != end || first != last
                irregularity |= isRow ? Int(last &- first) &+ 1 &- width : 0
                row &+= isRow ? 1 : 0
                let isCRLF = bytes[Int(end)] == 0x0D && Int(end) &+ 1 < bytes.count && bytes[Int(end) &+ 1] == 0x0A
                start = end &+ (isCRLF ? 2 : 1)
                first = last &+ 1
            }
            count = row
        }
        rowFirst.count = row
        rowLast.count = row
        isRectangular = irregularity == 0
        endLastRow(start: start, first: first, bytes.count)
    }

    /// The last row of a file need not end with a line break.
    private mutating func endLastRow(start: UInt32, first: UInt32, _ count: Int) {
        guard Int(start) < count else { return }
        let last = UInt32(separators.count)
        separators.append(UInt32(count))
        endRow(start: start, first: first, last: last, end: UInt32(count))
    }

    @inline(__always)
    private mutating func endRow(start: UInt32, first: UInt32, last: UInt32, end: UInt32) {
        if start == end, first == last, width > 1 { return }
        rowFirst.append(first)
        rowLast.append(last)
        rowStarts.append(start)
        if Int(last &- first) &+ 1 != width { isRectangular = false }
    }
}

extension FieldIndex {
    /// The plain machine: one byte after another, quotes minded.
    mutating func buildPlainly(_ bytes: UnsafeRawBufferPointer) {
        reset()
        isASCII = TextCheck.isASCII(bytes)
        separators.reserve(bytes.count + 64)
        var start = 0
        var first = 0
        var index = 0
        var isAtFieldStart = true
        while index < bytes.count {
            let byte = bytes[index]
            if byte == quote { quoting = .irregular }
            if isAtFieldStart, byte == quote {
                index = behindQuotes(bytes, from: index + 1)
                isAtFieldStart = false
                if index < bytes.count, bytes[index] != delimiter, bytes[index] != 0x0A, bytes[index] != 0x0D {
                    textAfterQuote.append(rowStarts.count)
                }
                continue
            }
            isAtFieldStart = byte == delimiter || byte == 0x0A || byte == 0x0D
            if byte == delimiter {
                separators.append(UInt32(index))
            } else if isAtFieldStart {
                separators.append(UInt32(index))
                let last = separators.count - 1
                endRow(start: UInt32(start), first: UInt32(first), last: UInt32(last), end: UInt32(index))
                if byte == 0x0D, index + 1 < bytes.count, bytes[index + 1] == 0x0A { index += 1 }
                start = index + 1
                first = last + 1
            }
            index += 1
        }
        endLastRow(start: UInt32(start), first: UInt32(first), bytes.count)
    }

    /// Behind the closing quote, or the end of the bytes.
    private func behindQuotes(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        while index < bytes.count {
            if bytes[index] == quote {
                guard index + 1 < bytes.count, bytes[index + 1] == quote else { return index + 1 }
                index += 1
            }
            index += 1
        }
        return bytes.count
    }
}

/// 32-bit numbers in memory that is kept from chunk to chunk, for C to write into.
///
/// One thread's own.
final class GrowingBuffer {
    private(set) var base: UnsafeMutablePointer<UInt32>
    private var capacity: Int
    var count = 0

    init() {
        capacity = 1_024
        base = .allocate(capacity: capacity)
    }

    deinit { base.deallocate() }

    /// Makes room for so many; what is there stays.
    func reserve(_ wanted: Int) {
        guard wanted > capacity else { return }
        let larger = UnsafeMutablePointer<UInt32>.allocate(capacity: wanted)
        larger.update(from: base, count: count)
        base.deallocate()
        base = larger
        capacity = wanted
    }

    func append(_ value: UInt32) {
        if count == capacity { reserve(capacity * 2) }
        base[count] = value
        count += 1
    }
}
