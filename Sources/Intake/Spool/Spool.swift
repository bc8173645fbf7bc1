import Files
import Synchronization

/// Requests of records that came over the network or standard input, durable in segments of JSON Lines until a batch has read them.
///
/// What `append` answers for is in the folder wholly and stays there through any crash; what it refuses is not there, but for a crash
/// before the answer, after which a whole request may be in or not. One dedicated thread writes: requests that come together
/// share its two synchronisations (the bytes, then the log of requests). A folder has one spool at a time.
///
/// Files of the folder: `segment-0000000001.jsonl`, numbered without end; `requests-0000000001.log`, which says what of them counts and
/// remembers keys; `.lock`; and, while a record is taken that is too long for memory, a name that begins with `_`.
public final class Spool: Sendable {
    public let path: String
    public let limits: SpoolLimits
    /// What was in the folder when the spool was opened.
    public let recovery: SpoolRecovery
    private let writer: SpoolWriter

    /// Opens a folder, made where there is none; waits for the disk.
    ///
    /// `now` gives nanoseconds since 1970-01-01T00:00:00Z.
    public convenience init(
        _ path: String, limits: SpoolLimits = SpoolLimits(), now: @escaping @Sendable () -> Int64
    ) throws(SpoolError) {
        try self.init(path, limits: limits, now: now, synchronise: SpoolFile.system)
    }

    init(
        _ path: String, limits: SpoolLimits, now: @escaping @Sendable () -> Int64,
        synchronise: @escaping SpoolFile.Synchronise
    ) throws(SpoolError) {
        self.path = path
        self.limits = limits
        let seconds = UInt32(clamping: now() / 1_000_000_000)
        let opened = try SpoolFolder.open(path, limits: limits, seconds: seconds, synchronise: synchronise)
        recovery = opened.recovery
        writer = SpoolWriter(opened.folder, now: now)
    }

    deinit { writer.close() }

    /// Takes a request: returns when its bytes are durable.
    ///
    /// A request without records is in as it is. Errors: `spool-full` (too much waits to be read), `spool-busy` (too much waits for the
    /// disk), `disk-full` and what else the disk says, `key-reused`, `request-too-large`, `spool-closed`. None of the refused request is
    /// in then. A task that is cancelled waits on: the request may be in. `evenBeyondLimit` is for what can't be refused, as nobody has it
    /// but who brings it: it is taken however much waits to be read.
    public func append(_ request: SpoolRequest, evenBeyondLimit: Bool = false) async throws(SpoolError) -> SpoolReceipt
    {
        guard request.byteCount <= limits.maximumRequestBytes + 1 else {
            throw SpoolError(
                code: "request-too-large",
                message: "the request has \(request.byteCount) bytes, and \(limits.maximumRequestBytes) are allowed",
                hint: "send it in several parts")
        }
        guard request.records > 0 else {
            return SpoolReceipt(segment: "", byteOffset: 0, records: 0, isRepeated: false)
        }
        return try await writer.append(request, evenBeyondLimit: evenBeyondLimit).get()
    }

    /// Takes a file of one record, made durable before, which becomes a segment of its own; if that fails, it is still there.
    func append(
        file path: String, byteCount: Int64, evenBeyondLimit: Bool = false
    ) async throws(SpoolError) -> SpoolReceipt {
        try await writer.append(file: path, byteCount: byteCount, evenBeyondLimit: evenBeyondLimit).get()
    }

    /// Closes the segment that is written, and gives all that wait to be read, in order.
    ///
    /// They don't change any more. Waits for the group of requests that is being written, if there is one: not for the shared pool's threads.
    public func seal() -> [IntakeFile] {
        let files = writer.folder.withLock { folder in
            folder.sealOpenSegment()
            return folder.sealed.map(\.file)
        }
        writer.refreshCounts()
        return files
    }

    /// Removes segments that a batch has committed; those that are gone are passed over.
    ///
    /// Durable when it returns. A crash in the middle may leave some: whoever plans a batch must know what it has committed. The keys of
    /// their requests are still remembered.
    public func remove(_ files: [IntakeFile]) throws(SpoolError) {
        let names = Set(files.map(\.name))
        let removed = writer.folder.withLock { folder in
            let removed = folder.sealed.filter { names.contains($0.file.name) }
            folder.forget(names)
            return removed
        }
        guard let last = removed.last else { return }
        for segment in removed { removeFile(segment.file.path) }
        writer.refreshCounts()
        do throws(OutputError) { try PreparedFile.syncFolder(of: last.file.path) } catch { throw SpoolError(error) }
    }

    /// Bytes that wait to be read, those included that wait for the disk.
    public var bytesWaiting: Int64 { writer.byteCount }

    /// When the oldest request came that waits to be read, in nanoseconds since 1970-01-01T00:00:00Z, to the second; `nil` where none waits.
    public var oldestWaiting: Int64? { writer.oldestSeconds.map { Int64($0) * 1_000_000_000 } }

    /// Whether requests are taken at all, though not necessarily now.
    public var isOpen: Bool { !writer.isClosed }

    /// Has `body` called, by the writing thread, after requests came in; it must not wait.
    public func whenDataArrives(_ body: @escaping @Sendable () -> Void) { writer.whenDataArrives(body) }

    /// Takes no more requests, and returns when those that were handed over are in or refused; waits for the disk.
    ///
    /// The folder is another's to open then: nothing of it is to be removed by this spool any more.
    public func close() {
        writer.close()
        writer.waitUntilEnded()
        writer.folder.withLock { $0.lock = nil }
    }
}
