import CCurlShims
import Foundation
import Synchronization

/// A thread for one call that blocks, so that no thread of Swift's pool waits for a network.
enum OwnThread {
    /// Runs a body on a thread of its own; the body is told by the flag that its caller doesn't want the result any more.
    static func run<Value: Sendable>(_ body: @escaping @Sendable (CancelFlag) -> Value) async -> Value {
        let flag = CancelFlag()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let thread = Thread {
                    assay_block_sigpipe()
                    continuation.resume(returning: body(flag))
                }
                thread.name = "assay-transport"
                thread.start()
            }
        } onCancel: {
            flag.set()
        }
    }
}

/// Set once, by whom a result is no longer of use to.
final class CancelFlag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .relaxed) }

    func set() { value.store(true, ordering: .relaxed) }
}
