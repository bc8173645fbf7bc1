import Files

/// A segment that was there when the spool was opened.
struct FoundSegment {
    let path: String
    let size: Int64
    /// Behind the last request that is in.
    private(set) var end: Int64 = 0
    private(set) var firstSeconds: UInt32?
    /// Whether its log is damaged, so that `end` may be too low.
    var isKeptWhole = false
    /// Open where bytes had to be compared: a folder may have more segments than a process descriptors.
    private var file: SpoolFile?
    private let synchronise: SpoolFile.Synchronise

    init(path: String, synchronise: @escaping SpoolFile.Synchronise) throws(SpoolError) {
        self.path = path
        self.synchronise = synchronise
        do throws(OutputError) {
            size = try Self.status(SpoolFile(opening: path, synchronise: synchronise)).byteCount
        } catch { throw SpoolError(error) }
    }

    /// Whether the bytes of an entry are there.
    mutating func has(_ entry: LoggedRequest) -> Bool {
        guard entry.end <= UInt64(max(size, 0)) else { return false }
        // Whole before it was logged.
        guard entry.fingerprint != 0 else { return true }
        if file == nil { file = try? SpoolFile(opening: path, synchronise: synchronise) }
        let count = Int(entry.end - entry.start)
        guard let bytes = file?.bytes(from: Int64(entry.start), count: count), bytes.count == count else {
            return false
        }
        return LoggedRequest.fingerprint(of: bytes) == entry.fingerprint
    }

    mutating func take(_ entry: LoggedRequest) {
        firstSeconds = firstSeconds ?? entry.seconds
        end = max(end, Int64(entry.end))
    }

    /// Cuts away what is behind an end, and makes the rest durable where nobody has seen to that.
    func settle(at end: Int64) throws(OutputError) -> IntakeFile {
        let file = if let file { file } else { try SpoolFile(opening: path, synchronise: synchronise) }
        if end < size { file.truncate(to: end) }
        // What was compared may have been written and not synchronised before the crash.
        if end < size || self.file != nil { try file.sync() }
        return try Self.status(file, byteCount: end)
    }

    private static func status(_ file: SpoolFile, byteCount: Int64? = nil) throws(OutputError) -> IntakeFile {
        guard let status = file.intakeFile(byteCount: byteCount) else {
            throw OutputError(code: "input-output", message: "the file can't be looked at", place: file.path)
        }
        return status
    }
}
