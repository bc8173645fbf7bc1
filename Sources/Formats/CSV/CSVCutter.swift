import Files
import Tables

/// Whole rows of a delimited file.
struct CSVRows {
    var bytes: [UInt8]
    /// The only row, where it is too long to be held or never ends; there are no bytes then.
    var long: LongRow?
}

/// Cuts a delimited file into chunks of whole rows.
struct CSVCutter: ChunkCutter {
    private let dialect: CSVDialect
    private let splitter: RowSplitter
    private let name: String
    private let chunkBytes: Int
    private let maximumRowBytes: Int
    private let keptOfLongRows: Int?
    private(set) var offset: Int64
    /// Bytes that were read and not handed out: the beginning of a row.
    private var rest: [UInt8] = []

    init(_ dialect: CSVDialect, _ options: CSVOptions, name: String) {
        self.dialect = dialect
        self.name = name
        splitter = RowSplitter(delimiter: dialect.delimiter, quote: dialect.quote)
        chunkBytes = max(options.chunkBytes, 16)
        maximumRowBytes = options.maximumRowBytes
        keptOfLongRows = options.keptOfLongRows
        offset = Int64(dialect.dataStart)
    }

    mutating func next(from stream: any ByteStream) throws(SourceError) -> CSVRows? {
        let maximum = maximumRowBytes
        var size = chunkBytes
        while true {
            let read = stream.block(after: rest, upTo: size)
            if let error = read.error { throw error }
            var bytes = read.bytes
            let isLast = read.isAtEnd
            if bytes.isEmpty { return nil }
            let split = bytes.withUnsafeBytes { splitter.split($0, isLast: isLast) }
            // Rows before a bad one are handed out first, so that what is read doesn't depend on where chunks end.
            if let whole = split.end {
                let long =
                    whole > maximum && keptOfLongRows == nil
                    ? Self.firstRow(longerThan: maximum, in: bytes[..<whole], dialect) : nil
                if long == 0 { throw rowTooLong(bytes) }
                let end = long ?? whole
                rest = Array(bytes[end...])
                bytes.removeLast(bytes.count - end)
                offset += Int64(end)
                return CSVRows(bytes: bytes)
            }
            guard bytes.count <= maximum else {
                if keptOfLongRows == nil { throw rowTooLong(bytes) }
                return try longRow(bytes, on: stream)
            }
            if isLast, let open = split.openQuote {
                if keptOfLongRows != nil { return try longRow(bytes, on: stream) }
                throw Self.unclosedQuote(name, at: offset + Int64(open))
            }
            rest = bytes
            if rest.count >= size { size = min(size * 4, maximum + 1) }
        }
    }

    /// The row that the bytes begin with, alone; what is behind it is read on with.
    ///
    /// Where a row ends is certain but for one whose quote is never closed: it has all that is left of the file.
    private mutating func longRow(_ bytes: [UInt8], on stream: any ByteStream) throws(SourceError) -> CSVRows {
        var ending = CSVRowEnding(dialect)
        let passed = try ending.pass(bytes, on: stream, blockBytes: chunkBytes)
        let problem: RowProblem
        if passed.isAtEnd, let open = ending.unclosedQuote {
            problem = RowProblem(
                row: 0, kind: .unclosedQuote,
                detail:
                    "the quote that opens at byte offset \(offset + Int64(open)) is never closed: all that follows, "
                    + "\(passed.byteCount) bytes with the beginning of its row, is one record")
        } else {
            let openQuote = splitter.openQuote(inRow: bytes[...], of: maximumRowBytes).map { offset + Int64($0) }
            problem = .tooLong(0, passed.byteCount, maximumRowBytes, openQuote: openQuote)
        }
        rest = passed.rest
        offset += Int64(passed.byteCount)
        return CSVRows(
            bytes: [],
            long: LongRow(
                bytes[...], keeping: keptOfLongRows ?? 0, byteCount: passed.byteCount, problem: problem))
    }

    /// Where the first row begins that has more bytes than allowed, its line break included.
    private static func firstRow(longerThan maximum: Int, in bytes: ArraySlice<UInt8>, _ dialect: CSVDialect) -> Int? {
        var index = FieldIndex(delimiter: dialect.delimiter, quote: dialect.quote, width: dialect.columns.count)
        return bytes.withUnsafeBytes { bytes in
            index.build(bytes)
            let row = (0..<index.rowCount).first { index.rowEnd($0, in: bytes) - Int(index.rowStarts[$0]) > maximum }
            return row.map { Int(index.rowStarts[$0]) }
        }
    }

    static func unclosedQuote(_ name: String, at offset: Int64) -> SourceError {
        SourceError(
            code: "unclosed-quote", message: "the quote that opens at byte offset \(offset) is never closed",
            place: name,
            byteOffset: offset, rowsIntoBatch: 0, hint: "double a quote inside a quoted field: \"\"")
    }

    /// The row that the bytes begin with.
    private func rowTooLong(_ bytes: [UInt8]) -> SourceError {
        let openQuote = splitter.openQuote(inRow: bytes[...], of: maximumRowBytes).map { offset + Int64($0) }
        return Self.rowTooLong(name, offset, openQuote, maximumRowBytes)
    }

    static func rowTooLong(_ name: String, _ offset: Int64, _ openQuote: Int64?, _ maximum: Int) -> SourceError {
        let quote = openQuote.map { ", maybe because the quote that opens at byte offset \($0) is never closed" } ?? ""
        return SourceError(
            code: "row-too-long", message: "the row at byte offset \(offset) is longer than \(maximum) bytes\(quote)",
            place: name, byteOffset: offset, rowsIntoBatch: 0,
            hint: "where rows are as long as that, set max_row_bytes in the asset")
    }
}
