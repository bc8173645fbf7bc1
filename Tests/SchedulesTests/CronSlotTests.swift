import Schedules
import Testing

/// What follows on a time, told by the clock of the zone.
@Suite struct CronSlotTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let line: String
        var zone = "UTC"
        let after: String
        let slots: [String]
    }

    static let plain = [
        Case(
            testDescription: "a minute", line: "* * * * *", after: "2026-11-21T10:00:30Z",
            slots: ["2026-11-21T10:01Z", "2026-11-21T10:02Z"]),
        Case(
            testDescription: "not the time itself", line: "0 * * * *", after: "2026-11-21T10:00Z",
            slots: ["2026-11-21T11:00Z"]),
        Case(
            testDescription: "the microsecond before", line: "0 * * * *", after: "2026-11-21T09:59:59.999999Z",
            slots: ["2026-11-21T10:00Z"]),
        Case(
            testDescription: "a step", line: "*/20 * * * *", after: "2026-11-21T10:30Z",
            slots: ["2026-11-21T10:40Z", "2026-11-21T11:00Z"]),
        Case(
            testDescription: "a range with a step", line: "10-40/15 9 * * *", after: "2026-11-21T09:10Z",
            slots: ["2026-11-21T09:25Z", "2026-11-21T09:40Z", "2026-11-22T09:10Z"]),
        Case(
            testDescription: "a list", line: "5,35 8,20 * * *", after: "2026-11-21T08:10Z",
            slots: ["2026-11-21T08:35Z", "2026-11-21T20:05Z"]),
        Case(
            testDescription: "over the year's end", line: "59 23 31 12 *", after: "2026-12-31T23:59Z",
            slots: ["2027-12-31T23:59Z"]),
        Case(
            testDescription: "first minute of the year", line: "@yearly", after: "2026-12-31T23:59:59Z",
            slots: ["2027-01-01T00:00Z", "2028-01-01T00:00Z"]),
        Case(
            testDescription: "leap day", line: "0 0 29 2 *", after: "2026-01-01",
            slots: ["2028-02-29T00:00Z", "2032-02-29T00:00Z"]),
        Case(
            testDescription: "no leap day in 2100", line: "0 0 29 2 *", after: "2096-02-29",
            slots: ["2104-02-29T00:00Z"]),
        Case(
            testDescription: "the 31st of months that have one", line: "0 0 31 * *", after: "2026-01-31",
            slots: ["2026-03-31T00:00Z", "2026-05-31T00:00Z", "2026-07-31T00:00Z", "2026-08-31T00:00Z"]),
        Case(
            testDescription: "last day of months", line: "0 0 L * *", after: "2028-01-31",
            slots: ["2028-02-29T00:00Z", "2028-03-31T00:00Z", "2028-04-30T00:00Z"]),
        Case(
            testDescription: "weekdays", line: "0 6 * * MON-FRI", after: "2026-11-20T06:00Z",
            slots: ["2026-11-23T06:00Z"]),
        Case(
            testDescription: "Sunday is 7", line: "0 6 * * 7", after: "2026-11-20T06:00Z", slots: ["2026-11-22T06:00Z"]),
        Case(
            testDescription: "Sunday is 0", line: "0 6 * * 0", after: "2026-11-20T06:00Z", slots: ["2026-11-22T06:00Z"]),
        Case(
            testDescription: "Saturday through Sunday", line: "0 6 * * sat-sun", after: "2026-11-20T06:00Z",
            slots: ["2026-11-21T06:00Z", "2026-11-22T06:00Z", "2026-11-28T06:00Z"]),
        Case(
            testDescription: "either of two kinds of days", line: "0 0 13 * FRI", after: "2026-11-01",
            slots: [
                "2026-11-06T00:00Z", "2026-11-13T00:00Z", "2026-11-20T00:00Z", "2026-11-27T00:00Z", "2026-12-04T00:00Z",
                "2026-12-11T00:00Z", "2026-12-13T00:00Z",
            ]),
        Case(
            testDescription: "both, where one begins with a star", line: "0 0 */2 * FRI", after: "2026-11-01",
            slots: ["2026-11-13T00:00Z", "2026-11-27T00:00Z", "2026-12-11T00:00Z"]),
        Case(
            testDescription: "any day of the month", line: "0 0 ? * FRI", after: "2026-11-01",
            slots: ["2026-11-06T00:00Z"]),
        Case(
            testDescription: "leap days that are Sundays", line: "0 0 29 2 */7", after: "2032-03-01",
            slots: ["2060-02-29T00:00Z"]),
        Case(
            testDescription: "names of months", line: "30 12 1 jan,JUL *", after: "2026-02-01",
            slots: ["2026-07-01T12:30Z", "2027-01-01T12:30Z"]),
        Case(
            testDescription: "weekly", line: "@weekly", after: "2026-11-21",
            slots: ["2026-11-22T00:00Z", "2026-11-29T00:00Z"]),
        Case(
            testDescription: "monthly, through spaces", line: "  0  0\t1 * *  ", after: "2026-11-21",
            slots: ["2026-12-01T00:00Z"]),
        Case(
            testDescription: "before 1970", line: "0 12 * * *", after: "1968-02-28T13:00Z", slots: ["1968-02-29T12:00Z"]
        ),
    ]

    static let daylight = [
        Case(
            testDescription: "Berlin skips it", line: "30 2 * * *", zone: "Europe/Berlin", after: "2026-03-28T12:00Z",
            slots: ["2026-03-29T03:00+02:00", "2026-03-30T02:30+02:00"]),
        Case(
            testDescription: "Berlin skips several, which run once", line: "*/15 2 * * *", zone: "Europe/Berlin",
            after: "2026-03-28T12:00Z", slots: ["2026-03-29T03:00+02:00", "2026-03-30T02:00+02:00"]),
        Case(
            testDescription: "the gap's end is due itself", line: "0,30 2,3 * * *", zone: "Europe/Berlin",
            after: "2026-03-28T12:00Z",
            slots: ["2026-03-29T03:00+02:00", "2026-03-29T03:30+02:00", "2026-03-30T02:00+02:00"]),
        Case(
            testDescription: "Berlin shows it twice", line: "30 2 * * *", zone: "Europe/Berlin",
            after: "2026-10-24T12:00Z", slots: ["2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00"]),
        Case(
            testDescription: "after the first of the two", line: "30 2 * * *", zone: "Europe/Berlin",
            after: "2026-10-25T00:45Z", slots: ["2026-10-26T02:30+01:00"]),
        Case(
            testDescription: "each hour in spring", line: "30 * * * *", zone: "Europe/Berlin",
            after: "2026-03-29T00:00Z", slots: ["2026-03-29T01:30+01:00", "2026-03-29T03:30+02:00"]),
        Case(
            testDescription: "each hour in autumn", line: "30 * * * *", zone: "Europe/Berlin",
            after: "2026-10-25T00:00Z",
            slots: ["2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00", "2026-10-25T03:30+01:00"]),
        Case(
            testDescription: "New York skips it", line: "15 2 * * *", zone: "America/New_York",
            after: "2026-03-07T12:00Z", slots: ["2026-03-08T03:00-04:00", "2026-03-09T02:15-04:00"]),
        Case(
            testDescription: "New York shows it twice", line: "15 1 * * *", zone: "America/New_York",
            after: "2026-10-31T12:00Z", slots: ["2026-11-01T01:15-04:00", "2026-11-02T01:15-05:00"]),
        Case(
            testDescription: "New York in minutes over the change", line: "*/30 * * * *", zone: "America/New_York",
            after: "2026-11-01T05:00Z",
            slots: [
                "2026-11-01T01:30-04:00", "2026-11-01T01:00-05:00", "2026-11-01T01:30-05:00", "2026-11-01T02:00-05:00",
            ]),
        Case(
            testDescription: "Lord Howe skips half an hour", line: "10 2 * * *", zone: "Australia/Lord_Howe",
            after: "2026-10-03T00:00Z", slots: ["2026-10-04T02:30+11:00", "2026-10-05T02:10+11:00"]),
        Case(
            testDescription: "Lord Howe doesn't skip the other half", line: "40 2 * * *", zone: "Australia/Lord_Howe",
            after: "2026-10-03T00:00Z", slots: ["2026-10-04T02:40+11:00"]),
        Case(
            testDescription: "Lord Howe shows half an hour twice", line: "45 1 * * *", zone: "Australia/Lord_Howe",
            after: "2026-04-04T00:00Z", slots: ["2026-04-05T01:45+11:00", "2026-04-06T01:45+10:30"]),
        Case(
            testDescription: "Lord Howe by the hour", line: "45 * * * *", zone: "Australia/Lord_Howe",
            after: "2026-04-04T14:00Z",
            slots: ["2026-04-05T01:45+11:00", "2026-04-05T01:45+10:30", "2026-04-05T02:45+10:30"]),
        Case(
            testDescription: "Samoa skipped a day", line: "0 6 * * *", zone: "Pacific/Apia", after: "2011-12-29T17:00Z",
            slots: ["2011-12-31T00:00+14:00", "2011-12-31T06:00+14:00"]),
        Case(
            testDescription: "Havana changes at midnight", line: "@daily", zone: "America/Havana",
            after: "2026-03-07T12:00Z", slots: ["2026-03-08T01:00-04:00", "2026-03-09T00:00-04:00"]),
        Case(
            testDescription: "a fixed distance", line: "0 6 * * *", zone: "+05:30", after: "2026-11-21T00:00Z",
            slots: ["2026-11-21T06:00+05:30"]),
        Case(
            testDescription: "a day's end in the west", line: "59 23 31 12 *", zone: "America/New_York",
            after: "2026-12-31T23:59Z", slots: ["2026-12-31T23:59-05:00"]),
    ]

    @Test(arguments: plain + daylight) func follows(_ c: Case) throws {
        let zone = try ScheduleZone(c.zone)
        let schedule = try Schedule(.cron(Cron(c.line)), zone: zone)
        var slots: [String] = []
        var time = Times.at(c.after)
        for _ in c.slots {
            time = try #require(schedule.next(after: time))
            slots.append(Times.text(time, in: zone))
        }
        #expect(slots == c.slots)
    }

    @Test func theCalendarEnds() throws {
        let schedule = try Schedule(.cron(Cron("0 0 1 1 *")))
        #expect(schedule.next(after: Times.at("9999-01-01")) == nil)
        #expect(schedule.next(after: .max) == nil)
        #expect(schedule.next(after: .min) != nil)
        #expect(try Schedule(.every(60_000_000)).next(after: .max) == nil)
        #expect(try Schedule(.every(86_400_000_000)).next(after: .max) == nil)
    }
}
