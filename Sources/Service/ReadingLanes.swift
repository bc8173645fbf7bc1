import NIOPosix
import Synchronization

/// The threads on which answers may wait for disks; what is slow in one lane holds up nobody in another.
struct ReadingLanes: Sendable {
    /// Where an answer is made.
    enum Lane: Sendable {
        /// What is asked of the results' store.
        case store
        /// Metrics, which are asked all the time.
        case metrics
        /// What reads records of pipelines, of which there may be any number: one answer at a time.
        case records
    }

    /// Whether the service does its work: told whatever else is asked.
    let health = NIOThreadPool(numberOfThreads: 1)
    private let store = NIOThreadPool(numberOfThreads: 4)
    private let metrics = NIOThreadPool(numberOfThreads: 1)
    private let records = NIOThreadPool(numberOfThreads: 1)

    private var all: [NIOThreadPool] { [health, store, metrics, records] }

    private let queue = Queue()

    /// Answers of records that may wait for their turn.
    static let mostWaiting = 16

    /// Has a body run in a lane; throws `CancellationError` where the service is being stopped.
    func run<Value: Sendable>(
        _ lane: Lane, limits: ServerLimits, _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        switch lane {
        case .store: return try await store.runIfActive(body)
        case .metrics: return try await metrics.runIfActive(body)
        case .records:
            guard queue.enter() else { throw BodyReader.noRoom(limits) }
            defer { queue.leave() }
            return try await records.runIfActive(body)
        }
    }

    /// How many wait, or are being answered.
    private final class Queue: Sendable {
        private let count = Mutex(0)

        func enter() -> Bool {
            count.withLock { count in
                guard count <= ReadingLanes.mostWaiting else { return false }
                count += 1
                return true
            }
        }

        func leave() { count.withLock { $0 -= 1 } }
    }

    func start() { for threads in all { threads.start() } }

    func shutDown() { for threads in all { threads.shutdownGracefully { _ in } } }
}
