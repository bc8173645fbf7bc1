import Synchronization

/// How many validations run, by whichever scheduler of a process: one that is left ends its runs while the next one begins others.
public final class RunsInHand: Sendable {
    private let count = Mutex(0)

    public init() {}

    /// Takes a place where fewer than `limit` are taken; whether it did.
    func enter(below limit: Int) -> Bool {
        count.withLock { count in
            guard count < limit else { return false }
            count += 1
            return true
        }
    }

    func leave() { count.withLock { $0 -= 1 } }
}
