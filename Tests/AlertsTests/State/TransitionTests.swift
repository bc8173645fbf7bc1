import Expectations
import Ledger
import Suites
import Testing

@testable import Alerts

/// What becomes of alerts, case by case: runs that come hourly, and what a route hears after each.
@Suite struct TransitionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        var failures = 1
        var window = 1
        var successes = 1
        /// A run and what is said after it; `nil` for nothing.
        let steps: [(String, String?)]

        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "success says nothing", steps: [("a", nil), ("a", nil)]),
        Case(
            name: "one failure fires, one success is the end",
            steps: [("a!", "team firing 1: a new"), ("a!", nil), ("a", "team resolved 2: a recovered"), ("a", nil)]),
        Case(
            name: "nothing checked is no news",
            steps: [
                ("a?", nil), ("a!", "team firing 1: a new"), ("a?", nil), ("a?", nil),
                ("a", "team resolved 2: a recovered"),
            ]),
        Case(
            name: "two of three", failures: 2, window: 3,
            steps: [("a!", nil), ("a", nil), ("a!", "team firing 1: a new"), ("a", "team resolved 2: a recovered")]),
        Case(
            name: "two of three, too far apart", failures: 2, window: 3,
            steps: [("a!", nil), ("a", nil), ("a", nil), ("a!", nil), ("a", nil)]),
        Case(
            name: "nothing checked doesn't stretch the window's end", failures: 2, window: 3,
            steps: [("a!", nil), ("a?", nil), ("a?", nil), ("a?", nil), ("a!", "team firing 1: a new")]),
        Case(
            name: "after it is over the window begins anew", failures: 2, window: 3,
            steps: [
                ("a!", nil), ("a!", "team firing 1: a new"), ("a", "team resolved 2: a recovered"), ("a!", nil),
                ("a!", "team firing 1: a new"),
            ]),
        Case(
            name: "two successes in a row", successes: 2,
            steps: [
                ("a!", "team firing 1: a new"), ("a", nil), ("a!", nil), ("a", nil), ("a?", nil),
                ("a", "team resolved 2: a recovered"),
            ]),
        Case(
            name: "what breaks together is one message",
            steps: [
                ("a! b! c", "team firing 1: a new, b new"), ("a! b! c!", "team firing 2: c new, a still, b still"),
                ("a b! c!", "team improved 3: b still, c still, a recovered"),
                ("a b c", "team resolved 4: b recovered, c recovered"),
            ]),
        Case(
            name: "worse ones first",
            steps: [
                ("a!i b!w c!", "team firing 1: c new, b new, a new"),
                ("a b c", "team resolved 2: c recovered, b recovered, a recovered"),
            ]),
        Case(
            name: "one breaks while another mends",
            steps: [("a! b", "team firing 1: a new"), ("a b!", "team firing 2: b new, a recovered")]),
        Case(
            name: "an expectation leaves the suite",
            steps: [
                ("a! b!", "team firing 1: a new, b new"), ("b!", "team improved 2: b still, a removed"),
                ("b", "team resolved 3: b recovered"),
            ]),
        Case(
            name: "it comes back",
            steps: [
                ("a! b", "team firing 1: a new"), ("b", "team resolved 2: a removed"), ("a! b", "team firing 1: a new"),
            ]),
        Case(
            name: "data that can't be read is one alert, and says nothing of the others",
            steps: [
                ("run a!", "team firing 1: a new"), ("run!", "team firing 2: run new, a still"), ("run!", nil),
                ("run a!", "team improved 3: a still, run recovered"), ("run a", "team resolved 4: a recovered"),
            ]),
        Case(
            name: "it gets worse",
            steps: [
                ("a!w", "team firing 1: a new"), ("a!", "team firing 2: a still"), ("a!w", nil), ("a!", nil),
                ("a", "team resolved 3: a recovered"),
            ]),
        Case(
            name: "back and forth is told once, then that it is quiet",
            steps: [
                ("a!", "team firing 1: a new"), ("a", "team resolved 2: a recovered"), ("a!", "team firing 1: a new"),
                ("a", "team resolved 2: a recovered"), ("a!", "team flapping 1: a flapping"), ("a", nil), ("a!", nil),
                ("a", nil),
            ] + Array(repeating: ("a", nil), count: 11) + [("a", "team resolved 2: a recovered"), ("a", nil)]),
    ]

    @Test(arguments: cases) func becomes(_ story: Case) throws {
        let bench = AlertBench(
            policy: AlertPolicy(
                failures: story.failures, window: story.window, successes: story.successes, routes: ["team"]))
        for (number, (signs, wanted)) in story.steps.enumerated() {
            let said = try bench.run(signs)
            #expect(said == (wanted.map { [$0] } ?? []), "step \(number + 1): \(signs)")
        }
    }

    @Test func aHundredInARowAreCounted() throws {
        let bench = AlertBench(policy: AlertPolicy(failures: 100, window: 100, routes: ["team"]))
        for _ in 0..<99 { #expect(try bench.run("a!") == []) }
        #expect(try bench.run("a!") == ["team firing 1: a new"])
    }

    @Test func whatIsInOrderIsForgotten() throws {
        let bench = AlertBench()
        try bench.run("a! b")
        #expect(bench.alert("b") == nil)
        try bench.run("a b")
        #expect(bench.alert("a")?.phase == .ok)
        bench.clock += 24
        for _ in 0..<8 { try bench.run("a b") }
        #expect(bench.alert("a") == nil)
        #expect(bench.store.unsettledAlertSubjects().isEmpty)
    }

    @Test func quietWhileFailingIsTold() throws {
        let bench = AlertBench()
        for signs in ["a!", "a", "a!", "a"] { try bench.run(signs) }
        #expect(try bench.run("a!") == ["team flapping 1: a flapping"])
        for _ in 0..<11 { #expect(try bench.run("a!") == []) }
        #expect(try bench.run("a!") == ["team firing 2: a still"])
        #expect(try bench.run("a") == ["team resolved 3: a recovered"])
    }

    /// Runs that come once a week would need a month for what hourly ones show in half a day.
    @Test(arguments: [("a!", "team firing 2: a still"), ("a", "team resolved 2: a recovered")])
    func rareRunsAreQuietSooner(_ signs: String, _ told: String) throws {
        let bench = AlertBench()
        func week(_ signs: String) throws -> [String] {
            bench.clock += 167
            return try bench.run(signs)
        }
        for signs in ["a!", "a", "a!", "a"] { _ = try week(signs) }
        #expect(try week("a!") == ["team flapping 1: a flapping"])
        // A last change to or fro, and two runs more without one.
        if signs == "a" { #expect(try week("a") == []) }
        #expect(try week(signs) == [])
        #expect(try bench.wait(24) == [])
        #expect(try week(signs) == [told])
    }

    /// A check that goes back and forth and passes just now doesn't "still fail" beside one that has recovered.
    @Test func whatGoesBackAndForthDoesNotStillFail() throws {
        let bench = AlertBench()
        for signs in ["a! b", "a b", "a! b", "a b", "a! b"] { try bench.run(signs) }
        #expect(try bench.run("a b!") == ["team firing 2: b new, a flapping"])
        #expect(try bench.run("a b") == ["team improved 3: a flapping, b recovered"])
        let message = try #require(bench.store.entries.last.flatMap { JSONText.message($0.message) })
        #expect(message.counts == .init(flapping: 1, recovered: 1))
        #expect(AlertWording.headline(message) == "orders: 1 check recovered, 1 goes back and forth (critical)")
    }

    /// Whoever reads a message holds its numbers against those of the message before, not of a run of which nothing was heard.
    @Test func numbersAreHeldAgainstWhatWasToldLast() throws {
        let bench = AlertBench(routes: [
            AlertBench.route("team", remindEvery: 2), AlertBench.route("late", atOrAbove: .critical),
        ])
        func run(_ unexpected: Int, _ severity: Severity = .warning) throws -> [String] {
            bench.clock += 1
            let signal = AlertBench.signal(
                "a", unexpected > 0 ? .failing : .succeeding, severity, unexpected: unexpected)
            return try bench.desk.take(
                [signal], of: AlertSubject(asset: "orders", suite: "suite"),
                occasion: AlertOccasion(
                    id: "run-\(bench.clock)", startedAt: bench.clock * AlertBench.hour, isComplete: true),
                policy: bench.policy, at: bench.clock * AlertBench.hour, store: bench.store
            ).map { message in
                let item = try #require(message.items.first)
                return "\(message.route) \(message.reason.rawValue): \(AlertWording.change(item) ?? "-")"
            }
        }
        #expect(try run(12) == ["team firing: -"])
        #expect(try run(20) == [])
        #expect(try run(30) == ["team reminder: 12 of 100 → 30 of 100 unexpected"])
        #expect(try run(30) == [])
        #expect(try run(30) == ["team reminder: -"])
        #expect(try run(40, .critical) == ["team firing: 30 of 100 → 40 of 100 unexpected", "late firing: -"])
        #expect(
            try run(0) == [
                "team resolved: 40 of 100 → 0 of 100 unexpected", "late resolved: 40 of 100 → 0 of 100 unexpected",
            ])
    }

    @Test func aMessageHasRoomForTwenty() throws {
        let bench = AlertBench()
        let keys = "abcdefghijklmnopqrstuvwxyz".map { "\($0)!" }.joined(separator: " ")
        var message: AlertMessage?
        try bench.run(keys)
        message = bench.store.entries.last.flatMap { JSONText.message($0.message) }
        #expect(message?.items.count == 20)
        #expect(message?.omitted == 6)
        #expect(message?.counts.new == 26)
        #expect(message.map { AlertWording.headline($0) } == "orders: 26 checks began to fail (critical)")
    }
}
