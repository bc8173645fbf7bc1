import Synchronization

/// The places of the runs that are at work, by whichever scheduler of a process: one that is left ends its runs while the next one begins others.
///
/// A run that rests between two attempts has none; when it goes on, it comes before those that begin.
public final class RunPlaces: Sendable {
    private struct Waiting {
        let place: RunPlace
        let limit: @Sendable () -> Int
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var taken: Set<ObjectIdentifier> = []
        /// Those that go on, in order.
        var waiting: [Waiting] = []
    }

    private let state = Mutex(State())

    public init() {}

    /// A place for a run that begins, where fewer than `limit` are taken and nobody waits.
    func place(below limit: Int) -> RunPlace? {
        state.withLock { state in
            guard state.waiting.isEmpty, state.taken.count < limit else { return nil }
            let place = RunPlace(self)
            state.taken.insert(ObjectIdentifier(place))
            return place
        }
    }

    /// Has those go on that wait, as far as there is room.
    func admit() {
        let admitted = state.withLock { state in
            var admitted: [Waiting] = []
            while let next = state.waiting.first, state.taken.count < next.limit() {
                state.taken.insert(ObjectIdentifier(next.place))
                admitted.append(state.waiting.removeFirst())
            }
            return admitted
        }
        for next in admitted { next.continuation.resume(returning: true) }
    }

    fileprivate func leave(_ place: RunPlace) {
        state.withLock { _ = $0.taken.remove(ObjectIdentifier(place)) }
        admit()
    }

    fileprivate func takeAgain(_ place: RunPlace, below limit: @escaping @Sendable () -> Int) async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                state.withLock {
                    $0.waiting.append(Waiting(place: place, limit: limit, continuation: continuation))
                }
                if Task.isCancelled { refuse(place) }
                admit()
            }
        } onCancel: {
            refuse(place)
        }
    }

    private func refuse(_ place: RunPlace) {
        let refused = state.withLock { state in
            let refused = state.waiting.filter { $0.place === place }
            state.waiting.removeAll { $0.place === place }
            return refused
        }
        for waiting in refused { waiting.continuation.resume(returning: false) }
    }
}

/// The place of one run.
final class RunPlace: Sendable {
    private let places: RunPlaces

    fileprivate init(_ places: RunPlaces) { self.places = places }

    /// Gives it to others, if the run has it.
    func leave() { places.leave(self) }

    /// Waits until the run, which has left it, has one again; `false`, without one, where the task is cancelled.
    func takeAgain(below limit: @escaping @Sendable () -> Int) async -> Bool {
        await places.takeAgain(self, below: limit)
    }
}
