import Service
import Synchronization

/// A clock that stands still until a test moves it.
final class SimulatedClock: Sendable {
    private struct State {
        var now: Int64
        var sleepers: [Int: (until: Int64, continuation: CheckedContinuation<Void, any Error>)] = [:]
        var count = 0
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

    /// Goes on to the time at which the first sleeper wants to be woken, but no further than a time; then lets others work until one of them sleeps again.
    func advance(atMostTo end: Int64) async {
        let (next, count) = state.withLock { ($0.sleepers.values.map(\.until).min(), $0.count) }
        if let next { set(to: max(now, min(next, end))) }
        for _ in 0..<5_000 where state.withLock({ $0.count }) == count { await Task.yield() }
    }

    func sleep(until time: Int64) async throws {
        let id = state.withLock { state in
            state.count += 1
            return state.count
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let result: Result<Void, any Error>? = state.withLock { state in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if time <= state.now { return .success(()) }
                    state.sleepers[id] = (time, continuation)
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: id)?.continuation }?.resume(throwing: CancellationError())
        }
    }
}
