import Ledger
import Reports
import Schedules
import Service
import Testing

@Suite struct ScheduleBookTests {
    private static let validation = ScheduledValidation(
        suite: "s", asset: "a", schedule: .hourly, after: ["clicks"], watch: 30_000_000)

    private func plan(_ stage: Stage, at now: Int64, _ validation: ScheduledValidation = validation) throws
        -> PlannedValidation
    {
        let book = ScheduleBook(ledger: stage.ledger, clock: { now }) { [validation] }
        return try #require(try book.plans().first)
    }

    private func register(_ stage: Stage) throws {
        let id = Self.validation.id
        _ = try stage.ledger.transaction { try $0.register([(id, "every hour")], now: Stage.start) }
    }

    @Test func whatNobodyHasSeenIsDueFromNowOn() throws {
        let plan = try plan(try Stage(), at: Stage.start)
        #expect(plan.nextAt == Stage.start - 30_000_000 + Stage.hour)
        #expect(plan.overdueSince == nil)
        #expect(plan.schedule == "every 1h, after clicks, when its data changes")
    }

    /// A slot that is waiting for others is no news; one that nobody begins with is.
    @Test func whatIsNotBegunWithIsOverdue() throws {
        let stage = try Stage()
        try register(stage)
        let slot = Stage.start - 30_000_000 + Stage.hour
        let waiting = try plan(stage, at: slot + 15 * Stage.minute)
        #expect(waiting.nextAt == slot && waiting.overdueSince == nil)
        let late = try plan(stage, at: slot + 15 * Stage.minute + 1)
        #expect(late.nextAt == slot + Stage.hour && late.overdueSince == slot)
    }

    /// The last slot was done by a clock that has been set back since.
    @Test func whatWaitsForTheClockSaysSo() throws {
        let stage = try Stage()
        try register(stage)
        let behind = try plan(stage, at: Stage.start - 30 * Stage.minute)
        #expect(behind.clockBehindUntil == Stage.start && behind.overdueSince == nil)
        #expect(behind.nextAt == Stage.start - 30_000_000 + Stage.hour)
        #expect(try plan(stage, at: Stage.start - Stage.minute).clockBehindUntil == nil)
        let manual = ScheduledValidation(suite: "s", asset: "a", schedule: .manual)
        #expect(try plan(stage, at: Stage.start - 30 * Stage.minute, manual).clockBehindUntil == nil)
    }

    @Test func whatIsBeingRunIsNotOverdue() throws {
        let stage = try Stage()
        try register(stage)
        let slot = Stage.start - 30_000_000 + Stage.hour
        let now = slot + 20 * Stage.minute
        let id = Self.validation.id
        let answer = try stage.ledger.transaction {
            try $0.claim(
                id, for: .slot(slot, after: Stage.start), holder: "one", now: now, length: 10 * Stage.minute)
        }
        guard case .granted = answer else {
            Issue.record("\(answer)")
            return
        }
        let plan = try plan(stage, at: now + 1)
        #expect(plan.overdueSince == nil && plan.nextAt == slot + Stage.hour)
    }

    @Test func aScheduleIsSaidInWords() throws {
        let stage = try Stage()
        func words(_ schedule: Schedule, after: [String] = []) throws -> String {
            try plan(
                stage, at: Stage.start, ScheduledValidation(suite: "s", asset: "a", schedule: schedule, after: after)
            ).schedule
        }
        #expect(try words(.manual) == "when somebody asks")
        #expect(try words(.manual, after: ["clicks"]) == "after clicks")
        #expect(
            try words(Schedule(.cron(Cron("0 6 * * MON")), zone: ScheduleZone("Europe/Berlin")))
                == "at 06:00 on Monday, Europe/Berlin")
    }
}
