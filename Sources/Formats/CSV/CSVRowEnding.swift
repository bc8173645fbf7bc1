/// The end of a delimited row: the first line break that stands inside of no quotes.
///
/// A quote opens where a field begins, and nowhere else; a row with an open quote ends with the file.
struct CSVRowEnding: RowEnding {
    private let delimiter: UInt8
    private let quote: UInt8?
    private var isAtFieldStart = true
    /// Bytes of the row before the block at hand.
    private var passed = 0
    /// Where in the row a quote opened that isn't closed.
    private(set) var openQuote: Int?
    /// Whether the last byte was a quote inside of quotes: it closes them unless another one follows.
    private var hasQuote = false
    /// Whether the last byte was a CR, which a line feed may follow still.
    private var hasReturn = false

    init(_ dialect: CSVDialect) { (delimiter, quote) = (dialect.delimiter, dialect.quote) }

    mutating func end(in bytes: UnsafeRawBufferPointer) -> Int? {
        defer { passed += bytes.count }
        for place in bytes.indices {
            let byte = bytes[place]
            if hasReturn { return byte == 0x0A ? place &+ 1 : place }
            if openQuote != nil {
                guard hasQuote else {
                    hasQuote = byte == quote
                    continue
                }
                hasQuote = false
                if byte == quote { continue }
                openQuote = nil
            }
            if isAtFieldStart, byte == quote {
                (openQuote, isAtFieldStart) = (passed &+ place, false)
                continue
            }
            if byte == 0x0A { return place &+ 1 }
            hasReturn = byte == 0x0D
            isAtFieldStart = byte == delimiter
        }
        return nil
    }

    /// The quote that is open still where the file ends.
    var unclosedQuote: Int? { hasQuote ? nil : openQuote }
}
