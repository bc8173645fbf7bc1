import Synchronization
public import Tables

/// Unpacks the beginnings of packed files before somebody asks for them.
///
/// Files are read one after another, and one file can only be unpacked from its beginning on: with many small packed files,
/// threads that wait for their turn unpack those that come next. Each file is ahead by a few pieces at most. What is read
/// doesn't depend on who unpacked it; an error comes where the file's bytes end.
public final class UnpackingAhead: Sendable {
    /// How far a file may be ahead, in pieces of ``pieceBytes``.
    private static let pieces = 4
    private static let pieceBytes = 1 << 20
    /// How many files may be ahead.
    private static let window = 8

    /// The packed ones; `nil` for others, of which nothing is read ahead.
    private let files: [UnpackedFile?]
    /// The file that is being read, and all the others' places are counted from; past the end when nobody reads any more.
    private let current = Mutex(0)

    /// `files` has `nil` for those that are not read.
    public init(_ files: [InputFile?]) {
        let isWorthIt = files.lazy.filter { $0.map { $0.compression != .none } ?? false }.prefix(2).count > 1
        self.files = files.map { file in
            guard let file, isWorthIt, file.compression != .none else { return nil }
            return UnpackedFile(file, pieces: Self.pieces, pieceBytes: Self.pieceBytes)
        }
    }

    /// The unpacked bytes of a file, by its number; those of files before it are no longer asked for.
    public func stream(_ number: Int, of file: InputFile) throws(SourceError) -> any ByteStream {
        current.withLock { $0 = number }
        if let ahead = files[number] { return AheadStream(ahead) }
        return try file.stream()
    }

    /// Unpacks a piece of one of the files that come next; false where there is none, or others are at all of them.
    public func unpackSome() -> Bool {
        let first = current.withLock { $0 }
        guard first < files.count else { return false }
        return files[first..<min(first + Self.window, files.count)].contains { $0?.unpackAhead() ?? false }
    }

    /// Nothing is read any more.
    public func stop() { current.withLock { $0 = files.count } }
}

/// A packed file with some of its unpacked bytes.
private final class UnpackedFile: Sendable {
    private let file: InputFile
    private let pieces: Int
    private let pieceBytes: Int
    /// Held while a piece is unpacked, and until it is in the queue: pieces are in order.
    private let unpacker: Mutex<Unpacker>
    private let queue = Mutex(Queue())

    private struct Unpacker {
        var stream: (any ByteStream)?
        var isAtEnd = false
    }

    private struct Queue {
        var pieces: [Piece] = []
        var isAtEnd = false
    }

    struct Piece {
        let bytes: [UInt8]
        /// What stopped the unpacking behind the bytes.
        let error: SourceError?
    }

    init(_ file: InputFile, pieces: Int, pieceBytes: Int) {
        self.file = file
        self.pieces = pieces
        self.pieceBytes = pieceBytes
        unpacker = Mutex(Unpacker())
    }

    /// Unpacks a piece, unless there are enough, or another thread is at it.
    func unpackAhead() -> Bool {
        guard queue.withLock({ $0.pieces.count < pieces && !$0.isAtEnd }) else { return false }
        return unpacker.withLockIfAvailable { unpack(&$0) } ?? false
    }

    /// The next piece, unpacked now where it has to be; `nil` at the end.
    func next() -> Piece? {
        if let piece = takeReady() { return piece }
        return unpacker.withLock { unpacker in
            // Who had the lock may have left a piece.
            if let piece = takeReady() { return piece }
            return unpack(&unpacker) ? takeReady() : nil
        }
    }

    private func takeReady() -> Piece? {
        queue.withLock { $0.pieces.isEmpty ? nil : $0.pieces.removeFirst() }
    }

    private func unpack(_ unpacker: inout Unpacker) -> Bool {
        guard !unpacker.isAtEnd else { return false }
        var piece: Piece
        do throws(SourceError) {
            if unpacker.stream == nil { unpacker.stream = try file.stream() }
            let block = unpacker.stream?.block(after: [], upTo: pieceBytes)
            piece = Piece(bytes: block?.bytes ?? [], error: block?.error)
        } catch {
            piece = Piece(bytes: [], error: error)
        }
        unpacker.isAtEnd = piece.bytes.count < pieceBytes
        if unpacker.isAtEnd { unpacker.stream = nil }
        queue.withLock { [isAtEnd = unpacker.isAtEnd] queue in
            queue.pieces.append(piece)
            queue.isAtEnd = isAtEnd
        }
        return true
    }
}

/// The bytes of a file that others may have unpacked.
private final class AheadStream: ByteStream {
    private let file: UnpackedFile
    private var piece = UnpackedFile.Piece(bytes: [], error: nil)
    private var place = 0

    init(_ file: UnpackedFile) { self.file = file }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
        guard buffer.count > 0 else { return 0 }
        while place == piece.bytes.count {
            if let error = piece.error { throw error }
            guard let next = file.next() else { return 0 }
            (piece, place) = (next, 0)
        }
        let count = min(buffer.count, piece.bytes.count - place)
        piece.bytes.withUnsafeBytes { bytes in
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[place..<place + count]))
        }
        place += count
        return count
    }
}
