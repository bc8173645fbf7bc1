import Foundation
public import Ledger
import Reports

/// Keeps the store and the reports to their ages, pass after pass, until its task is cancelled.
///
/// Work in hand when it is cancelled ends after the transaction that it is in; what was removed stays removed.
public struct Housekeeping: Sendable {
    public enum Event: Sendable, Equatable {
        /// Something was removed.
        case removed(PruningPass.Outcome)
        /// A pass ended early; the next one tries again.
        case failed(String)
    }

    /// Between two passes.
    public static let period = Duration.seconds(3_600)
    /// Between two transactions, so that other processes that wait for the store get their turn.
    private static let breath = 0.02

    private let ledger: Ledger
    private let pass: PruningPass
    private let now: @Sendable () -> Int64
    private let sleep: @Sendable (Duration) async throws -> Void
    private let tell: @Sendable (Event) -> Void

    /// `now` gives microseconds since 1970, `sleep` throws when its task is cancelled.
    public init(
        ledger: Ledger, pass: PruningPass, now: @escaping @Sendable () -> Int64,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        tell: @escaping @Sendable (Event) -> Void
    ) {
        self.ledger = ledger
        self.pass = pass
        self.now = now
        self.sleep = sleep
        self.tell = tell
    }

    /// A pass at once, and one each hour after the last.
    public func run() async {
        while !Task.isCancelled {
            await once()
            do { try await sleep(Self.period) } catch { return }
        }
    }

    private func once() async {
        let (ledger, pass, time) = (ledger, pass, now())
        let outcome = await BlockingWork.run { isCancelled in
            Result {
                try pass.run(ledger, now: time) { _ in
                    if isCancelled() { throw CancellationError() }
                    Thread.sleep(forTimeInterval: Self.breath)
                }
            }
        }
        switch outcome {
        case .success(let outcome): if !outcome.isNothing { tell(.removed(outcome)) }
        case .failure(let error as LedgerError): tell(.failed(error.summary))
        case .failure(let error as ReportError): tell(.failed(error.summary))
        case .failure(is CancellationError): break
        case .failure: tell(.failed("the pass failed in an unexpected way"))
        }
    }
}
