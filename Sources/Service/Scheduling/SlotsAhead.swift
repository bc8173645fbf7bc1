import Ledger
import Tables

/// Whose doing it is that a last slot lies ahead of the clock: the clock's, which was set back, or another process's, whose clock is ahead.
///
/// What comes to lie ahead from one look to the next, while the clock here goes on, was done by another that is at work. To go back then
/// would have it done again without end.
struct SlotsAhead {
    /// Microseconds after which another process that has done nothing more is no longer waited for.
    private static let patience: Int64 = 10 * 60_000_000

    /// The last slots at the look before.
    private var known: [Validation: Int64] = [:]
    private var ofOthers: [Validation: (slot: Int64, since: Int64)] = [:]

    /// The clock was set back: what lies ahead was done by it.
    mutating func clockWentBack() { self = SlotsAhead() }

    /// Notes what is known at a look; gives by how much another process is ahead where that is news.
    mutating func note(_ ahead: [Validation], _ standings: [Validation: ScheduleStanding], at now: Int64) -> Int64? {
        var lead: Int64?
        for validation in ahead {
            guard let slot = standings[validation]?.lastSlot, let before = known[validation], before != slot else {
                continue
            }
            if ofOthers[validation] == nil { lead = max(lead ?? 0, CivilTime.age(of: now, at: slot)) }
            ofOthers[validation] = (slot, now)
        }
        known = standings.mapValues(\.lastSlot)
        ofOthers = ofOthers.filter { CivilTime.age(of: $0.value.since, at: now) < Self.patience }
        return lead
    }

    /// Whether another process that is at work has done a validation's last slot.
    func isOfAnother(_ validation: Validation) -> Bool { ofOthers[validation] != nil }
}
