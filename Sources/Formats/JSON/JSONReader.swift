import Files
import Synchronization
import Tables

/// Cuts files into chunks of whole rows, one after another, for any number of workers.
///
/// What must be done in order happens under a lock: reading bytes and finding the last whole row among them; in an array also the
/// end of every element. Everything else is the workers' own.
final class JSONReader: BatchReader {
    let source: JSONSource
    let projection: Projection
    private let ordinals: Set<Int>?
    private let lastOrdinal: Int?
    private let state: Mutex<State>

    /// Whole rows of one file.
    struct Chunk {
        let ordinal: Int
        let file: Int
        let form: JSONForm
        /// Where the bytes begin in the unpacked file.
        let offset: Int64
        /// With `JSONScanner.padding` behind the rows.
        let bytes: [UInt8]
        let elementEnds: [UInt32]
        /// Whether the first element is the first one of its array, so that it may be absent.
        let isFirst: Bool
        /// Whether the bracket of the array closes behind the last element.
        let isClosed: Bool
        /// Whether the file ends here.
        let isLast: Bool

        /// Bytes without padding.
        var count: Int { bytes.count - JSONScanner.padding.count }
    }

    private struct State {
        var file = 0
        var stream: (any ByteStream)?
        var form = JSONForm.lines
        /// Bytes that were read and not handed out: the beginning of a row.
        var rest: [UInt8] = []
        var offset: Int64 = 0
        var isFirst = true
        var isAtEnd = false
        var ordinal = 0
        var isDone = false
    }

    init(_ source: JSONSource, _ projection: Projection, ordinals: Set<Int>?) {
        self.source = source
        self.projection = projection
        self.ordinals = ordinals
        lastOrdinal = ordinals?.max()
        state = Mutex(State())
    }

    func makeWorker() -> any BatchWorker { JSONWorker(self) }

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
            if state.stream == nil {
                do throws(SourceError) {
                    let stream = try file.input.stream()
                    try stream.skip(file.dataStart)
                    state.stream = stream
                } catch { return .failure(error) }
                state.form = file.form
                state.offset = Int64(file.dataStart)
                state.rest = []
                state.isFirst = true
                state.isAtEnd = false
            }
            switch cut(&state, file.input.name) {
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
    private func cut(_ state: inout State, _ name: String) -> Result<Chunk?, SourceError> {
        guard let stream = state.stream, !state.isAtEnd else { return .success(nil) }
        let maximum = source.options.maximumRowBytes
        var size = max(source.options.chunkBytes, 16)
        while true {
            var (bytes, error) = stream.block(after: state.rest, upTo: size, spare: JSONScanner.padding.count)
            if let error { return .failure(error) }
            let count = bytes.count
            let isLast = count < size
            if count == 0, state.form != .elements { return .success(nil) }
            var block = JSONBlock(taking: &bytes, from: 0, form: state.form, isLast: isLast)
            guard let end = block.end else {
                guard count <= maximum else { return .failure(Self.rowTooLong(name, state.offset, maximum)) }
                state.rest = block.rest
                size = min(max(size, count) * 4, maximum + 1)
                continue
            }
            state.rest = block.rest
            // Behind the last element of an array that is never closed there is nothing.
            state.isAtEnd = isLast && state.form == .elements && !block.isClosed
            let chunk = Chunk(
                ordinal: state.ordinal, file: state.file, form: state.form, offset: state.offset,
                bytes: block.takeWholeRows(), elementEnds: block.elementEnds, isFirst: state.isFirst,
                isClosed: block.isClosed, isLast: isLast)
            state.ordinal += 1
            state.offset += Int64(end)
            state.isFirst = false
            if block.isClosed { state.form = .behindArray }
            return .success(chunk)
        }
    }

    static func rowTooLong(_ name: String, _ offset: Int64, _ maximum: Int, rowsBefore: Int = 0) -> SourceError {
        SourceError(
            code: "row-too-long", message: "the row at byte offset \(offset) is longer than \(maximum) bytes",
            place: name, byteOffset: offset, rowsIntoBatch: rowsBefore,
            hint: "where rows are as long as that, set max_row_bytes in the asset")
    }
}
