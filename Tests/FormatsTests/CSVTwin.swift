/// A reader of delimited text made for being obviously right: one byte after another, one state, no chunks.
///
/// The oracle of the differential tests.
struct CSVTwin {
    struct Field: Equatable {
        var bytes: [UInt8] = []
        var isQuoted = false
        var hasTextAfterQuote = false
    }

    struct Row: Equatable {
        /// In bytes of the file.
        let start: Int
        /// Behind its line break.
        let end: Int
        let fields: [Field]
        /// A line break and nothing else.
        let isBlank: Bool
    }

    private enum State { case fieldStart, plain, quoted, quoteInQuotes, afterQuote }

    let delimiter: UInt8
    let quote: UInt8?
    private(set) var rows: [Row] = []
    /// Where the quote opens that is not closed by the end, and where its row begins.
    private(set) var unclosed: (row: Int, quote: Int)?

    private var state = State.fieldStart
    private var fields: [Field] = []
    private var field = Field()
    private var rowStart: Int
    private var openedAt = 0

    init(_ bytes: [UInt8], delimiter: UInt8, quote: UInt8?) {
        self.delimiter = delimiter
        self.quote = quote
        var index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        rowStart = index
        while index < bytes.count {
            let next = index + 1 < bytes.count ? bytes[index + 1] : nil
            index += take(bytes[index], next, index)
        }
        if state == .quoted {
            unclosed = (rowStart, openedAt)
        } else if rowStart < bytes.count {
            endRow(contentEnd: bytes.count, end: bytes.count)
        }
    }

    /// Takes in a byte; gives how many were used up.
    private mutating func take(_ byte: UInt8, _ next: UInt8?, _ index: Int) -> Int {
        switch state {
        case .quoted:
            if byte == quote { state = .quoteInQuotes } else { field.bytes.append(byte) }
            return 1
        case .quoteInQuotes where byte == quote:
            field.bytes.append(byte)
            state = .quoted
            return 1
        case .fieldStart where byte == quote:
            field.isQuoted = true
            openedAt = index
            state = .quoted
            return 1
        case .fieldStart, .plain, .quoteInQuotes, .afterQuote:
            if byte == delimiter {
                endField()
                return 1
            }
            if byte == 0x0A || byte == 0x0D {
                let length = byte == 0x0D && next == 0x0A ? 2 : 1
                endRow(contentEnd: index, end: index + length)
                return length
            }
            if state == .quoteInQuotes { field.hasTextAfterQuote = true }
            field.bytes.append(byte)
            state = state == .fieldStart || state == .plain ? .plain : .afterQuote
            return 1
        }
    }

    private mutating func endField() {
        fields.append(field)
        field = Field()
        state = .fieldStart
    }

    private mutating func endRow(contentEnd: Int, end: Int) {
        endField()
        rows.append(Row(start: rowStart, end: end, fields: fields, isBlank: contentEnd == rowStart))
        fields = []
        rowStart = end
    }
}

extension CSVTwin {
    /// What reading the file should give; `nil` for a file without a row.
    ///
    /// `hasHeader`: the first row that isn't blank holds names.
    func reading(_ bytes: [UInt8], hasHeader: Bool) -> Reading? {
        guard let first = rows.firstIndex(where: { !$0.isBlank }) else { return nil }
        var reading = Reading()
        reading.names =
            hasHeader
            ? rows[first].fields.map { String(decoding: $0.bytes, as: UTF8.self) }
            : rows[first].fields.indices.map { "column_\($0 + 1)" }
        let width = reading.names.count
        for row in rows.dropFirst(hasHeader ? first + 1 : 0) where width == 1 || !row.isBlank {
            let number = reading.texts.count + 1
            reading.offsets.append(Int64(row.start))
            reading.texts.append(
                (0..<width).map { place in
                    guard place < row.fields.count else { return nil }
                    let field = row.fields[place]
                    return field.bytes.isEmpty && !field.isQuoted ? nil : field.bytes
                })
            if let invalid = Self.firstInvalid(bytes[row.start..<row.end]) {
                reading.problems.append("row \(number): invalid-utf8: byte offset \(invalid) is no UTF-8")
            }
            for field in row.fields where field.hasTextAfterQuote {
                _ = field
                reading.problems.append(
                    "row \(number): text-after-quote: text between a closing quote and the end of the field")
            }
            if row.fields.count != width {
                let kind = row.fields.count < width ? "too-few-fields" : "too-many-fields"
                reading.problems.append(
                    "row \(number): \(kind): \(row.fields.count) \(row.fields.count == 1 ? "field" : "fields"), expected \(width)"
                )
            }
        }
        return reading
    }

    /// By the standard library's decoder.
    private static func firstInvalid(_ bytes: ArraySlice<UInt8>) -> Int? {
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var place = bytes.startIndex
        while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let scalar): place += scalar.count
            case .error: return place
            case .emptyInput: return nil
            }
        }
    }
}
