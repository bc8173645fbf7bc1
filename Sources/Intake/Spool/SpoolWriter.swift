import Dispatch
import Foundation
import Synchronization

/// The one thread that writes a spool's requests, as many of them at a time as came while it waited for the disk.
final class SpoolWriter: Sendable {
    /// Held for the length of a group, by the thread; else by who closes or removes segments.
    let folder: Mutex<SpoolFolder>
    private let queue: Mutex<Queue>
    private let wake = DispatchSemaphore(value: 0)
    private let ended = DispatchGroup()
    private let path: String
    private let limits: SpoolLimits
    private let now: @Sendable () -> Int64

    typealias Answer = Result<SpoolReceipt, SpoolError>

    private struct Queue {
        var waiting: [Waiting] = []
        /// Bytes of requests that are not in yet.
        var queuedBytes = 0
        /// Bytes in segments.
        var storedBytes: Int64 = 0
        var oldestSeconds: UInt32?
        var isAwake = false
        var isClosed = false
        var whenDataArrives: @Sendable () -> Void = {}
    }

    private struct Waiting {
        let work: Work
        let answer: CheckedContinuation<Answer, Never>

        enum Work {
            case request(SpoolRequest)
            /// A file of one record.
            case file(path: String, byteCount: Int64)
        }

        var byteCount: Int { if case .request(let request) = work { request.byteCount } else { 0 } }
    }

    /// `now` gives nanoseconds since 1970-01-01T00:00:00Z.
    init(_ folder: SpoolFolder, now: @escaping @Sendable () -> Int64) {
        path = folder.path
        limits = folder.limits
        self.now = now
        let (stored, oldest) = (folder.byteCount, folder.oldestSeconds)
        self.folder = Mutex(folder)
        queue = Mutex(Queue(storedBytes: stored, oldestSeconds: oldest))
        ended.enter()
        let thread = Thread { [self] in run() }
        thread.name = "assay-spool"
        thread.start()
    }

    /// Hands a request to the thread, and waits until it is in or refused.
    func append(_ request: SpoolRequest, evenBeyondLimit: Bool) async -> Answer {
        await withCheckedContinuation { continuation in
            let waiting = Waiting(work: .request(request), answer: continuation)
            enter(waiting, byteCount: request.byteCount, evenBeyondLimit)
        }
    }

    /// Hands over a file of one record.
    func append(file path: String, byteCount: Int64, evenBeyondLimit: Bool) async -> Answer {
        await withCheckedContinuation { continuation in
            enter(
                Waiting(work: .file(path: path, byteCount: byteCount), answer: continuation),
                byteCount: Int(clamping: byteCount), evenBeyondLimit)
        }
    }

    private func enter(_ waiting: Waiting, byteCount: Int, _ evenBeyondLimit: Bool) {
        let (error, mustWake) = queue.withLock { queue -> (SpoolError?, Bool) in
            if queue.isClosed { return (.closed(path), false) }
            let stored = queue.storedBytes + Int64(queue.queuedBytes)
            if stored + Int64(byteCount) > limits.maximumBytes, !evenBeyondLimit {
                return (.full(path, waiting: stored, maximum: limits.maximumBytes), false)
            }
            // One that is larger than the limit is taken when it is alone.
            if queue.queuedBytes > 0, queue.queuedBytes + waiting.byteCount > limits.queuedBytes {
                return (.busy(path), false)
            }
            queue.waiting.append(waiting)
            queue.queuedBytes += waiting.byteCount
            let mustWake = !queue.isAwake
            queue.isAwake = true
            return (nil, mustWake)
        }
        if let error { waiting.answer.resume(returning: .failure(error)) }
        if mustWake { wake.signal() }
    }

    private func run() {
        defer { ended.leave() }
        while true {
            let (group, isClosed) = queue.withLock { queue in
                let group = queue.waiting
                queue.waiting = []
                queue.isAwake = !group.isEmpty
                return (group, queue.isClosed)
            }
            if group.isEmpty {
                if isClosed { return }
                wake.wait()
                continue
            }
            write(group[...])
        }
    }

    /// Bytes that are written and synchronised at once; a larger request goes alone.
    private static let groupBytes = 8 << 20

    private func write(_ waiting: ArraySlice<Waiting>) {
        var rest = waiting
        while let first = rest.first {
            if case .file(let path, let byteCount) = first.work {
                let seconds = seconds
                let answer: Answer = folder.withLock { folder in
                    do throws(SpoolError) {
                        return .success(try folder.adopt(path, byteCount: byteCount, seconds: seconds))
                    } catch { return .failure(error) }
                }
                finish(rest.prefix(1), [answer])
                rest = rest.dropFirst()
                continue
            }
            var bytes = 0
            let group = rest.prefix { waiting in
                guard case .request(let request) = waiting.work else { return false }
                bytes += request.byteCount
                return bytes == request.byteCount || bytes <= Self.groupBytes
            }
            let requests = group.compactMap { if case .request(let request) = $0.work { request } else { nil } }
            let seconds = seconds
            finish(group, folder.withLock { $0.commit(requests, seconds: seconds) })
            rest = rest.dropFirst(group.count)
        }
    }

    private func finish(_ group: ArraySlice<Waiting>, _ answers: [Answer]) {
        let bytes = group.reduce(0) { $0 + $1.byteCount }
        refreshCounts(finished: bytes)
        for (waiting, answer) in zip(group, answers) { waiting.answer.resume(returning: answer) }
        guard answers.contains(where: { if case .success(let receipt) = $0 { !receipt.isRepeated } else { false } })
        else { return }
        queue.withLock { $0.whenDataArrives }()
    }

    /// Counts anew what waits; who looks at the counts need not wait for the disk.
    func refreshCounts(finished: Int = 0) {
        // Under both locks, always in this order: an older count must not come after a newer one.
        folder.withLock { folder in
            queue.withLock { queue in
                queue.storedBytes = folder.byteCount
                queue.oldestSeconds = folder.oldestSeconds
                queue.queuedBytes -= finished
            }
        }
    }

    private var seconds: UInt32 { UInt32(clamping: now() / 1_000_000_000) }

    var byteCount: Int64 { queue.withLock { $0.storedBytes + Int64($0.queuedBytes) } }
    var oldestSeconds: UInt32? { queue.withLock { $0.oldestSeconds } }
    var isClosed: Bool { queue.withLock { $0.isClosed } }

    func whenDataArrives(_ body: @escaping @Sendable () -> Void) { queue.withLock { $0.whenDataArrives = body } }

    /// Takes no more requests; those that were handed over are still written.
    ///
    /// Waits for nothing.
    func close() {
        queue.withLock { queue in
            queue.isClosed = true
            queue.isAwake = true
        }
        wake.signal()
    }

    /// Waits until the thread has ended; only after `close`.
    func waitUntilEnded() { ended.wait() }
}
