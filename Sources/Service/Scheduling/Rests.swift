import Synchronization

/// The rests between attempts of a scheduler's runs, which are over when it begins nothing more.
final class Rests: Sendable {
    private struct State {
        var isOver = false
        var tasks: [Int: Task<Bool, Never>] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    /// Carries a rest out, in a task that is cancelled when rests are over; whether it came to its end.
    func rest(_ body: @escaping @Sendable () async -> Bool) async -> Bool {
        let task = Task { await body() }
        let (number, isOver) = state.withLock { state in
            state.next += 1
            state.tasks[state.next] = task
            return (state.next, state.isOver)
        }
        if isOver { task.cancel() }
        defer { state.withLock { $0.tasks[number] = nil } }
        return await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
    }

    /// Ends those that there are, and each one that begins.
    func end() {
        let tasks = state.withLock { state in
            state.isOver = true
            return Array(state.tasks.values)
        }
        for task in tasks { task.cancel() }
    }
}
