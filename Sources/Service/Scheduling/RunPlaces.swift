import Ledger
import Synchronization

/// The places of the runs that are at work.
///
/// A run that rests between two attempts leaves its place to others, and waits for one when it goes on; it comes before those that begin.
final class RunPlaces: Sendable {
    private struct State {
        var taken: Set<Validation> = []
        /// Those whose rest is over, in order.
        var waiting: [(run: Validation, continuation: CheckedContinuation<Bool, Never>)] = []
        var resting: [Validation: Task<Void, Never>] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())
    /// How many there are now.
    private let count: @Sendable () -> Int
    private let left: @Sendable () -> Void

    /// `left` is called when a run has left its place to rest.
    init(_ count: @escaping @Sendable () -> Int, left: @escaping @Sendable () -> Void) {
        self.count = count
        self.left = left
    }

    /// Whether one more run may begin.
    var hasRoom: Bool { state.withLock { !$0.isClosed && $0.waiting.isEmpty && $0.taken.count < count() } }

    func take(for run: Validation) { state.withLock { _ = $0.taken.insert(run) } }

    /// Gives a place back, if the run has one.
    func leave(_ run: Validation) {
        state.withLock { _ = $0.taken.remove(run) }
        admit()
    }

    /// Has those go on that wait, as far as there is room.
    func admit() {
        let admitted = state.withLock { state in
            let room = max(0, min(count() - state.taken.count, state.waiting.count))
            let admitted = state.waiting.prefix(room)
            state.waiting.removeFirst(room)
            for next in admitted { state.taken.insert(next.run) }
            return admitted
        }
        for next in admitted { next.continuation.resume(returning: true) }
    }

    /// Rests without a place until a time, and takes one again, waited for if need be.
    ///
    /// `false`, without a place, where the task is cancelled or nothing is to begin any more.
    func rest(_ run: Validation, until time: Int64, _ clock: SchedulerClock) async -> Bool {
        leave(run)
        left()
        let rest = Task { _ = try? await clock.sleep(time) }
        let isClosed = state.withLock { state in
            state.resting[run] = rest
            return state.isClosed
        }
        return await withTaskCancellationHandler {
            if isClosed { rest.cancel() }
            await rest.value
            state.withLock { $0.resting[run] = nil }
            return await comeBack(run)
        } onCancel: {
            rest.cancel()
            giveUp { $0 == run }
        }
    }

    /// No run goes on after its rest, or begins; those that rest or wait are told so at once.
    func close() {
        let resting = state.withLock { state in
            state.isClosed = true
            return Array(state.resting.values)
        }
        for rest in resting { rest.cancel() }
        giveUp { _ in true }
    }

    private func comeBack(_ run: Validation) async -> Bool {
        await withCheckedContinuation { continuation in
            let answer = state.withLock { state -> Bool? in
                if state.isClosed || Task.isCancelled { return false }
                if state.waiting.isEmpty, state.taken.count < count() {
                    state.taken.insert(run)
                    return true
                }
                state.waiting.append((run, continuation))
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    private func giveUp(_ isMeant: (Validation) -> Bool) {
        let given = state.withLock { state in
            let given = state.waiting.filter { isMeant($0.run) }
            state.waiting.removeAll { isMeant($0.run) }
            return given
        }
        for waiting in given { waiting.continuation.resume(returning: false) }
    }
}
