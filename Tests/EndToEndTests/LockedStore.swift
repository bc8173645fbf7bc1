import Dispatch
import Foundation
import Ledger

/// A store that nobody else can write to until it is opened.
final class LockedStore: Sendable {
    private let isLocked = DispatchSemaphore(value: 0)
    private let mayOpen = DispatchSemaphore(value: 0)

    init(_ path: String) throws {
        let ledger = try Ledger(path: path)
        Thread { [isLocked, mayOpen] in
            try? ledger.transaction { _ in
                isLocked.signal()
                mayOpen.wait()
            }
        }.start()
        isLocked.wait()
    }

    deinit { mayOpen.signal() }

    func open() { mayOpen.signal() }
}
