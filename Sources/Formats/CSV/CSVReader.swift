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
        let bytes: [UInt8]
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
            if isLast, let open = split.openQuote {
                let rows = Self.rows(bytes[..<(split.end ?? 0)], dialect)
                return .failure(Self.unclosedQuote(name, at: state.offset + Int64(open), rowsBefore: rows))
            }
            if let end = split.end {
                if bytes.count - end > maximum {
                    let rows = Self.rows(bytes[..<end], dialect)
                    return .failure(
                        Self.rowTooLong(
                            name, state.offset + Int64(end), split.openQuote.map { state.offset + Int64($0) }, maximum,
                            rowsBefore: rows))
                }
                state.rest = Array(bytes[end...])
                bytes.removeLast(bytes.count - end)
                let chunk = Chunk(ordinal: state.ordinal, file: state.file, offset: state.offset, bytes: bytes)
                state.ordinal += 1
                state.offset += Int64(end)
                return .success(chunk)
            }
            guard bytes.count < maximum else {
                return .failure(
                    Self.rowTooLong(
                        name, state.offset, split.openQuote.map { state.offset + Int64($0) }, maximum, rowsBefore: 0))
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

    private static func rows(_ bytes: ArraySlice<UInt8>, _ dialect: CSVDialect) -> Int {
        var index = FieldIndex(delimiter: dialect.delimiter, quote: dialect.quote, width: dialect.columns.count)
        bytes.withUnsafeBytes { index.build($0) }
        return index.rowCount
    }

    static func unclosedQuote(_ name: String, at offset: Int64, rowsBefore: Int? = nil) -> SourceError {
        SourceError(
            code: "unclosed-quote", message: "the quote that opens at byte offset \(offset) is never closed",
            place: name,
            byteOffset: offset, rowsIntoBatch: rowsBefore, hint: "double a quote inside a quoted field: \"\"")
    }

    static func rowTooLong(
        _ name: String, _ offset: Int64, _ openQuote: Int64?, _ maximum: Int, rowsBefore: Int? = nil
    ) -> SourceError {
        let quote = openQuote.map { ", maybe because the quote that opens at byte offset \($0) is never closed" } ?? ""
        return SourceError(
            code: "row-too-long", message: "the row at byte offset \(offset) is longer than \(maximum) bytes\(quote)",
            place: name, byteOffset: offset, rowsIntoBatch: rowsBefore,
            hint: "where rows are as long as that, set max_row_bytes in the asset")
    }
}
