import Files
import Synchronization
import Tables

/// Cuts the bytes of one file into chunks of whole rows, one after another.
protocol ChunkCutter {
    /// The rows of a chunk, with what the workers must know about them.
    associatedtype Rows

    /// Where the file's next chunk begins in its unpacked bytes.
    var offset: Int64 { get }

    /// Reads on to the next rows; `nil` at the end of the file.
    mutating func next(from stream: any ByteStream) throws(SourceError) -> Rows?
}

/// Whole rows of one file.
struct Chunk<Rows> {
    let ordinal: Int
    let file: Int
    /// Where the rows begin in the unpacked file.
    let offset: Int64
    /// Bytes of the file that no chunk has, before the first one's rows; 0 for the others.
    let leadingBytes: Int
    var rows: Rows
}

/// Hands out the chunks of files, one after another, to any number of workers.
///
/// What must be done in order happens under a lock: taking bytes and finding the last whole row among them. Everything else
/// (fields, values) is the workers' own, and so is unpacking ahead while somebody else has the lock.
final class ChunkReader<Cutter: ChunkCutter>: Sendable {
    /// A file to read.
    struct File: Sendable {
        let input: InputFile
        /// Where its first row may begin, in bytes of the unpacked file.
        let start: Int
    }

    private let files: [File?]
    private let makeCutter: @Sendable (Int) -> Cutter
    private let ordinals: Set<Int>?
    private let lastOrdinal: Int?
    private let ahead: UnpackingAhead
    private let state: Mutex<State>

    private struct State {
        var file = 0
        var current: (stream: any ByteStream, cutter: Cutter)?
        var ordinal = 0
        var isDone = false
    }

    /// Begins to read; with `ordinals`, only those chunks are handed out.
    ///
    /// `files` has `nil` for those without rows.
    init(_ files: [File?], ordinals: Set<Int>?, makeCutter: @escaping @Sendable (Int) -> Cutter) {
        self.files = files
        self.makeCutter = makeCutter
        self.ordinals = ordinals
        lastOrdinal = ordinals?.max()
        ahead = UnpackingAhead(files.map { $0?.input })
        state = Mutex(State())
    }

    /// The next chunk that is wanted; `nil` at the end.
    func next() throws(SourceError) -> Chunk<Cutter.Rows>? {
        while true {
            if let result = state.withLockIfAvailable({ wanted(&$0) }) { return try result.get() }
            guard ahead.unpackSome() else { break }
        }
        return try state.withLock { wanted(&$0) }.get()
    }

    private func wanted(_ state: inout State) -> Result<Chunk<Cutter.Rows>?, SourceError> {
        do throws(SourceError) {
            while !state.isDone {
                guard let chunk = try next(&state) else { break }
                if let lastOrdinal, chunk.ordinal >= lastOrdinal { finish(&state) }
                if ordinals?.contains(chunk.ordinal) ?? true { return .success(chunk) }
            }
            finish(&state)
            return .success(nil)
        } catch {
            finish(&state)
            var error = error
            error.partition = state.file
            return .failure(error)
        }
    }

    private func finish(_ state: inout State) {
        state.isDone = true
        state.current = nil
        ahead.stop()
    }

    private func next(_ state: inout State) throws(SourceError) -> Chunk<Cutter.Rows>? {
        while state.file < files.count {
            if state.current == nil { state.current = try open(state.file) }
            if var current = state.current {
                let offset = current.cutter.offset
                state.current = nil
                if let rows = try current.cutter.next(from: current.stream) {
                    state.current = current
                    state.ordinal += 1
                    let start = files[state.file]?.start ?? 0
                    return Chunk(
                        ordinal: state.ordinal - 1, file: state.file, offset: offset,
                        leadingBytes: offset == Int64(start) ? start : 0, rows: rows)
                }
            }
            state.file += 1
        }
        return nil
    }

    private func open(_ number: Int) throws(SourceError) -> (any ByteStream, Cutter)? {
        guard let file = files[number] else { return nil }
        let stream = try ahead.stream(number, of: file.input)
        try stream.skip(file.start)
        return (stream, makeCutter(number))
    }
}
