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
    /// there are. Of more than `limit` those that fail come first, the most severe before others. Costs a row for each outcome that is given.
    public func verdictHistories(runs: [StoredRun], limit: Int = .max) throws(LedgerError) -> [VerdictHistory] {
        guard let newest = runs.first(where: { $0.counts.evaluated > 0 }), let oldest = runs.last else { return [] }
        let latest = try results(ofRun: newest.id, limit: limit)
        let since = try failingSince(inRun: newest.number)
        let marks = try read { db in
            var marks: [String: [VerdictHistory.Mark?]] = [:]
            let places = Dictionary(runs.enumerated().map { ($1.number, $0) }) { first, _ in first }
            let statement = try db.cachedStatement(
                sql: """
                    SELECT run, outcome, success, unexpected_count FROM results
                    WHERE run BETWEEN ? AND ? AND expectation = (
                        SELECT number FROM expectations WHERE suite = ? AND asset = ? AND fingerprint = ?)
                    """)
            for result in latest where marks[result.fingerprint] == nil {
                var own: [VerdictHistory.Mark?] = Array(repeating: nil, count: runs.count)
                let rows = try Row.fetchCursor(
                    statement,
                    arguments: [
                        oldest.number, runs[0].number, newest.suite, newest.asset, result.fingerprint,
                    ])
                while let row = try rows.next() {
                    guard let place = places[row["run"]] else { continue }
                    own[place] = VerdictHistory.Mark(
                        outcome: Outcome(stored: row["outcome"], reason: nil), success: row["success"],
                        unexpectedCount: row["unexpected_count"])
                }
                marks[result.fingerprint] = own
            }
            return marks
        }
        return latest.map { result in
            VerdictHistory(
                latest: result, marks: marks[result.fingerprint] ?? [], failingSince: since[result.fingerprint])
        }
    }
}
