import Dispatch
import Synchronization

/// Work that may not end when it is cancelled, as reading from a file system that doesn't answer: whoever waits for it can go on without it.
///
/// It runs in a task of its own, beside the task that made it, and is cancelled only by `cancel`.
public final class LooseWork<Value: Sendable>: Sendable {
    private let ending: Ending
    private let task: Task<Void, Never>

    /// `executor` is where it runs, for work that blocks its thread: Swift's pool has one thread a core.
    public init(on executor: (any TaskExecutor)? = nil, _ body: @escaping @Sendable () async -> Value) {
        let ending = Ending()
        self.ending = ending
        task = Task(executorPreference: executor) {
            // It may outlive whoever made it, and needs its executor to the end.
            defer { withExtendedLifetime(executor) {} }
            ending.note(await body())
        }
    }

    public func cancel() { task.cancel() }

    /// What it came to; `nil` where the task that waits is cancelled before.
    public func value() async -> Value? {
        let number = ending.nextNumber()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { ending.add($0, number) }
        } onCancel: {
            ending.drop(number)
        }
    }

    /// Whether it ends before the clock shows a time; a task that is cancelled waits for that, too.
    public func ends(by time: Int64, _ clock: SchedulerClock) async -> Bool {
        await Task {
            await withTaskGroup(of: Bool.self) { group in
                group.addTask { await self.value() != nil }
                group.addTask {
                    try? await clock.sleep(time)
                    return false
                }
                let isFirst = await group.next() ?? false
                group.cancelAll()
                return isFirst
            }
        }.value
    }

    /// Calls somebody with what it came to, at once where that is known.
    func whenEnded(_ body: @escaping @Sendable (Value) -> Void) { ending.add(body) }

    private final class Ending: Sendable {
        private struct State {
            var value: Value?
            var count = 0
            var waiting: [Int: CheckedContinuation<Value?, Never>] = [:]
            var listeners: [@Sendable (Value) -> Void] = []
        }

        private let state = Mutex(State())

        func nextNumber() -> Int {
            state.withLock { state in
                state.count += 1
                return state.count
            }
        }

        func note(_ value: Value) {
            let (waiting, listeners) = state.withLock { state in
                state.value = value
                defer { (state.waiting, state.listeners) = ([:], []) }
                return (Array(state.waiting.values), state.listeners)
            }
            for continuation in waiting { continuation.resume(returning: value) }
            for listener in listeners { listener(value) }
        }

        func add(_ continuation: CheckedContinuation<Value?, Never>, _ number: Int) {
            let (isDecided, value) = state.withLock { state -> (Bool, Value?) in
                // A cancelled task must not leave itself behind.
                if state.value != nil || Task.isCancelled { return (true, state.value) }
                state.waiting[number] = continuation
                return (false, nil)
            }
            if isDecided { continuation.resume(returning: value) }
        }

        func drop(_ number: Int) {
            state.withLock { $0.waiting.removeValue(forKey: number) }?.resume(returning: nil)
        }

        func add(_ listener: @escaping @Sendable (Value) -> Void) {
            let value = state.withLock { state in
                if state.value == nil { state.listeners.append(listener) }
                return state.value
            }
            if let value { listener(value) }
        }
    }
}

/// Runs tasks one after the other, beside Swift's pool: what blocks there holds up nobody else.
final class OwnExecutor: TaskExecutor {
    private let queue = DispatchQueue(label: "assay.loose-work")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
