import Foundation

/// Lets threads wait until others have worked off what they left behind.
final class Backlog: Sendable {
    private let condition = NSCondition()

    /// Returns as soon as `isTooLong` says no; it is asked at once, and after each shrinking.
    func wait(while isTooLong: () -> Bool) {
        condition.lock()
        defer { condition.unlock() }
        while isTooLong() { condition.wait() }
    }

    func hasShrunk() {
        condition.lock()
        condition.broadcast()
        condition.unlock()
    }
}
