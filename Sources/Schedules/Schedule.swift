import Tables

/// When something is due: a cadence, the zone whose clock it is read from, and how far its runs are spread.
///
/// A time at which it is due is a *slot*; it is done once, whoever does it. All times are microseconds since 1970-01-01T00:00:00Z.
public struct Schedule: Sendable, Hashable {
    public let cadence: Cadence
    public let zone: ScheduleZone
    /// A slot is done up to so many microseconds later, always the same number for the same slot.
    public let jitter: Int64

    /// Intervals are 1 second through 366 days, jitter 0 through 1 day.
    ///
    /// Error: `bad-schedule`.
    public init(_ cadence: Cadence, zone: ScheduleZone = .utc, jitter: Int64 = 0) throws(ScheduleError) {
        if case .every(let length) = cadence, !(1_000_000...366 * CivilTime.microsecondsPerDay).contains(length) {
            throw ScheduleError(
                code: "bad-schedule",
                message: "an interval must be 1s through 366d, got \(CivilTime.format(duration: length))")
        }
        guard (0...CivilTime.microsecondsPerDay).contains(jitter) else {
            throw ScheduleError(
                code: "bad-schedule", message: "jitter must be 0s through 1d, got \(CivilTime.format(duration: jitter))"
            )
        }
        self.cadence = cadence
        self.zone = zone
        self.jitter = jitter
    }

    private init(_ cadence: Cadence) {
        self.cadence = cadence
        zone = .utc
        jitter = 0
    }

    /// On the hour, for what has no schedule of its own.
    public static let hourly = Schedule(.every(3_600_000_000))
    public static let manual = Schedule(.manual)

    /// The first slot after a time; `nil` where none follows, or only after the year 9999.
    ///
    /// Costs some microseconds, whatever the schedule.
    public func next(after time: Int64) -> Int64? {
        // Before the year 0 nothing is due.
        let second = max(time.flooredSeconds, -62_167_219_200)
        switch cadence {
        case .manual: return nil
        case .every(let length) where length % CivilTime.microsecondsPerDay != 0:
            let (slot, isBeyond) = (time.floored(by: length) + 1).multipliedReportingOverflow(by: length)
            return isBeyond || slot > Self.end ? nil : slot
        case .every(let length):
            let days = DayInterval(days: Int(length / CivilTime.microsecondsPerDay))
            return ClockWalk(times: days, zone: zone).next(after: second).map { $0 * 1_000_000 }
        case .cron(let cron):
            return ClockWalk(times: cron, zone: zone).next(after: second).map { $0 * 1_000_000 }
        }
    }

    /// When the year 9999 ends, in UTC.
    static let end: Int64 = 253_402_300_799_000_000

    /// The slots after a time, through another, the oldest first; no more than the limit.
    public func slots(after start: Int64, through end: Int64, limit: Int) -> [Int64] {
        var slots: [Int64] = []
        var time = start
        while slots.count < limit, let slot = next(after: time), slot <= end {
            slots.append(slot)
            time = slot
        }
        return slots
    }

    /// The latest slot after a time, through another; `nil` where there is none.
    ///
    /// Found by halving, however many slots lie between.
    public func latest(after start: Int64, through end: Int64) -> Int64? {
        guard start < end, var slot = next(after: start), slot <= end else { return nil }
        var beyond = end
        while slot < beyond {
            let middle = slot + (beyond - slot) / 2
            if let later = next(after: middle), later <= end { slot = later } else { beyond = middle }
        }
        return slot
    }

    /// How far ahead of the clock a slot that was done may lie before it is taken to be wrong: microseconds.
    ///
    /// An interval, though no less than a minute, as clocks of several machines differ; a day for cron lines.
    var longestLead: Int64 {
        guard case .every(let length) = cadence else { return CivilTime.microsecondsPerDay }
        return min(max(length, 60_000_000), CivilTime.microsecondsPerDay)
    }

    /// When a slot is to be done by what has this name: less than the jitter later, and before the next slot.
    ///
    /// All processes agree on it.
    public func due(_ slot: Int64, for name: String) -> Int64 {
        guard jitter > 0 else { return slot }
        let room = min(jitter, next(after: slot).map { $0 - slot } ?? jitter)
        let hash = Hash128(name).combined(with: Hash128(Int128(slot))).low
        return slot.addingClamped(Int64(hash % UInt64(max(1, room))))
    }
}
