public import Intake
import Scan
import Synchronization
public import Tables

/// A spool's segments as what arrives at a pipeline.
public final class SpoolArrivals: Arrivals {
    private let spool: Spool
    /// Whether somebody will say that nothing more comes.
    private let hasEnd: Bool
    private let signal = WakeSignal()
    private let state = Mutex(State())

    private struct State {
        /// What was read, by its name: segments, as long as they are there, and what a source before this one had.
        var read: [String: IntakeFile] = [:]
        /// Segments that can't be read, and are kept.
        var aside: Set<String> = []
        var isEnded = false
    }

    /// `hasEnd` where `end()` will be called, so that nobody has caught up before.
    public init(_ spool: Spool, hasEnd: Bool = false) {
        self.spool = spool
        self.hasEnd = hasEnd
        spool.whenDataArrives { [signal] in signal.wake() }
    }

    /// Nothing more will be put into the spool.
    public func end() {
        state.withLock { $0.isEnded = true }
        signal.wake()
    }

    /// Segments that were read and are there still, because a process died before it could remove them, are removed.
    public func discover(now: Int64, upTo limits: ArrivalLimits) throws(SourceError) -> Arrived {
        // Asked first: what comes before the end is then among the segments.
        var arrived = Arrived()
        arrived.isEnded = state.withLock { $0.isEnded }
        arrived.mayGrow = hasEnd && !arrived.isEnded
        let sealed = spool.seal()
        let (read, aside) = state.withLock { ($0.read, $0.aside) }
        let isRead = { (segment: IntakeFile) in read[segment.name].map { segment.isSegment(readAs: $0) } ?? false }
        let leftovers = sealed.filter(isRead)
        if !leftovers.isEmpty {
            do throws(PipelineError) { try release(leftovers) } catch {
                throw SourceError(code: "unreadable", message: error.message, place: error.place, hint: error.hint)
            }
        }
        let waiting = sealed.filter { !isRead($0) && !aside.contains($0.name) }
        let held = Set(limits.heldBack)
        let again = waiting.filter { held.contains($0) }
        arrived.files = again.isEmpty ? Array(waiting.prefix(limits.files)) : again
        arrived.backlog = (waiting.count, waiting.reduce(0) { $0.addingClamped($1.byteCount) })
        return arrived
    }

    public func take(_ files: [IntakeFile]) {
        state.withLock { state in for file in files { state.read[file.name] = file } }
    }

    public func setAside(_ files: [(file: IntakeFile, mayPass: Bool)]) {
        state.withLock { state in state.aside.formUnion(files.map(\.file.name)) }
    }

    public func release(_ files: [IntakeFile]) throws(PipelineError) {
        do throws(SpoolError) { try spool.remove(files) } catch {
            throw PipelineError(.unwritable, error.message, place: error.place, hint: error.hint)
        }
        state.withLock { state in for file in files { state.read[file.name] = nil } }
    }

    public func wait(upTo microseconds: Int64) async {
        await WorkerThreads.run(1) { [signal] _ in signal.wait(atMost: .microseconds(microseconds)) }
    }
}
