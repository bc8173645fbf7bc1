import Synchronization

/// Tells those who wait for it in this process that something is to be sent.
final class OutboxNews: Sendable {
    private struct Listeners {
        var next = 0
        var all: [Int: AsyncStream<Void>.Continuation] = [:]
    }

    private let listeners = Mutex(Listeners())

    func tell() {
        for listener in listeners.withLock({ Array($0.all.values) }) { listener.yield() }
    }

    /// Goes on until its reader is cancelled; what came several times since it was read last is told once.
    func stream() -> AsyncStream<Void> {
        let (stream, listener) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = listeners.withLock { listeners in
            listeners.next += 1
            listeners.all[listeners.next] = listener
            return listeners.next
        }
        listener.onTermination = { [weak self] _ in
            self?.listeners.withLock { _ = $0.all.removeValue(forKey: number) }
        }
        return stream
    }
}

extension Ledger {
    /// Comes whenever messages were put into the outbox, or taken out of the dead letters, through this ledger.
    ///
    /// Other processes write there too, of which it knows nothing.
    public func outboxNews() -> AsyncStream<Void> { news.stream() }
}
