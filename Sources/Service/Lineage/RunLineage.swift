public import Expectations
public import Ledger
import Tables

/// Tells of validations' runs as they happen: each that began ends, and does so once.
///
/// What is told is in the ledger with what it is about, in the caller's transactions. Of a job one run is open at a time, as no validation overlaps with itself.
public struct RunLineage: Sendable {
    private let events: LineageEvents

    public init(_ events: LineageEvents) { self.events = events }

    /// Tells that a run begins; the one before it, where nobody told that it ended, is aborted.
    public func begin(
        _ id: String, _ validation: Validation, at startedAt: Int64, inputs: [LineageDataset],
        in transaction: LedgerTransaction
    ) throws {
        let start = events.start(of: id, validation, at: startedAt, inputs: inputs)
        try Self.abort(transaction.openLineage(ofJob: start.job), at: startedAt, in: transaction)
        try transaction.beginLineage(start, at: startedAt)
    }

    /// Tells how a run ended, in the transaction that stores it.
    ///
    /// One that nobody could bring to its end is the one that began; where none is known to have begun, that is told as well.
    public func end(
        _ run: RunResult, inputs: [LineageDataset], at now: Int64, in transaction: LedgerTransaction
    ) throws {
        let start = events.start(
            of: run.id, Validation(suite: run.suite, asset: run.asset), at: run.startedAt, inputs: inputs)
        let open = try transaction.openLineage(ofJob: start.job)
        var name = start.run
        if let open, run.failure?.isUnfinished == true {
            name = open.run
        } else if open?.run != start.run {
            try Self.abort(open, at: now, in: transaction)
            try transaction.beginLineage(start, at: now)
        }
        try transaction.endLineage(events.end(of: run, as: name, inputs: inputs), job: start.job, at: now)
    }

    /// Aborts runs whose process was killed, or that were given up when the service ended.
    public static func abortLost(at now: Int64, in transaction: LedgerTransaction) throws {
        for start in try transaction.lostLineage(at: now) { try abort(start, at: now, in: transaction) }
    }

    private static func abort(_ start: LineageStart?, at now: Int64, in transaction: LedgerTransaction) throws {
        guard let start else { return }
        try transaction.endLineage(LineageEvent.abort(start.event, at: now), job: start.job, at: now)
    }
}
