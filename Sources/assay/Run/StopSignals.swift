import Dispatch
import Foundation
import Synchronization

/// Calls somebody when the process is asked to end, instead of ending it; asked a second time, it ends.
final class StopSignals {
    private let sources: [any DispatchSourceSignal]

    init(_ body: @escaping @Sendable () -> Void) {
        let asked = Asked()
        sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                guard asked.isFirst else {
                    signal(number, SIG_DFL)
                    kill(getpid(), number)
                    return
                }
                body()
            }
            source.resume()
            return source
        }
    }

    func cancel() { for source in sources { source.cancel() } }

    private final class Asked: Sendable {
        private let wasAsked = Mutex(false)

        /// Whether it is asked for the first time.
        var isFirst: Bool {
            wasAsked.withLock { wasAsked in
                defer { wasAsked = true }
                return !wasAsked
            }
        }
    }
}

/// Counts how often a point is reached.
final class DeathCounter: Sendable {
    private let left: Mutex<Int>

    init(_ count: Int) { left = Mutex(count) }

    /// Whether this is the time.
    var isDue: Bool {
        left.withLock { left in
            left -= 1
            return left == 0
        }
    }
}
