import Files
import Tables

/// A file that says which requests are in: a header, then an entry for each, in the order in which they came.
///
/// A request is in when its bytes are durable, and then its entry is; groups of requests share both. The log outlives the segments
/// that it is about, for the keys in it.
struct RequestLog {
    let number: UInt32
    let file: SpoolFile
    /// Entries that are durable.
    private(set) var count: Int
    /// Whether an entry could not be written or made durable, so that nobody knows what stands behind the durable ones.
    private(set) var isGivenUp = false

    static let headerSize = 64
    private static let magic: [UInt8] = Array("assay spool log 1\n".utf8)

    /// Begins a log; `nextSegment` is the number that no segment before had.
    init(
        creating path: String, number: UInt32, nextSegment: UInt32, synchronise: @escaping SpoolFile.Synchronise
    ) throws(OutputError) {
        self.number = number
        file = try SpoolFile(creating: path, synchronise: synchronise)
        count = 0
        var header = Self.magic + [UInt8](repeating: 0, count: Self.headerSize - Self.magic.count)
        header.withUnsafeMutableBytes { header in
            LoggedRequest.store(nextSegment, header, 48)
            let checked = UnsafeRawBufferPointer(rebasing: header[..<56])
            LoggedRequest.store(LoggedRequest.check(checked, number), header, 56)
        }
        try file.put(header, at: 0)
        try file.sync()
        try PreparedFile.syncFolder(of: path)
    }

    /// Goes on with a log that was read.
    init(continuing file: SpoolFile, number: UInt32, count: Int) {
        self.number = number
        self.file = file
        self.count = count
    }

    /// Makes entries durable; after an error the log is given up, and has none of them.
    mutating func append(_ entries: [LoggedRequest]) throws(OutputError) {
        precondition(!isGivenUp, "a log that was given up is not written to")
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.count * LoggedRequest.size)
        for entry in entries { entry.append(to: &bytes, log: number) }
        let end = Self.headerSize + count * LoggedRequest.size
        do throws(OutputError) {
            try file.put(bytes, at: Int64(end))
            try file.sync()
        } catch {
            isGivenUp = true
            file.truncate(to: Int64(end))
            throw error
        }
        count += entries.count
    }

    /// The number in a header; `nil` for what is none.
    static func nextSegment(inHeader bytes: UnsafeRawBufferPointer, number: UInt32) -> UInt32? {
        guard bytes.count >= headerSize, bytes.starts(with: magic),
            LoggedRequest.load(bytes, 56, UInt64.self)
                == LoggedRequest.check(UnsafeRawBufferPointer(rebasing: bytes[..<56]), number)
        else { return nil }
        return LoggedRequest.load(bytes, 48, UInt32.self)
    }
}
