import Foundation
import Synchronization

/// Waits for the disk at many files at once: a journal makes many of them durable in little more than the time of one.
public enum DiskWaits {
    /// As many as fill a disk's queue.
    private static let width = 16

    /// Calls `body` with each item, in no order, several at a time; after an error, which it throws, with none that hadn't begun.
    public static func forEach<Item: Sendable>(
        _ items: [Item], _ body: @escaping @Sendable (Item) throws(OutputError) -> Void
    ) throws(OutputError) {
        guard items.count > 1 else {
            for item in items { try body(item) }
            return
        }
        let queue = Queue(items)
        let ended = DispatchGroup()
        for _ in 0..<min(width, items.count) {
            ended.enter()
            let thread = Thread {
                while let item = queue.next() {
                    do throws(OutputError) { try body(item) } catch { queue.fail(error) }
                }
                ended.leave()
            }
            thread.name = "assay-disk"
            thread.start()
        }
        ended.wait()
        if let failure = queue.failure { throw failure }
    }

    private final class Queue<Item: Sendable>: Sendable {
        private let state: Mutex<(rest: ArraySlice<Item>, failure: OutputError?)>

        init(_ items: [Item]) { state = Mutex((items[...], nil)) }

        var failure: OutputError? { state.withLock { $0.failure } }

        func next() -> Item? { state.withLock { $0.failure == nil ? $0.rest.popFirst() : nil } }

        func fail(_ error: OutputError) { state.withLock { $0.failure = $0.failure ?? error } }
    }
}
