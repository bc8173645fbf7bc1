import Files
import Synchronization
import Tables

/// Cuts files into chunks of whole rows, one after another, for any number of workers.
///
/// What must be done in order happens under a lock: reading bytes and finding the last whole row among them. Everything else
/// (fields, values) is the workers' own.
final class CSVReader: BatchReader {
    let source: CSVSource
    let projection: Projection
    private let ordinals: Set<Int>?
    private let lastOrdinal: Int?
    private let state: Mutex<State>

    /// Whole rows of one file.
    struct Chunk {
        let ordinal: Int
        let file: Int
        /// Where the bytes begin in the unpacked file.
        let offset: Int64
        var bytes: [UInt8]
    }

    private struct State {
        var file = 0
        var stream: (any ByteStream)?
        /// Bytes that were read and not handed out: the beginning of a row.
        var rest: [UInt8] = []
        var offset: Int64 = 0
        var ordinal = 0
        var isDone = false
    }

    init(_ source: CSVSource, _ projection: Projection, ordinals: Set<Int>?) {
        self.source = source
        self.projection = projection
        self.ordinals = ordinals
        lastOrdinal = ordinals?.max()
        state = Mutex(State())
    }

    func makeWorker() -> any BatchWorker { CSVWorker(self) }

    /// The next chunk that is wanted; `nil` at the end.
    func next() throws(SourceError) -> Chunk? {
        let result: Result<Chunk?, SourceError> = state.withLock { state in
            while !state.isDone {
                switch nextChunk(&state) {
                case .success(let chunk?):
                    if let lastOrdinal, chunk.ordinal >= lastOrdinal { state.isDone = true }
                    if ordinals?.contains(chunk.ordinal) ?? true { return .success(chunk) }
                case .success(nil):
                    state.isDone = true
                case .failure(var error):
                    state.isDone = true
                    error.partition = state.file
                    return .failure(error)
                }
            }
            return .success(nil)
        }
        return try result.get()
    }

    private func nextChunk(_ state: inout State) -> Result<Chunk?, SourceError> {
        while state.file < source.files.count {
            let file = source.files[state.file]
            guard let dialect = file.dialect else {
                state.file += 1
                continue
            }
            if state.stream == nil {
                do throws(SourceError) {
                    let stream = try file.input.stream()
                    try stream.skip(dialect.dataStart)
                    state.stream = stream
                } catch { return .failure(error) }
                state.offset = Int64(dialect.dataStart)
                state.rest = []
            }
            switch cut(&state, dialect, file.input.name) {
            case .success(let chunk?): return .success(chunk)
            case .success(nil):
                state.stream = nil
                state.file += 1
            case .failure(let error): return .failure(error)
            }
        }
        return .success(nil)
    }

    /// The next chunk of the current file; `nil` at its end.
    private func cut(_ state: inout State, _ dialect: CSVDialect, _ name: String) -> Result<Chunk?, SourceError> {
        guard let stream = state.stream else { return .success(nil) }
        let splitter = RowSplitter(delimiter: dialect.delimiter, quote: dialect.quote)
        let maximum = source.options.maximumRowBytes
        var size = max(source.options.chunkBytes, 16)
        while true {
            var (bytes, error) = Self.read(from: stream, after: state.rest, upTo: size)
            if let error { return .failure(error) }
            let isLast = bytes.count < size
            if bytes.isEmpty { return .success(nil) }
            let split = bytes.withUnsafeBytes { splitter.split($0, isLast: isLast) }
            // Rows before a bad one are handed out first, so that what is read doesn't depend on where chunks end.
            if let whole = split.end {
                let long = whole > maximum ? Self.firstRow(longerThan: maximum, in: bytes[..<whole], dialect) : nil
                if long == 0 { return .failure(Self.rowTooLong(name, state.offset, bytes, splitter, maximum)) }
                let end = long ?? whole
                state.rest = Array(bytes[end...])
                bytes.removeLast(bytes.count - end)
                let chunk = Chunk(ordinal: state.ordinal, file: state.file, offset: state.offset, bytes: bytes)
                state.ordinal += 1
                state.offset += Int64(end)
                return .success(chunk)
            }
            guard bytes.count <= maximum else {
                return .failure(Self.rowTooLong(name, state.offset, bytes, splitter, maximum))
            }
            if isLast, let open = split.openQuote {
                return .failure(Self.unclosedQuote(name, at: state.offset + Int64(open)))
            }
            state.rest = bytes
            size = min(size * 4, maximum + 1)
        }
    }

    /// Reads on until there are `size` bytes, `first` among them, or nothing more comes.
    static func read(
        from stream: any ByteStream, after first: [UInt8], upTo size: Int
    ) -> ([UInt8], SourceError?) {
        stream.block(after: first, upTo: size)
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

    private static func rowTooLong(
        _ name: String, _ offset: Int64, _ bytes: [UInt8], _ splitter: RowSplitter, _ maximum: Int
    ) -> SourceError {
        rowTooLong(name, offset, splitter.openQuote(inRow: bytes[...], of: maximum).map { offset + Int64($0) }, maximum)
    }

    static func rowTooLong(_ name: String, _ offset: Int64, _ openQuote: Int64?, _ maximum: Int) -> SourceError {
        let quote = openQuote.map { ", maybe because the quote that opens at byte offset \($0) is never closed" } ?? ""
        return SourceError(
            code: "row-too-long", message: "the row at byte offset \(offset) is longer than \(maximum) bytes\(quote)",
            place: name, byteOffset: offset, rowsIntoBatch: 0,
            hint: "where rows are as long as that, set max_row_bytes in the asset")
    }
}
