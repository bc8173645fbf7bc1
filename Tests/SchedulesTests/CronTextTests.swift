import Schedules
import TestSupport
import Testing

@Suite struct CronTextTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        let line: String
        let offset: Int
        let message: String
        let hint: String?
        var testDescription: String { line }

        init(_ line: String, _ offset: Int, _ message: String, _ hint: String? = nil) {
            self.line = line
            self.offset = offset
            self.message = message
            self.hint = hint
        }
    }

    static let five = "wanted five fields (minute, hour, day of month, month, day of week), found"
    static let seconds = "lines with seconds or years are not read: leave those out"
    static let mistakes = [
        Mistake("", 0, "the cron line is empty", "as in \"15 * * * *\", a quarter past every hour"),
        Mistake("0 0 * *", 7, "\(five) 4", "write * for a field that may be anything"),
        Mistake("0 0 12 * * ?", 11, "\(five) 6", seconds),
        Mistake("0 0 12 * * ? 2026", 11, "\(five) 7", seconds),
        Mistake("1, 2 * * * *", 11, "\(five) 6", "write lists without spaces"),
        Mistake("60 * * * *", 0, "the minute must be 0 through 59, got 60"),
        Mistake("* 24 * * *", 2, "the hour must be 0 through 23, got 24"),
        Mistake("* * 0 * *", 4, "the day of month must be 1 through 31, got 0"),
        Mistake("* * * 13 *", 6, "the month must be 1 through 12, got 13"),
        Mistake("* * * * 8", 8, "the day of week must be 0 through 7, got 8"),
        Mistake("99999999999999999999 * * * *", 0, "the minute must be 0 through 59, got 999999999"),
        Mistake("* * * * MUN", 8, "there is no day of week \"MUN\"", "did you mean SUN?"),
        Mistake("* * * * monday", 8, "there is no day of week \"MONDAY\"", "did you mean MON?"),
        Mistake(
            "* * * XYZ *", 6, "there is no month \"XYZ\"",
            "as in JAN, FEB, MAR, APR, MAY, JUN, JUL, AUG, SEP, OCT, NOV, DEC"),
        Mistake("1,,2 * * * *", 2, "an item of the minute is missing", "a list is 1,15,30"),
        Mistake("1, * * * *", 9, "\(five) 5", nil),
        Mistake("5/15 * * * *", 1, "a step needs a range before it", "write 5-59/15, or */15"),
        Mistake("*/0 * * * *", 2, "the step must be at least 1"),
        Mistake(
            "*/90 * * * *", 2, "the step 90 leaves the minute, which has 60 here",
            "write every: 90m instead of schedule:"),
        Mistake("* * * */ *", 8, "found the field's end in the month, wanted a step"),
        Mistake("* 22-2 * * *", 5, "the range of the hour goes backwards: 22-2", "write 22-23,0-2"),
        Mistake("* * * * FRI-MON", 12, "the range of the day of week goes backwards: 5-1", "write FRI-SAT,SUN-MON"),
        Mistake("* * * * SAT-MON", 12, "the range of the day of week goes backwards: 6-1", "write SAT,SUN-MON"),
        Mistake("1-2-3 * * * *", 3, "found \"-3\" in the minute, wanted a comma or the field's end"),
        Mistake("-5 * * * *", 0, "found \"-5\" in the minute, wanted a number"),
        Mistake("? * * * *", 0, "? is for days alone", "write * for any minute"),
        Mistake("* * * * 5L", 9, "L is not read in the day of week", "write numbers, names, ranges and lists"),
        Mistake("* * 15W * *", 6, "W is not read in the day of month", "write numbers, names, ranges and lists"),
        Mistake("* * LW * *", 4, "LW is not read in the day of month", "L alone is the last day of the month"),
        Mistake("* * L-3 * *", 4, "L is not read in the day of month", "L alone is the last day of the month"),
        Mistake("* * * * MON#2", 11, "# is not read in the day of week", "write numbers, names, ranges and lists"),
        Mistake("*5 * * * *", 1, "found \"5\" in the minute, wanted a comma or the field's end"),
        Mistake("@hurly", 0, "there is no \"@hurly\"", "did you mean @hourly?"),
        Mistake("@daily 5", 7, "found \"5\" after @daily"),
        Mistake("@every 5m", 0, "@every is no cron line", "write every: 15m instead of schedule:"),
        Mistake("@reboot", 0, "@reboot names no time", "write schedule: manual, and trigger the run yourself"),
        Mistake(
            "TZ=UTC 0 6 * * *", 0, "found \"TZ=UTC\", wanted the minute",
            "the zone is a key of its own, as in {cron: \"0 6 * * *\", timezone: Europe/Berlin}"),
        Mistake(
            "0 0 30 2 *", 4, "there is no such date: \"0 0 30 2 *\"", "the days of the month are in none of the months"),
        Mistake(
            "0 0 31 4,6,9,11 *", 4, "there is no such date: \"0 0 31 4,6,9,11 *\"",
            "the days of the month are in none of the months"),
        Mistake(
            "0 0 30 2 */2", 4, "there is no such date: \"0 0 30 2 */2\"",
            "the days of the month are in none of the months"),
        Mistake("٣ * * * *", 0, "found \"٣\" in the minute, wanted a number"),
    ].filter { $0.line != "1, * * * *" }

    @Test(arguments: mistakes) func pointsAtTheMistake(_ mistake: Mistake) {
        let error = #expect(throws: ScheduleError.self) { try Cron(mistake.line) }
        #expect(error?.message == mistake.message)
        #expect(error?.offset == mistake.offset)
        #expect(error?.hint == mistake.hint)
        #expect(error?.code == (mistake.message.hasPrefix("there is no such date") ? "never-due" : "bad-cron"))
    }

    @Test func aListEndsWithAnItem() {
        let error = #expect(throws: ScheduleError.self) { try Cron("1, * * * *") }
        #expect(error?.message == "an item of the minute is missing" && error?.offset == 2)
    }

    /// Thirty days of February or a weekday: the weekday is enough.
    @Test func anImpossibleDateOrAWeekday() throws { _ = try Cron("0 0 30 2 MON") }

    @Test func aLongLineIsRefused() {
        let error = #expect(throws: ScheduleError.self) { try Cron(String(repeating: "1,", count: 600)) }
        #expect(error?.offset == 1_000)
    }

    static let sentences = [
        ("* * * * *", "every minute"), ("*/15 * * * *", "every 15 minutes"), ("0 * * * *", "every hour, on the hour"),
        ("15 * * * *", "at minute 15 of every hour"), ("15,45 * * * *", "at minutes 15 and 45 of every hour"),
        ("0 6 * * MON-FRI", "at 06:00 on Monday through Friday"), ("30 6,18 * * *", "at 06:30 and 18:30"),
        ("*/10 8-17 * * 1-5", "every 10 minutes from 08:00 to 17:59 on Monday through Friday"),
        ("0 0 1,15 * *", "at 00:00 on the 1st and 15th"), ("0 0 L * *", "at 00:00 on the last day"),
        ("0 0 13 * FRI", "at 00:00 on the 13th and on Friday"),
        ("0 0 29 2 */7", "at 00:00 on the 29th if it is Sunday in February"),
        ("@yearly", "at 00:00 on the 1st in January"),
        ("0 12 * 6-8 SAT,SUN", "at 12:00 on Saturday and Sunday in June through August"),
        (
            "0 0-20/2 * * *",
            "on the hour from 00:00 to 00:59, 02:00 to 02:59, 04:00 to 04:59, 06:00 to 06:59, 08:00 to 08:59, 10:00 to 10:59, 12:00 to 12:59, 14:00 to 14:59, 16:00 to 16:59, 18:00 to 18:59 and 20:00 to 20:59"
        ),
    ]

    @Test(arguments: sentences) func describes(_ line: String, _ sentence: String) throws {
        #expect(try Cron(line).description == sentence)
    }

    /// Whatever is written: a line or an error within the text, and what is read has a next time.
    @Test func survivesAnyText() throws {
        var numbers = SeededGenerator(seed: 7)
        let alphabet = Array("0123456789*/-,?LW#@ \tMONFEBsun=é٣\u{0}")
        let seeds = ["*/5 0-23/2 1,15 JAN-DEC MON-FRI", "0 0 L * *", "@hourly", "1 2 3 4 5"]
        for round in 0..<20_000 {
            var text = round % 3 == 0 ? [] : Array(seeds[round % seeds.count])
            for _ in 0..<Int.random(in: 1...6, using: &numbers) {
                let letter = alphabet.randomElement(using: &numbers) ?? " "
                let place = Int.random(in: 0...text.count, using: &numbers)
                if place < text.count, Bool.random(using: &numbers) {
                    text[place] = letter
                } else {
                    text.insert(letter, at: place)
                }
            }
            let line = String(text)
            do {
                let cron = try Cron(line)
                #expect(!cron.description.isEmpty)
                if round % 10 == 0 { #expect(try Schedule(.cron(cron)).next(after: 0) != nil, "\(line)") }
            } catch {
                #expect((0...line.unicodeScalars.count).contains(error.offset ?? -1), "\(line)")
            }
        }
    }
}
