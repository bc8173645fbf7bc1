import Dispatch
import Ledger

/// Has the ledger asked on a thread of its own: SQLite waits for others by blocking.
///
/// One question after the other. What was asked is answered, even where the task that asks is cancelled.
struct LedgerDesk: Sendable {
    private let ledger: Ledger
    private let queue = DispatchQueue(label: "assay.scheduler.ledger")

    init(_ ledger: Ledger) { self.ledger = ledger }

    func ask<Result: Sendable>(_ body: @escaping @Sendable (Ledger) throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Swift.Result { try body(ledger) }) }
        }
    }

    func transaction<Result: Sendable>(
        _ body: @escaping @Sendable (LedgerTransaction) throws -> Result
    ) async throws -> Result {
        try await ask { ledger in try ledger.transaction(body) }
    }
}

extension Error {
    /// For logs.
    var schedulerText: String { (self as? LedgerError)?.summary ?? String(describing: self) }
}
