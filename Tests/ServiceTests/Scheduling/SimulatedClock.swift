import Service
import Synchronization

/// A clock that stands still until a test moves it.
final class SimulatedClock: Sendable {
    private struct State {
        var now: Int64
        var sleepers: [Int: (until: Int64, continuation: CheckedContinuation<Void, any Error>)] = [:]
        var count = 0
        var tell: @Sendable () -> Void = {}
    }

    private let state: Mutex<State>

    init(at now: Int64) { state = Mutex(State(now: now)) }

    var now: Int64 { state.withLock { $0.now } }

    var clock: SchedulerClock { SchedulerClock(now: { self.now }, sleep: { try await self.sleep(until: $0) }) }

    /// Sets it, forward or back, and wakes whoever wanted to sleep until then.
    func set(to time: Int64) {
        let woken = state.withLock { state in
            state.now = time
            let woken = state.sleepers.filter { $0.value.until <= time }
            for key in woken.keys { state.sleepers[key] = nil }
            return woken.values.map(\.continuation)
        }
        for continuation in woken { continuation.resume() }
    }

    /// Who sleeps: until when the first does, and how many there are.
    var sleepers: (first: Int64?, count: Int) {
        state.withLock { ($0.sleepers.values.map(\.until).min(), $0.sleepers.count) }
    }

    /// Has somebody told whenever one has fallen asleep, or sleeps no longer as its task was cancelled.
    func whenSleepersChange(_ tell: @escaping @Sendable () -> Void) { state.withLock { $0.tell = tell } }

    func sleep(until time: Int64) async throws {
        let id = state.withLock { state in
            state.count += 1
            return state.count
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let (result, tell) = state.withLock { state -> (Result<Void, any Error>?, @Sendable () -> Void) in
                    if Task.isCancelled { return (.failure(CancellationError()), {}) }
                    if time <= state.now { return (.success(()), {}) }
                    state.sleepers[id] = (time, continuation)
                    return (nil, state.tell)
                }
                if let result { continuation.resume(with: result) }
                tell()
            }
        } onCancel: {
            let (woken, tell) = state.withLock { ($0.sleepers.removeValue(forKey: id)?.continuation, $0.tell) }
            guard let woken else { return }
            woken.resume(throwing: CancellationError())
            tell()
        }
    }
}
