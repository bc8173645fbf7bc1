import Files
import Tables

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The files of a spool: the segment that is written, those that wait to be read, the log and its keys.
///
/// Whoever holds its lock writes; everything here may wait for the disk.
struct SpoolFolder {
    let path: String
    let limits: SpoolLimits
    let synchronise: SpoolFile.Synchronise
    /// Held so that no other process writes here.
    var lock: SpoolLock?
    /// The segment that is written, made when the first request comes.
    var open: OpenSegment?
    /// Closed segments that nobody has removed, in order.
    private(set) var sealed: [SealedSegment] = []
    private var sealedBytes: Int64 = 0
    /// The log that is written; none before the first request of an empty folder, and after one was given up.
    var log: RequestLog?
    /// What is in the log that is written.
    var summary = LogSummary()
    /// Older logs, the oldest first.
    var oldLogs: [(path: String, summary: LogSummary)] = []
    var keys = RememberedKeys()
    /// Numbers that nothing had yet.
    var nextSegment: UInt32 = 1
    var nextLog: UInt32 = 1

    init(path: String, limits: SpoolLimits, synchronise: @escaping SpoolFile.Synchronise, lock: SpoolLock) {
        self.path = path
        self.limits = limits
        self.synchronise = synchronise
        self.lock = lock
    }

    struct OpenSegment {
        let number: UInt32
        let file: SpoolFile
        /// Durable bytes.
        var byteCount: Int64 = 0
        var requests = 0
        let firstSeconds: UInt32
    }

    struct SealedSegment {
        let number: UInt32
        let file: IntakeFile
        /// When its first request came.
        let firstSeconds: UInt32
    }

    /// What is known of a log without reading it again.
    struct LogSummary {
        var keys: [Hash128] = []
        var segments: ClosedRange<UInt32>?
        var firstSeconds: UInt32?
        var lastSeconds: UInt32 = 0

        mutating func note(_ request: LoggedRequest) {
            if let key = request.key { keys.append(key) }
            let first = min(segments?.lowerBound ?? request.segment, request.segment)
            segments = first...max(segments?.upperBound ?? request.segment, request.segment)
            firstSeconds = firstSeconds ?? request.seconds
            lastSeconds = max(lastSeconds, request.seconds)
        }
    }

    static func segmentName(_ number: UInt32) -> String { "segment-\(digits(number)).jsonl" }
    static func logName(_ number: UInt32) -> String { "requests-\(digits(number)).log" }

    private static func digits(_ number: UInt32) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 10 - digits.utf8.count) + digits
    }

    /// Bytes that wait to be read.
    var byteCount: Int64 { sealedBytes + (open?.byteCount ?? 0) }

    /// When the oldest request came that waits to be read.
    var oldestSeconds: UInt32? { sealed.first?.firstSeconds ?? open?.firstSeconds }
}

/// Removes a file; harmless where it is gone.
func removeFile(_ path: String) { unlink(path) }

extension SpoolFolder {
    /// Closes the segment that is written, if there is one.
    mutating func sealOpenSegment() {
        guard let segment = open else { return }
        open = nil
        guard segment.byteCount > 0, let file = segment.file.intakeFile(byteCount: segment.byteCount) else {
            removeFile(segment.file.path)
            return
        }
        addSealed(SealedSegment(number: segment.number, file: file, firstSeconds: segment.firstSeconds))
    }

    /// Takes a closed segment, numbered higher than all before.
    mutating func addSealed(_ segment: SealedSegment) {
        sealed.append(segment)
        sealedBytes += segment.file.byteCount
    }

    /// Takes segments off the list; their files are the caller's to remove.
    mutating func forget(_ names: Set<String>) {
        sealed.removeAll { names.contains($0.file.name) }
        sealedBytes = sealed.reduce(0) { $0 + $1.file.byteCount }
    }

    /// Begins the next segment, and another log where the last one is full or given up.
    mutating func openSegment(seconds: UInt32) throws(SpoolError) -> OpenSegment {
        try openLog(seconds: seconds)
        let path = try takeSegmentPath()
        do throws(OutputError) {
            let file = try SpoolFile(creating: path.path, synchronise: synchronise)
            try PreparedFile.syncFolder(of: path.path)
            return OpenSegment(number: path.number, file: file, firstSeconds: seconds)
        } catch {
            removeFile(path.path)
            throw SpoolError(error)
        }
    }

    /// A number and a name that no segment ever had, whatever comes of it.
    mutating func takeSegmentPath() throws(SpoolError) -> (number: UInt32, path: String) {
        guard nextSegment < .max else { throw noNumbersLeft }
        defer { nextSegment += 1 }
        return (nextSegment, path + "/" + Self.segmentName(nextSegment))
    }

    private static let logEntries = 65_536
    private static let logSeconds: UInt32 = 3_600

    /// Begins another log where there is none, or the last one has had its time or was given up.
    mutating func openLog(seconds: UInt32) throws(SpoolError) {
        if let log {
            let isOld = summary.firstSeconds.map { seconds > $0 && seconds - $0 > Self.logSeconds } ?? false
            guard log.isGivenUp || isOld || log.count >= Self.logEntries else { return }
        }
        guard nextLog < .max else { throw noNumbersLeft }
        let number = nextLog
        nextLog += 1
        let path = path + "/" + Self.logName(number)
        do throws(OutputError) {
            let next = try RequestLog(
                creating: path, number: number, nextSegment: nextSegment, synchronise: synchronise)
            if let log { oldLogs.append((log.file.path, summary)) }
            log = next
            summary = LogSummary()
        } catch {
            removeFile(path)
            throw SpoolError(error)
        }
        dropOldLogs(seconds: seconds)
    }

    private var noNumbersLeft: SpoolError {
        SpoolError(code: "spool-damaged", message: "there are no numbers left for its files", place: path)
    }

    /// Removes logs, the oldest first, that no segment needs and whose keys need not be remembered.
    mutating func dropOldLogs(seconds: UInt32) {
        while let (path, summary) = oldLogs.first {
            let isNeeded = summary.segments.map { segments in
                sealed.contains { segments.contains($0.number) } || open.map { segments.contains($0.number) } ?? false
            }
            guard isNeeded != true else { return }
            let isOld = Int64(seconds) - Int64(summary.lastSeconds) > limits.rememberedSeconds
            guard summary.keys.isEmpty || isOld || keys.count - summary.keys.count >= limits.rememberedKeys else {
                return
            }
            if let segments = summary.segments { keys.forget(summary.keys, of: segments) }
            removeFile(path)
            oldLogs.removeFirst()
        }
    }
}
