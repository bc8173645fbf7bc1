import Foundation
import Synchronization

/// A thread for work that waits for disks, so that none of Swift's pool does.
enum BlockingWork {
    /// Runs a body on a thread of its own; it may ask whether its caller still wants the result.
    static func run<Value: Sendable>(_ body: @escaping @Sendable (_ isCancelled: () -> Bool) -> Value) async -> Value {
        let flag = Flag()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let thread = Thread { continuation.resume(returning: body { flag.isSet }) }
                thread.name = "assay-housekeeping"
                thread.start()
            }
        } onCancel: {
            flag.set()
        }
    }

    private final class Flag: Sendable {
        private let value = Atomic(false)

        var isSet: Bool { value.load(ordering: .relaxed) }

        func set() { value.store(true, ordering: .relaxed) }
    }
}
