import Schedules
import TestSupport
import Testing

@Suite struct AgendaTests {
    static let hour: Int64 = 3_600_000_000
    static let minutely = "* * * * *"
    static let now = Times.at("2026-11-21T10:05Z")

    private func task(_ name: String, _ line: String = "0 * * * *", asset: String? = nil, catchUp: CatchUp = .latest)
        throws -> Agenda.Task
    {
        try Agenda.Task(name: name, asset: asset ?? name, schedule: Schedule(.cron(Cron(line))), catchUp: catchUp)
    }

    private func look(
        _ tasks: [Agenda.Task], _ edges: [(String, String)] = [], last: [String], busy: Set<Int> = [], now: Int64 = now,
        absentUntil: Int64 = .min
    ) -> Agenda.Look {
        let agenda = Agenda(tasks: tasks, edges: edges.map { AssetEdge(upstream: $0.0, downstream: $0.1) })
        let standings = last.enumerated().map {
            Agenda.Standing(lastSlot: Times.at($0.element), isBusy: busy.contains($0.offset))
        }
        return agenda.look(at: now, standings: standings, absentUntil: absentUntil)
    }

    @Test func nothingIsDueTwice() throws {
        let look = look([try task("a")], last: ["2026-11-21T10:00Z"])
        #expect(look.due.isEmpty && look.passed.isEmpty && look.next == Times.at("2026-11-21T11:00Z"))
    }

    @Test func theLatestOfManyMissedSlots() throws {
        let look = look([try task("a")], last: ["2026-11-20T10:00Z"], absentUntil: Self.now)
        #expect(look.due.map(\.slot) == [Times.at("2026-11-21T10:00Z")])
        #expect(look.due.first?.passedFrom == Times.at("2026-11-20T10:00Z"))
        #expect(look.next == Times.at("2026-11-21T11:00Z"))
    }

    @Test func noneOfManyMissedSlots() throws {
        let tasks = [try task("a", catchUp: .none)]
        let missed = look(tasks, last: ["2026-11-20T10:00Z"], absentUntil: Self.now)
        #expect(missed.due.isEmpty && missed.passed.map(\.through) == [Times.at("2026-11-21T10:00Z")])
        let late = look(tasks, last: ["2026-11-20T10:00Z"], absentUntil: Times.at("2026-11-21T09:59Z"))
        #expect(late.due.map(\.slot) == [Times.at("2026-11-21T10:00Z")])
    }

    @Test func allOfManyMissedSlotsOneByOne() throws {
        let tasks = [try task("a", catchUp: .all)]
        var last = "2026-11-21T06:00Z"
        var done: [String] = []
        while let due = look(tasks, last: [last]).due.first {
            last = Times.text(due.slot)
            done.append(last)
        }
        #expect(done == ["2026-11-21T07:00Z", "2026-11-21T08:00Z", "2026-11-21T09:00Z", "2026-11-21T10:00Z"])
    }

    @Test func allOfAYearOfMinutesHasALimit() throws {
        let tasks = [try task("a", Self.minutely, catchUp: .all)]
        let due = try #require(look(tasks, last: ["2025-11-21T10:00Z"]).due.first)
        #expect(due.slot == Self.now - Int64(Agenda.longestCatchUp - 1) * 60_000_000)
        #expect(tasks[0].schedule.count(after: due.passedFrom, before: due.slot) == (10_000, true))
    }

    @Test func jitterDelaysWhatIsDue() throws {
        let schedule = try Schedule(.every(Self.hour), jitter: Self.hour)
        let task = Agenda.Task(name: "a", asset: "a", schedule: schedule)
        let slot = Times.at("2026-11-21T10:00Z")
        let due = schedule.due(slot, for: "a")
        let early = look([task], last: ["2026-11-21T09:00Z"], now: due - 1)
        #expect(early.due.isEmpty && early.next == due)
        #expect(look([task], last: ["2026-11-21T09:00Z"], now: due).due.map(\.slot) == [slot])
        // Of several missed ones, the latest whose jitter is over.
        #expect(look([task], last: ["2026-11-21T05:00Z"], now: due - 1).due.map(\.slot) == [slot - Self.hour])
    }

    @Test func aClockThatIsSetBackRepeatsNothing() throws {
        let minutes = look([try task("a")], last: ["2026-11-21T12:00Z"])
        #expect(minutes.due.isEmpty && minutes.next == Times.at("2026-11-21T13:00Z"))
        let years = look([try task("a")], last: ["2031-01-01T00:00Z"])
        #expect(minutes.setBack.isEmpty && years.setBack == [0])
        #expect(years.due.isEmpty && years.next == Times.at("2026-11-21T11:00Z"))
    }

    /// What is due in intervals is not without a run for longer than one of them.
    @Test func intervalsDoNotWaitForAClockThatIsSetBack() throws {
        let task = try Agenda.Task(name: "a", asset: "a", schedule: Schedule(.every(Self.hour)))
        let near = look([task], last: ["2026-11-21T11:00Z"])
        #expect(near.setBack.isEmpty && near.due.isEmpty && near.next == Times.at("2026-11-21T12:00Z"))
        let far = look([task], last: ["2026-11-21T15:00Z"])
        #expect(far.setBack == [0] && far.due.isEmpty && far.next == Times.at("2026-11-21T11:00Z"))
    }

    @Test func upstreamComesFirst() throws {
        let tasks = [try task("gold"), try task("bronze"), try task("silver"), try task("other")]
        let edges = [("bronze", "silver"), ("silver", "between"), ("between", "gold")]
        let old = [String](repeating: "2026-11-21T09:00Z", count: 4)
        let names = look(tasks, edges, last: old).due.map { (tasks[$0.task].name, $0.isHeld) }
        #expect(names.map(\.0) == ["bronze", "other", "silver", "gold"])
        #expect(names.map(\.1) == [false, false, true, true])
        let second = look(
            tasks, edges, last: ["2026-11-21T09:00Z", "2026-11-21T09:00Z", "2026-11-21T09:00Z", "2026-11-21T10:00Z"],
            busy: [1])
        #expect(second.due.map(\.isHeld) == [true, true])
        let third = look(
            tasks, edges, last: ["2026-11-21T09:00Z", "2026-11-21T10:00Z", "2026-11-21T10:00Z", "2026-11-21T10:00Z"])
        #expect(third.due.map(\.isHeld) == [false])
    }

    @Test func aBusyUpstreamDoesNotStarveWhatFollows() throws {
        // Upstream is due again each minute, but was done for the hour's slot.
        let tasks = [try task("down"), try task("up", Self.minutely)]
        let look = look(tasks, [("up", "down")], last: ["2026-11-21T09:00Z", "2026-11-21T10:01Z"], busy: [1])
        #expect(look.due.map(\.task) == [0] && look.due.map(\.isHeld) == [false])
    }

    @Test func circlesHoldNobody() throws {
        let tasks = [try task("a"), try task("b"), try task("c")]
        let look = look(
            tasks, [("a", "b"), ("b", "a"), ("b", "c"), ("c", "c")],
            last: [String](repeating: "2026-11-21T09:00Z", count: 3))
        #expect(look.due.map { tasks[$0.task].name } == ["a", "b", "c"])
        #expect(look.due.map(\.isHeld) == [false, false, true])
    }

    @Test func longChainsAreOrdered() throws {
        let count = 5_000
        let edges = (1..<count).map { AssetEdge(upstream: "a\($0 - 1)", downstream: "a\($0)") }
        let agenda = Agenda(
            tasks: [try task("last", asset: "a\(count - 1)"), try task("first", asset: "a0")], edges: edges.reversed())
        let look = agenda.look(
            at: Self.now, standings: [Agenda.Standing(lastSlot: 0), Agenda.Standing(lastSlot: 0)], absentUntil: .min)
        #expect(look.due.map(\.task) == [1, 0] && look.due.map(\.isHeld) == [false, true])
    }

    /// A year of hours with the clock as it likes: each slot at most once, and none that was there in time is missed.
    @Test(arguments: CatchUp.allCases) func aYearOfHours(_ catchUp: CatchUp) throws {
        let agenda = Agenda(tasks: [try task("a", catchUp: catchUp)], edges: [])
        var now = Times.at("2026-01-01T00:00:30Z")
        var last = now
        var done: [Int64] = []
        var numbers = SeededGenerator(seed: 3)
        while now < Times.at("2027-01-01") {
            let isGap = Int.random(in: 0..<50, using: &numbers) == 0
            now += isGap ? Int64.random(in: 1...20, using: &numbers) * Self.hour : 600_000_000
            while true {
                let look = agenda.look(
                    at: now, standings: [Agenda.Standing(lastSlot: last)], absentUntil: isGap ? now : .min)
                if let through = look.passed.first?.through { last = through }
                guard let due = look.due.first else { break }
                done.append(due.slot)
                last = due.slot
            }
        }
        #expect(Set(done).count == done.count && done == done.sorted())
        let all = try task("a").schedule.slots(after: Times.at("2026-01-01T00:00:30Z"), through: now, limit: 10_000)
        #expect(catchUp == .all ? done == all : done.count < all.count && done.count > 1_000)
    }
}
