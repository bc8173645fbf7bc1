/// Copies what comes through a descriptor, as standard input, into a spool: whole lines, in order, with nothing left out.
///
/// Lines that come together share a synchronisation. While the spool is full, or the disk is, nothing more is read, so that the writer
/// at the other end waits. A line that is too long to be a record goes to a segment of its own, without being held in memory: whoever
/// reads it finds a row that is too long, and where. A last line without line feed is a record.
public struct SpoolFeeder: Sendable {
    private let reader: DescriptorReader
    private let spool: Spool
    private let wait: @Sendable (Duration) async throws -> Void

    /// What was copied.
    public struct Summary: Sendable, Hashable {
        public var records = 0
        /// Those of the records that went to segments of their own.
        public var longRecords = 0
        /// With line feeds, without blank lines.
        public var byteCount: Int64 = 0
    }

    /// Begins to read, up to a megabyte ahead; the descriptor is never closed.
    ///
    /// `wait` is how time passes while the spool is full; `lastLineWait` how long the end of a line is waited for when it is cancelled.
    public init(
        _ descriptor: Int32, name: String, into spool: Spool, lastLineWait: Duration = .seconds(2),
        wait: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        reader = DescriptorReader(descriptor, name: name, lastLineWait: lastLineWait)
        self.spool = spool
        self.wait = wait
    }

    /// Copies until the input ends, and tells how much it was.
    ///
    /// Cancelled, it reads no more than the rest of the line that it is in, and copies what was read, even beyond
    /// what may wait in the spool: nobody gives it again. Errors: the input's `SourceError`, and those of the spool's that time doesn't
    /// mend, or that there is no time for.
    public func run() async throws -> Summary {
        var lines = LineCutter(maximumBytes: min(spool.limits.maximumRecordBytes, spool.limits.maximumRequestBytes))
        var feed = Feed(spool: spool, wait: wait)
        defer { reader.stop() }
        while true {
            let block = try await reader.next().get()
            if block.isEmpty { break }
            for part in lines.cut(block) { try await feed.take(part) }
        }
        for part in lines.end() { try await feed.take(part) }
        return feed.summary
    }
}

/// Puts parts of lines into a spool.
private struct Feed {
    let spool: Spool
    let wait: @Sendable (Duration) async throws -> Void
    var summary = SpoolFeeder.Summary()
    private var long: LongRecord?

    init(spool: Spool, wait: @escaping @Sendable (Duration) async throws -> Void) {
        self.spool = spool
        self.wait = wait
    }

    mutating func take(_ part: LineCutter.Part) async throws {
        switch part {
        case .lines(let bytes): try await add(bytes)
        case .longPart(let bytes):
            if long == nil { long = try await patiently { () throws(SpoolError) in try LongRecord(in: spool) } }
            guard let long else { return }
            try await patiently { () throws(SpoolError) in try long.add(bytes) }
        case .longEnd:
            guard let long else { return }
            self.long = nil
            let receipt = try await patiently { () async throws(SpoolError) in
                try await spool.append(file: long.path, byteCount: long.byteCount, evenBeyondLimit: Task.isCancelled)
            }
            summary.records += receipt.records
            summary.longRecords += receipt.records
            summary.byteCount += long.byteCount
        }
    }

    /// Puts whole lines into the spool, in parts that are requests.
    private mutating func add(_ bytes: [UInt8]) async throws {
        let request = try SpoolRequest(lines: bytes, limits: spool.limits)
        guard request.records > 0 else { return }
        _ = try await patiently { () async throws(SpoolError) in
            try await spool.append(request, evenBeyondLimit: Task.isCancelled)
        }
        summary.records += request.records
        summary.byteCount += Int64(request.byteCount)
    }

    private static let longestWait = Duration.seconds(1)

    /// Tries until it works, waiting longer and longer, unless trying again can't help; cancelled, once more.
    private func patiently<Answer>(_ body: () async throws(SpoolError) -> Answer) async throws -> Answer {
        var pause = Duration.milliseconds(5)
        while true {
            let isLast = Task.isCancelled
            do throws(SpoolError) {
                return try await body()
            } catch {
                guard error.mayHelpToRetry, error.code != "spool-closed", !isLast else { throw error }
                // Even an empty spool has no room for it.
                if error.code == "spool-full", spool.bytesWaiting == 0 { throw error }
            }
            // Woken by the end of patience, it tries for the last time.
            do { try await wait(pause) } catch is CancellationError {}
            pause = min(pause * 2, Self.longestWait)
        }
    }
}
