import Foundation

/// Lets a thread sleep until another one wakes it; a call that nobody waits for wakes the next sleeper at once.
final class WakeSignal: Sendable {
    private let condition = NSCondition()
    // Unsafe to the compiler: only touched while the condition is locked.
    nonisolated(unsafe) private var isCalled = false

    func wake() {
        condition.lock()
        isCalled = true
        condition.signal()
        condition.unlock()
    }

    func wait(atMost duration: Duration) {
        let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
        let end = Date(timeIntervalSinceNow: seconds)
        condition.lock()
        while !isCalled, condition.wait(until: end) {}
        isCalled = false
        condition.unlock()
    }
}
