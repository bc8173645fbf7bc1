import Dispatch
import Foundation
import Logging

/// Ends a process that was asked to end and doesn't: what it waits for may never come.
enum LastResort {
    /// Ends it in so long, unless it has ended by then; nothing that was stored is lost, what is under way is done again.
    ///
    /// It needs no thread of Swift's pool, all of which may be waiting.
    static func endProcess(after time: Duration, telling log: Logger) {
        DispatchQueue.global().asyncAfter(deadline: .now() + time / .seconds(1)) {
            log.error("what is under way doesn't end, and is left behind")
            _exit(ExitStatus.passed.rawValue)
        }
    }
}
