import Foundation

/// Lets threads wait until others have worked off what they left behind.
public final class Backlog: Sendable {
    private let condition = NSCondition()

    public init() {}

    /// Returns as soon as `isTooLong` says no; it is asked at once, and after each shrinking.
    public func wait(while isTooLong: () -> Bool) {
        condition.lock()
        defer { condition.unlock() }
        while isTooLong() { condition.wait() }
    }

    /// Wakes those that wait.
    public func hasShrunk() {
        condition.lock()
        condition.broadcast()
        condition.unlock()
    }
}
