public import Ledger
public import Reports
import Schedules
import Tables

/// When the project's validations are due, as the ledger knows it: whichever process runs them.
public struct ScheduleBook: Sendable {
    private let ledger: Ledger
    private let clock: @Sendable () -> Int64
    private let validations: @Sendable () -> [ScheduledValidation]

    /// `validations` are those of the project as it is now.
    public init(
        ledger: Ledger, clock: @escaping @Sendable () -> Int64,
        validations: @escaping @Sendable () -> [ScheduledValidation]
    ) {
        self.ledger = ledger
        self.clock = clock
        self.validations = validations
    }

    /// What is due may wait for others, and is no news for so many microseconds.
    private static let patience: Int64 = 15 * 60_000_000

    /// The validations that the project has.
    var known: Set<Validation> { Set(validations().map(\.id)) }

    /// All of the project's validations, by suite and asset.
    public func plans() throws(LedgerError) -> [PlannedValidation] {
        let now = clock()
        let standings = try ledger.scheduleStandings(now: now)
        return validations().sorted { ($0.suite, $0.asset) < ($1.suite, $1.asset) }.map { validation in
            let standing = standings[validation.id]
            let waiting = due(validation, after: standing?.lastSlot ?? now)
            let isLate = waiting.map { CivilTime.age(of: $0, at: now) > Self.patience } ?? false
            let isHeld = standing?.heldUntil != nil
            return PlannedValidation(
                validation: validation.id, schedule: Self.words(validation),
                nextAt: isLate || isHeld ? due(validation, after: now) : waiting,
                overdueSince: isLate && !isHeld ? waiting : nil,
                clockBehindUntil: standing.flatMap { validation.clockBehindUntil($0, at: now) })
        }
    }

    private func due(_ validation: ScheduledValidation, after time: Int64) -> Int64? {
        validation.schedule.next(after: time).map { validation.schedule.due($0, for: validation.name) }
    }

    /// As in `every 15m, after clickstream` or `at 06:00, Europe/Berlin`.
    private static func words(_ validation: ScheduledValidation) -> String {
        let schedule = validation.schedule
        let others = validation.after.map { "after \($0)" } + (validation.watch == nil ? [] : ["when its data changes"])
        if schedule.cadence == .manual, !others.isEmpty { return others.joined(separator: ", ") }
        let zone = schedule.zone.name == "UTC" || schedule.cadence == .manual ? [] : [schedule.zone.name]
        return (["\(schedule.cadence)"] + zone + others).joined(separator: ", ")
    }
}

extension ScheduledValidation {
    /// How far clocks of several machines may differ, in microseconds.
    private static let tolerance: Int64 = 60_000_000

    /// When the clock will have come to where the last slot was done; `nil` where it isn't behind that.
    ///
    /// What nobody but people or data has begin doesn't wait.
    func clockBehindUntil(_ standing: ScheduleStanding, at now: Int64) -> Int64? {
        guard schedule.cadence != .manual, CivilTime.age(of: now, at: standing.lastSlot) > Self.tolerance else {
            return nil
        }
        return standing.lastSlot
    }
}
