import GRDB

extension Ledger {
    /// How far the clocks of processes over one store may be apart: microseconds.
    static let clockTolerance: Int64 = 60_000_000

    /// Has messages be due, and free, that wait for a time from which the clock was set back: those that were written ahead of it,
    /// that wait for longer than `longestPause`, or that somebody else than `holder` holds for longer than `longestHold`.
    ///
    /// Both are microseconds, and a minute more is granted. Channels that would be left alone for longer than `longestPause` are
    /// so no more. The order of an incident's messages stays. The store is only written to
    /// where there are such messages; to find out takes a look at each that waits.
    public func forgetFuture(
        ofOutboxAt now: Int64, holder: String, longestPause: Int64, longestHold: Int64
    ) throws(LedgerError) {
        func latest(_ length: Int64) -> Int64 { Self.time(now, Self.time(Self.clockTolerance, length)) }
        let late = "state = 0 AND (waiting_since > :written OR next_at > :due)"
        let stuck = "state = 0 AND held_until > :free AND holder <> :holder"
        let tooLong = "until > :due"
        let lateness: StatementArguments = ["written": latest(0), "due": latest(longestPause)]
        let holding: StatementArguments = ["free": latest(longestHold), "holder": holder]
        let isRight = try read { db in
            try Bool.fetchOne(
                db,
                sql: """
                    SELECT NOT EXISTS (SELECT 1 FROM outbox WHERE \(late))
                        AND NOT EXISTS (SELECT 1 FROM outbox WHERE \(stuck))
                        AND NOT EXISTS (SELECT 1 FROM outbox_pauses WHERE \(tooLong))
                    """, arguments: lateness + holding)
        }
        guard isRight != true else { return }
        try write { db in
            try db.execute(
                sql:
                    "UPDATE outbox SET next_at = min(next_at, :now), waiting_since = min(waiting_since, :now) WHERE \(late)",
                arguments: lateness + ["now": now])
            try db.execute(
                sql: "UPDATE outbox SET holder = NULL, held_until = NULL WHERE \(stuck)", arguments: holding)
            try db.execute(
                sql: "DELETE FROM outbox_pauses WHERE \(tooLong)", arguments: ["due": latest(longestPause)])
        }
    }

    /// An instant and a length later; the last instant there is where that is beyond it.
    static func time(_ instant: Int64, _ length: Int64) -> Int64 {
        let (sum, isBeyond) = instant.addingReportingOverflow(length)
        return isBeyond ? .max : sum
    }
}
