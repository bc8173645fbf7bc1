import Expectations
import Ledger
import Suites
import Tables
import TestSupport
import Testing

@testable import Alerts

/// Two months of a small lake, leap day and summer time among them: every message that anybody gets, in order.
@Suite struct TwoMonthsTests {
    static let script = """
        asset bronze.events every 1h at 00:00
        asset silver.events every 1h at 00:05
        asset gold.revenue every 1h at 00:15
        asset gold.daily every 24h at 06:00 local

        # A short failure, a longer one with reminders, one that gets worse and one that gets better.
        fails silver.events amount critical 2028-02-15T03:00 2028-02-15T06:00
        fails silver.events country warning 2028-02-16T00:00 2028-02-18T12:00
        fails silver.events country critical 2028-02-18T12:00 2028-02-18T18:00
        fails gold.revenue amount critical 2028-02-19T08:00 2028-02-19T12:00
        fails gold.revenue amount warning 2028-02-19T12:00 2028-02-19T16:00
        fails gold.revenue note info 2028-02-19T09:00 2028-02-20T09:00

        # Bronze breaks and takes the layers above with it; silver stays broken a while longer.
        fails bronze.events row_count critical 2028-02-21T02:00 2028-02-21T07:00
        fails silver.events row_count critical 2028-02-21T02:00 2028-02-21T09:00
        fails gold.revenue row_count critical 2028-02-21T03:00 2028-02-21T07:00

        # An empty asset says nothing, neither that it broke nor that it mended.
        fails silver.events amount critical 2028-02-23T10:00 2028-02-23T15:00
        empty silver.events amount 2028-02-23T12:00 2028-02-23T20:00

        # Data that can't be read, while a check fails.
        fails bronze.events country warning 2028-02-25T00:00 2028-02-25T12:00
        unreadable bronze.events 2028-02-25T03:00 2028-02-25T06:00

        # The leap day: a daily check fails on the 28th and on the 29th, and is right on the 1st.
        fails gold.daily amount critical 2028-02-28T00:00 2028-03-01T00:00

        # Back and forth for a day.
        flips silver.events amount critical 2028-03-02T00:00 2028-03-03T00:00

        # People.
        fails silver.events amount critical 2028-03-05T00:00 2028-03-07T12:00
        fails silver.events country warning 2028-03-06T00:00 2028-03-07T00:00
        acknowledge anna silver.events 2028-03-05T01:30
        fails gold.revenue country warning 2028-03-08T00:00 2028-03-10T00:00
        snooze ben gold.revenue 2028-03-08T03:30 12h
        snooze ben gold.revenue 2028-03-09T03:30 48h
        fails gold.revenue amount critical 2028-03-08T06:00 2028-03-08T20:00

        # The machine's clock is set back by three hours, and right again two days later.
        clock 2028-03-12T00:00 -3h
        clock 2028-03-14T00:00 right
        fails silver.events amount critical 2028-03-11T22:00 2028-03-12T06:00
        fails silver.events country warning 2028-03-13T22:00 2028-03-14T02:00

        # Planned work: what breaks in it is told if it outlasts it.
        maintenance silver.* 2028-03-18T02:00 2028-03-18T08:00
        fails silver.events row_count critical 2028-03-18T03:00 2028-03-18T05:00
        fails silver.events amount critical 2028-03-18T04:00 2028-03-18T10:00
        fails silver.events country warning 2028-03-18T00:00 2028-03-18T05:00

        # The change to summer time, with a check that fails through it.
        fails gold.daily country warning 2028-03-25T00:00 2028-03-28T00:00

        # An expectation is taken out of the suite while it fails; the whole service is down for a day.
        fails bronze.events note info 2028-04-01T00:00 2028-04-03T00:00
        absent bronze.events note 2028-04-02T00:00 2028-04-10T00:00
        fails bronze.events amount critical 2028-04-05T00:00 2028-04-06T12:00
        down bronze.events 2028-04-05T06:00 2028-04-06T06:00
        """

    static let routes = [
        AlertBench.route("data-team", atOrAbove: .warning, remindEvery: 24),
        AlertBench.route("ops", atOrAbove: .critical, remindEvery: 4), AlertBench.route("log"),
    ]

    static func simulation() throws -> Simulation {
        Simulation(
            try Script(script), routes: routes,
            lineage: Lineage(["silver.events": ["bronze.events"], "gold.revenue": ["silver.events"]]),
            policy: { asset in
                asset == "gold.revenue"
                    ? AlertPolicy(failures: 2, window: 3, successes: 2, routes: routes.map(\.name))
                    : AlertPolicy(routes: routes.map(\.name))
            })
    }

    static func moves(_ simulation: Simulation) throws -> [Move] {
        let day = CivilTime.microsecondsPerDay
        let start = try #require(CivilTime.days(year: 2028, month: 2, day: 15))
        let end = try #require(CivilTime.days(year: 2028, month: 4, day: 15))
        return simulation.moves(from: Int64(start) * day, until: Int64(end) * day)
    }

    static func text(_ message: AlertMessage) -> String {
        let head =
            "\(AlertWording.time(message.at))  \(message.route) \(message.incident.prefix(6))/\(message.sequence) "
            + "\(message.reason.rawValue): \(AlertWording.headline(message))"
        return ([head] + AlertWording.lines(message).map { "    \($0)" }).joined(separator: "\n")
    }

    @Test func areToldAsTheyShouldBe() throws {
        let simulation = try Self.simulation()
        let store = MemoryAlertStore()
        var told: [String] = []
        for (number, move) in try Self.moves(simulation).enumerated() {
            told += try simulation.play.carryOut(move, number: number, in: store).map { Self.text($0) }
        }
        try expectGolden(told.joined(separator: "\n") + "\n", "two-months.txt")
        #expect(store.unsettledAlertSubjects().isEmpty)
    }

    @Test func areTheSameFromTheLedger() throws {
        let simulation = try Self.simulation()
        let scratch = try Scratch()
        let ledger = try Ledger(path: scratch.path())
        let moves = try Self.moves(simulation)
        let told = try ledger.transaction { transaction in
            try moves.enumerated().flatMap { number, move in
                try simulation.play.carryOut(move, number: number, in: transaction).map { Self.text($0) }
            }
        }
        try expectGolden(told.joined(separator: "\n") + "\n", "two-months.txt")
    }
}
