public import Expectations
import GRDB

/// What an expectation came to in the latest runs of its validation.
public struct VerdictHistory: Sendable, Equatable {
    /// As the latest of the runs in which it was asked has it.
    public let latest: StoredResult
    /// Outcomes by run, newest first; `nil` for runs in which it wasn't asked.
    public let marks: [Mark?]
    /// The first run of the unbroken series of failures; `nil` where its latest result is a success.
    public let failingSince: RunReference?

    public struct Mark: Sendable, Equatable {
        public let outcome: Outcome
        public let success: Bool
        public let unexpectedCount: Int?

        public init(outcome: Outcome, success: Bool, unexpectedCount: Int?) {
            self.outcome = outcome
            self.success = success
            self.unexpectedCount = unexpectedCount
        }
    }

    public init(latest: StoredResult, marks: [Mark?], failingSince: RunReference?) {
        self.latest = latest
        self.marks = marks
        self.failingSince = failingSince
    }
}

extension Ledger {
    /// The expectations of the latest of some runs of one validation, in the suite's order, with what they came to in all of them.
    ///
    /// `runs` are newest first. A run that couldn't read its data has no results: the newest that has some says which expectations
    /// there are. Costs a row for each result of the runs.
    public func verdictHistories(runs: [StoredRun]) throws(LedgerError) -> [VerdictHistory] {
        guard let newest = runs.first(where: { $0.counts.evaluated > 0 }) else { return [] }
        let latest = try results(ofRun: newest.id)
        let since = try failingSince(inRun: newest.number)
        let marks = try read { db in
            var marks: [String: [VerdictHistory.Mark?]] = [:]
            let statement = try db.cachedStatement(
                sql: """
                    SELECT fingerprint, outcome, success, unexpected_count FROM results
                    JOIN expectations ON expectations.number = expectation WHERE run = ?
                    """)
            for (place, run) in runs.enumerated() {
                let rows = try Row.fetchCursor(statement, arguments: [run.number])
                while let row = try rows.next() {
                    let mark = VerdictHistory.Mark(
                        outcome: Outcome(stored: row["outcome"], reason: nil), success: row["success"],
                        unexpectedCount: row["unexpected_count"])
                    marks[row["fingerprint"], default: Array(repeating: nil, count: runs.count)][place] = mark
                }
            }
            return marks
        }
        return latest.map { result in
            VerdictHistory(
                latest: result, marks: marks[result.fingerprint] ?? [], failingSince: since[result.fingerprint])
        }
    }
}
