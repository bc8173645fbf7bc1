import Schedules
import Testing

@Suite struct ScheduleTests {
    static let minute: Int64 = 60_000_000
    static let hour = 60 * minute
    static let day = 24 * hour

    @Test func intervalsCountFrom1970() throws {
        let berlin = try ScheduleZone("Europe/Berlin")
        let after = Times.at("2026-11-21T10:07Z")
        #expect(try Schedule(.every(15 * Self.minute)).next(after: after) == Times.at("2026-11-21T10:15Z"))
        #expect(Schedule.hourly.next(after: after) == Times.at("2026-11-21T11:00Z"))
        #expect(Schedule.hourly.next(after: Times.at("2026-11-21T11:00Z")) == Times.at("2026-11-21T12:00Z"))
        #expect(try Schedule(.every(6 * Self.hour), zone: berlin).next(after: after) == Times.at("2026-11-21T12:00Z"))
        #expect(Schedule.manual.next(after: after) == nil)
    }

    @Test func wholeDaysBeginAtMidnightOfTheZone() throws {
        let berlin = try ScheduleZone("Europe/Berlin")
        let daily = try Schedule(.every(Self.day), zone: berlin)
        let slots = daily.slots(after: Times.at("2026-03-28T12:00Z"), through: Times.at("2026-03-31"), limit: 9)
        #expect(
            slots.map { Times.text($0, in: berlin) } == [
                "2026-03-29T00:00+01:00", "2026-03-30T00:00+02:00", "2026-03-31T00:00+02:00",
            ])
        // 1970-01-01 was a Thursday.
        let weekly = try Schedule(.every(7 * Self.day), zone: berlin)
        #expect(
            weekly.next(after: Times.at("2026-11-21")).map { Times.text($0, in: berlin) } == "2026-11-26T00:00+01:00")
        let havana = try ScheduleZone("America/Havana")
        let skipped = try Schedule(.every(Self.day), zone: havana).next(after: Times.at("2026-03-07T12:00Z"))
        #expect(skipped.map { Times.text($0, in: havana) } == "2026-03-08T01:00-04:00")
    }

    @Test func intervalsHaveLimits() {
        let short = #expect(throws: ScheduleError.self) { try Schedule(.every(999_999)) }
        #expect(short?.message == "an interval must be 1s through 366d, got 0.999999s" && short?.code == "bad-schedule")
        #expect(throws: ScheduleError.self) { try Schedule(.every(367 * Self.day)) }
        #expect(throws: ScheduleError.self) { try Schedule(.every(0)) }
        #expect(throws: ScheduleError.self) { try Schedule(.every(-5)) }
        #expect(throws: ScheduleError.self) { try Schedule(.manual, jitter: Self.day + 1) }
        #expect(throws: ScheduleError.self) { try Schedule(.manual, jitter: -1) }
    }

    @Test func jitterIsTheSameForAllAndEndsBeforeTheNextSlot() throws {
        let schedule = try Schedule(.every(Self.minute), jitter: Self.hour)
        var delays: Set<Int64> = []
        for slot in schedule.slots(after: 0, through: Self.day, limit: 500) {
            let due = schedule.due(slot, for: "orders")
            #expect(due >= slot && due < slot + Self.minute)
            #expect(try due == Schedule(.every(Self.minute), jitter: Self.hour).due(slot, for: "orders"))
            delays.insert(due - slot)
        }
        #expect(delays.count > 490)
        #expect(schedule.due(Self.minute, for: "orders") != schedule.due(Self.minute, for: "events"))
        #expect(Schedule.hourly.due(Self.hour, for: "orders") == Self.hour)
        // What a fixed version gave: instances of different versions must agree.
        let fixed = try Schedule(.every(Self.hour), jitter: 30_000_000).due(Self.hour, for: "orders")
        #expect(fixed == 3_625_185_436)
    }

    @Test func latestIsFoundInYearsOfMinutes() throws {
        let schedule = try Schedule(.cron(Cron("* * * 1 *")))
        #expect(
            schedule.latest(after: Times.at("2020-01-01"), through: Times.at("2026-11-21"))
                == Times.at("2026-01-31T23:59Z"))
        #expect(schedule.latest(after: Times.at("2026-02-01"), through: Times.at("2026-11-21")) == nil)
        #expect(schedule.latest(after: Times.at("2026-01-05"), through: Times.at("2026-01-05")) == nil)
        #expect(schedule.count(after: Times.at("2025-12-31"), before: Times.at("2026-01-01T01:00Z")) == (60, false))
        #expect(schedule.count(after: 0, before: Times.at("2026-01-01"), limit: 100) == (100, true))
    }

    @Test func zonesAreNamed() throws {
        #expect(try ScheduleZone("utc") == .utc)
        let error = #expect(throws: ScheduleError.self) { try ScheduleZone("Europe/Berlinn") }
        #expect(error?.code == "bad-zone" && error?.hint == "did you mean Europe/Berlin?")
        #expect(throws: ScheduleError.self) { try ScheduleZone("+25:99") }
        #expect(throws: ScheduleError.self) { try ScheduleZone(String(repeating: "x", count: 10_000)) }
    }

    @Test func localTimesBecomeInstants() throws {
        let berlin = try ScheduleZone("Europe/Berlin")
        #expect(berlin.instant(ofLocal: Times.at("2026-12-24T18:00")) == Times.at("2026-12-24T17:00Z"))
        #expect(berlin.instant(ofLocal: Times.at("2026-03-29T02:30")) == Times.at("2026-03-29T01:00Z"))
        #expect(berlin.instant(ofLocal: Times.at("2026-10-25T02:30")) == Times.at("2026-10-25T00:30Z"))
        #expect(berlin.instant(ofLocal: Times.at("2026-10-25T03:00")) == Times.at("2026-10-25T02:00Z"))
    }

    @Test func pausesGrow() {
        let policy = RetryPolicy(retries: 8)
        let pauses = (1...8).compactMap { policy.pause(afterAttempts: $0, for: "orders") }
        #expect(pauses.count == 8 && policy.pause(afterAttempts: 9, for: "orders") == nil)
        for (index, pause) in pauses.enumerated() {
            let whole: Int64 = min(10_000_000 << Int64(index), 600_000_000)
            #expect((whole / 2...whole).contains(pause))
        }
        #expect(RetryPolicy(retries: 0).pause(afterAttempts: 1, for: "orders") == nil)
        #expect(RetryPolicy(retries: -1, firstPause: -1, longestPause: -9).pause(afterAttempts: 1, for: "") == nil)
        #expect(RetryPolicy(retries: .max, firstPause: .max).pause(afterAttempts: 500, for: "") != nil)
    }
}
