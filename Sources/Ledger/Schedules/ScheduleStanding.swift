import GRDB

/// What is known of a validation's schedule.
public struct ScheduleStanding: Sendable, Hashable {
    /// The last slot that is done or was passed over; when the schedule was first seen where none was.
    public let lastSlot: Int64
    /// What the data looked like that was judged last, or when the validation was first watched.
    public let watched: String?
    /// Whether somebody asks for a run.
    public let hasRequests: Bool
    /// Until when a process, this one or another, has it; `nil` where it is free.
    public let heldUntil: Int64?
}

extension LedgerTransaction {
    /// Makes validations and their schedules known.
    ///
    /// Slots of a schedule that is new, or is another than before, count from now on.
    public func register(_ schedules: [(validation: Validation, cadence: String)], now: Int64) throws {
        for (validation, cadence) in schedules {
            try db.cachedStatement(
                sql: """
                    INSERT INTO schedules (suite, asset, cadence, first_seen, last_slot)
                    VALUES (:suite, :asset, :cadence, :now, :now)
                    ON CONFLICT (suite, asset) DO UPDATE SET cadence = :cadence, last_slot = :now WHERE cadence <> :cadence
                    """
            ).execute(arguments: [
                "suite": validation.suite, "asset": validation.asset, "cadence": cadence, "now": now,
            ])
        }
    }
}

extension Ledger {
    /// What is known of all schedules, at one instant.
    public func scheduleStandings(now: Int64) throws(LedgerError) -> [Validation: ScheduleStanding] {
        try read { db in
            let held = "holder IS NOT NULL AND expires_at > :now AND expires_at - 2 * length <= :now"
            let asking = try Row.fetchAll(
                db,
                sql: """
                    SELECT DISTINCT suite, asset FROM requests LEFT JOIN leases ON name = \(ScheduleClaim.leaseNameSQL) AND \(held)
                    WHERE state = 0 OR (state = 1 AND requests.epoch IS NOT leases.epoch)
                    """,
                arguments: ["now": now])
            let requested = Set(asking.map { Validation(suite: $0["suite"], asset: $0["asset"]) })
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT suite, asset, last_slot, watched, expires_at FROM schedules
                    LEFT JOIN leases ON name = \(ScheduleClaim.leaseNameSQL) AND \(held)
                    """,
                arguments: ["now": now])
            var standings: [Validation: ScheduleStanding] = [:]
            for row in rows {
                let validation = Validation(suite: row["suite"], asset: row["asset"])
                standings[validation] = ScheduleStanding(
                    lastSlot: row["last_slot"], watched: row["watched"], hasRequests: requested.contains(validation),
                    heldUntil: row["expires_at"])
            }
            return standings
        }
    }
}
