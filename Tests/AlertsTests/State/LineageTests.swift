import Expectations
import Ledger
import Suites
import Testing

@testable import Alerts

/// What follows from something upstream is not told by itself.
@Suite struct LineageTests {
    static let lineage = Lineage(["silver": ["bronze"], "gold": ["silver", "rates"]])

    @Test func ancestorsComeNearestFirst() {
        #expect(Self.lineage.ancestors(of: "gold") == ["silver", "rates", "bronze"])
        #expect(Self.lineage.ancestors(of: "bronze") == [])
        let circle = Lineage(["a": ["b"], "b": ["c", "b"], "c": ["a"]])
        #expect(circle.ancestors(of: "a") == ["b", "c"])
        #expect(["bronze", "silver", "gold"].map { Self.lineage.hasFollowers($0) } == [true, true, false])
    }

    @Test func aCauseMutesWhatFollows() throws {
        let bench = AlertBench(routes: [AlertBench.route("team", remindEvery: 10)], lineage: Self.lineage)
        #expect(try bench.run("a!", of: "bronze") == ["team firing 1: a new"])
        #expect(try bench.run("b!", of: "silver") == [])
        #expect(try bench.run("c!", of: "gold") == [])
        #expect(bench.alert("c", of: "gold")?.mutedBy == bench.incident(of: "bronze"))
        try bench.wait(10)
        let reminder = bench.store.entries.last.flatMap { JSONText.message($0.message) }
        #expect(reminder?.reason == .reminder)
        #expect(reminder?.mutes == ["gold", "silver"])
        #expect(try bench.run("a", of: "bronze") == ["team resolved 3: a recovered"])
        // Silver still fails at its next run, gold has recovered.
        #expect(try bench.wait(1) == [])
        #expect(try bench.run("b!", of: "silver") == ["team firing 1: b new"])
        #expect(try bench.run("c", of: "gold") == [])
    }

    @Test func whatFollowsIsNamedOnce() throws {
        let bench = AlertBench(lineage: Self.lineage)
        func latest() throws -> AlertMessage {
            try #require(bench.store.entries.last.flatMap { JSONText.message($0.message) })
        }
        try bench.run("a!", of: "bronze")
        #expect(try latest().mutes.isEmpty)
        let minute: Int64 = 60_000_000
        let told = bench.clock * AlertBench.hour
        try bench.run("b!", of: "silver")
        #expect(try bench.tick(at: told + 9 * minute) == [])
        #expect(try bench.tick(at: told + 10 * minute) == ["team consequences 2: a still"])
        #expect(try latest().mutes == ["silver"])
        try bench.run("c!", of: "gold")
        #expect(try bench.wait(2) == [])
        #expect(try bench.run("a", of: "bronze") == ["team resolved 3: a recovered"])
        #expect(try latest().mutes == ["gold", "silver"])
    }

    @Test func whatFollowsIsNotNamedToWhoIsOnIt() throws {
        let bench = AlertBench(lineage: Self.lineage)
        try bench.run("a!", of: "bronze")
        _ = try bench.desk.acknowledge(
            .incident(bench.incident(of: "bronze")), by: "anna", until: nil, note: nil,
            at: bench.clock * AlertBench.hour, store: bench.store)
        try bench.run("b!", of: "silver")
        #expect(try bench.wait(2) == [])
    }

    /// As in one run of a command whose clock stands still.
    @Test func whatFailsAtTheInstantAtWhichTheCauseIsOverIsTold() throws {
        let bench = AlertBench(lineage: Self.lineage)
        try bench.run("a!", of: "bronze")
        try bench.run("b!", of: "silver")
        try bench.run("a", of: "bronze")
        bench.clock -= 1
        #expect(try bench.run("b!", of: "silver") == ["team firing 1: b new"])
    }

    @Test func whatIsNeverJudgedAgainIsToldInTheEnd() throws {
        let bench = AlertBench(lineage: Self.lineage)
        try bench.run("a!", of: "bronze")
        try bench.run("b!", of: "silver")
        try bench.run("a", of: "bronze")
        #expect(try bench.wait(23) == [])
        #expect(try bench.wait(1) == ["team firing 1: b new"])
    }

    @Test func whatWasToldGoesOnBeingTold() throws {
        let bench = AlertBench(lineage: Self.lineage)
        #expect(try bench.run("b!", of: "silver") == ["team firing 1: b new"])
        #expect(try bench.run("a!", of: "bronze") == ["team firing 1: a new"])
        #expect(try bench.run("b", of: "silver") == ["team resolved 2: b recovered"])
    }

    @Test func neverAreBothSilent() throws {
        let bench = AlertBench(
            routes: [AlertBench.route("ops", atOrAbove: .critical), AlertBench.route("all")], lineage: Self.lineage)
        // Ops hear nothing of a warning in bronze, and would hear nothing at all.
        #expect(try bench.run("a!w", of: "bronze") == ["all firing 1: a new"])
        #expect(try bench.run("b!w c!", of: "silver") == ["ops firing 1: c new", "all firing 1: c new"])
        #expect(bench.alert("b", of: "silver")?.mutedBy == bench.incident(of: "bronze"))
        #expect(bench.alert("c", of: "silver")?.mutedBy == nil)
    }

    @Test func aCauseThatSomebodyIsOnMutes() throws {
        let bench = AlertBench(routes: [AlertBench.route("ops")], lineage: Self.lineage)
        bench.policy = AlertPolicy(routes: [])
        try bench.run("a!", of: "bronze")
        bench.policy = AlertPolicy(routes: ["ops"])
        _ = try bench.desk.acknowledge(
            .incident(bench.incident(of: "bronze")), by: "anna", until: nil, note: nil,
            at: bench.clock * AlertBench.hour, store: bench.store)
        #expect(try bench.run("b!", of: "silver") == [])
    }

    /// It goes back and forth, is told so, and is a success again: nobody would be told of either.
    @Test func aCauseThatIsASuccessJustNowMutesNothing() throws {
        let bench = AlertBench(lineage: Self.lineage)
        for signs in ["a!", "a", "a!", "a", "a!", "a"] { try bench.run(signs, of: "bronze") }
        #expect(bench.alert("a", of: "bronze")?.isFlapping == true)
        #expect(try bench.run("b!", of: "silver") == ["team firing 1: b new"])
    }

    @Test func whatGoesBackAndForthMutesWhileItFailsAndNamesWhatFollows() throws {
        let bench = AlertBench(lineage: Self.lineage)
        for signs in ["a!", "a", "a!", "a", "a!"] { try bench.run(signs, of: "bronze") }
        #expect(bench.alert("a", of: "bronze")?.isFlapping == true)
        #expect(try bench.run("b!", of: "silver") == [])
        #expect(try bench.wait(1) == ["team consequences 2: a flapping"])
        // The next run of what follows decides, though the incident upstream is not over.
        try bench.run("a", of: "bronze")
        #expect(try bench.wait(1) == [])
        #expect(bench.alert("b", of: "silver")?.mutedBy == bench.incident(of: "bronze"))
        #expect(try bench.run("b!", of: "silver") == ["team firing 1: b new"])
    }

    @Test func whatFollowsFromWhatIsQuietIsToldInTheEnd() throws {
        let bench = AlertBench(lineage: Self.lineage)
        for signs in ["a!", "a", "a!", "a", "a!"] { try bench.run(signs, of: "bronze") }
        try bench.run("b!", of: "silver")
        try bench.run("a", of: "bronze")
        #expect(try bench.wait(11).isEmpty)
        #expect(try bench.wait(13).contains("team firing 1: b new"))
    }

    @Test func aCauseThatIsSnoozedMutesNothingNew() throws {
        let bench = AlertBench(lineage: Self.lineage)
        try bench.run("a!", of: "bronze")
        try bench.run("b!", of: "silver")
        try bench.snooze(for: 8, of: "bronze")
        #expect(try bench.run("b! d!", of: "silver") == ["team firing 1: d new"])
        #expect(try bench.run("c!", of: "gold") == [])
        #expect(bench.alert("c", of: "gold")?.mutedBy == bench.incident(of: "silver"))
        // What was explained before stays so, and comes out with what it follows from.
        #expect(bench.alert("b", of: "silver")?.mutedBy == bench.incident(of: "bronze"))
        #expect(try bench.wait(1) == ["team consequences 2: d still"])
    }

    @Test func anAlertThatIsSnoozedMutesNothingNew() throws {
        let bench = AlertBench(lineage: Self.lineage)
        try bench.run("a! x!w", of: "bronze")
        _ = try bench.desk.snooze(
            .alert(bench.incident(of: "bronze"), key: "a"), by: "ben", until: (bench.clock + 8) * AlertBench.hour,
            note: nil, at: bench.clock * AlertBench.hour, store: bench.store)
        #expect(try bench.run("b! d!w", of: "silver") == ["team firing 1: b new"])
        #expect(bench.alert("d", of: "silver")?.mutedBy == bench.incident(of: "bronze"))
    }

    @Test func aCauseInMaintenanceMutesNothingNew() throws {
        let bench = AlertBench(
            lineage: Self.lineage,
            maintenance: { asset, time in
                asset == "bronze" && time / AlertBench.hour >= 1_003 ? "migration" : nil
            })
        try bench.run("a!", of: "bronze")
        try bench.run("b!", of: "silver")
        #expect(try bench.run("b! d!", of: "silver") == ["team firing 1: d new"])
        #expect(bench.alert("b", of: "silver")?.mutedBy == bench.incident(of: "bronze"))
    }

    /// All that a route was sent was refused for good.
    @Test func aCauseOfWhichNobodyHeardMutesNothing() throws {
        let bench = AlertBench(
            routes: [AlertBench.route("team"), AlertBench.route("ops")], lineage: Self.lineage)
        try bench.run("a!", of: "bronze")
        #expect(try bench.run("b!", of: "silver") == [])
        #expect(try bench.wait(0) == ["team consequences 2: a still", "ops consequences 2: a still"])
        bench.store.dead = Set(bench.store.entries.filter { $0.route == "team" }.map(\.id))
        #expect(try bench.wait(1) == ["team firing 1: b new"])
        #expect(try bench.run("c!", of: "gold") == [])
    }

    @Test func circlesEnd() throws {
        let bench = AlertBench(lineage: Lineage(["a": ["b"], "b": ["a"]]))
        #expect(try bench.run("x!", of: "a") == ["team firing 1: x new"])
        #expect(try bench.run("y!", of: "b") == [])
        #expect(try bench.run("x", of: "a") == ["team resolved 2: x recovered"])
        #expect(try bench.run("y!", of: "b") == ["team firing 1: y new"])
    }
}
