import Ledger
import Tables

/// When an alert changes too often to be told of each time.
///
/// It goes back and forth when it fires and that is at least the fourth change (to firing or back) within 24 hours, or within 8 runs where they
/// come less often. It is quiet again when nothing has changed for half of that, or, where runs come less often, for that time and a
/// quarter of these runs.
public struct FlapRule: Sendable, Hashable {
    public let changes: Int
    /// Microseconds.
    public let period: Int64
    public let runs: Int

    public init(changes: Int = 4, period: Int64 = 24 * 3_600_000_000, runs: Int = 8) {
        precondition(changes > 1 && period > 0 && runs > 1, "a rule that everything breaks")
        self.changes = changes
        self.period = period
        self.runs = runs
    }

    func isRecent(_ change: AlertRecord.Change, at now: Int64, ordinal: Int) -> Bool {
        CivilTime.age(of: change.at, at: now) < period || ordinal - change.ordinal < runs
    }

    func isTooMuch(_ recent: [AlertRecord.Change], at now: Int64, ordinal: Int) -> Bool {
        recent.count { isRecent($0, at: now, ordinal: ordinal) } >= changes
    }

    func isQuiet(since change: AlertRecord.Change, at now: Int64, ordinal: Int) -> Bool {
        guard let length = quiet(ordinal - change.ordinal) else { return false }
        return CivilTime.age(of: change.at, at: now) >= length
    }

    /// From when on it is quiet if nothing changes; `nil` where more runs must come before.
    func quiet(since change: AlertRecord.Change, ordinal: Int) -> Int64? {
        quiet(ordinal - change.ordinal).map { change.at.addingClamped($0) }
    }

    /// For how long nothing may have changed within so many runs: microseconds; `nil` where these are too few.
    private func quiet(_ count: Int) -> Int64? {
        if count >= runs / 2 { return period / 2 }
        return count >= max(1, runs / 4) ? period : nil
    }
}
