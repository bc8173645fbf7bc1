public import Expectations
public import Ledger
public import Tables

/// What is different from the run before.
public struct RunChanges: Sendable, Equatable {
    /// How an expectation stands against the run before.
    public enum Standing: Sendable, Equatable {
        /// Not in the suite then.
        case new
        case newlyFailing
        /// The run is the first of the unbroken series, where it is known.
        case stillFailing(since: RunReference?)
        case recovered
        case steady
    }

    /// A number that moved.
    public struct Move: Sendable, Equatable {
        public let position: Int
        /// `unexpected`, `missing`, `observed`.
        public let what: String
        public let before: JSON
        public let now: JSON
    }

    public let previous: StoredRun
    /// A standing a result, in their order.
    public let standings: [Standing]
    /// Expectations of the run before that are gone from the suite.
    public let removedCount: Int
    public let moves: [Move]
    /// The files' names, sizes and times are those of the run before.
    public let isSameData: Bool
    public let isSameSuite: Bool

    /// `nil` where there was no run before.
    public init?(_ run: RunResult, since history: RunHistory) {
        guard let before = history.previous else { return nil }
        previous = before.run
        isSameData = before.run.dataFingerprint == run.dataFingerprint
        isSameSuite = before.run.suiteFingerprint == run.suiteFingerprint
        standings = run.results.map { result in
            let fingerprint = result.expectation.fingerprint
            guard let verdict = before.verdicts[fingerprint] else { return .new }
            return switch (verdict.success, result.success) {
            case (true, true): .steady
            case (true, false): .newlyFailing
            case (false, true): .recovered
            case (false, false): .stillFailing(since: history.failingSince[fingerprint] ?? verdict.run)
            }
        }
        let present = Set(run.results.map(\.expectation.fingerprint))
        // A run that could not read its data has no results: its expectations are not gone.
        removedCount = run.failure == nil ? before.verdicts.keys.count { !present.contains($0) } : 0
        moves = run.results.enumerated().flatMap { position, result in
            before.verdicts[result.expectation.fingerprint].map { Self.moves(of: result, at: position, from: $0) } ?? []
        }
    }

    /// The results with a standing, by their positions.
    public func positions(where test: (Standing) -> Bool) -> [Int] { standings.indices.filter { test(standings[$0]) } }

    private static func moves(of result: ExpectationResult, at position: Int, from verdict: StoredVerdict) -> [Move] {
        var moves: [Move] = []
        if let now = result.rows, let before = verdict.rows {
            if now.unexpectedCount != before.unexpectedCount {
                moves.append(
                    Move(
                        position: position, what: "unexpected", before: .integer(before.unexpectedCount),
                        now: .integer(now.unexpectedCount)))
            }
            if now.missingCount != before.missingCount {
                moves.append(
                    Move(
                        position: position, what: "missing", before: .integer(before.missingCount),
                        now: .integer(now.missingCount)))
            }
        }
        if let now = result.observedValue, let before = verdict.observedValue, now != before {
            moves.append(Move(position: position, what: "observed", before: before, now: now))
        }
        return moves
    }
}
