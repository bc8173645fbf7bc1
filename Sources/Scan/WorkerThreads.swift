import Foundation
import Synchronization

/// Threads of our own for work that blocks: reading files must not hold up the shared pool.
public enum WorkerThreads {
    /// Runs `body` on so many threads, with their numbers from 0, and returns when all have ended: at once where there are none.
    public static func run(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) async {
        guard count > 0 else { return }
        await withCheckedContinuation { continuation in
            let running = Latch(count) { continuation.resume() }
            for number in 0..<count {
                let thread = Thread {
                    body(number)
                    running.countDown()
                }
                thread.name = "assay-scan-\(number)"
                thread.stackSize = 8 << 20
                thread.start()
            }
        }
    }

    private final class Latch: Sendable {
        private let remaining: Mutex<Int>
        private let whenDone: @Sendable () -> Void

        init(_ count: Int, whenDone: @escaping @Sendable () -> Void) {
            remaining = Mutex(count)
            self.whenDone = whenDone
        }

        func countDown() {
            let isDone = remaining.withLock { remaining in
                remaining -= 1
                return remaining == 0
            }
            if isDone { whenDone() }
        }
    }
}
