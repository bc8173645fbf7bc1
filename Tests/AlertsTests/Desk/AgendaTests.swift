import Ledger
import Testing

@testable import Alerts

/// What a tick reads of incidents that are open.
@Suite struct AgendaTests {
    private static let hour = AlertBench.hour
    private static let second: Int64 = 1_000_000
    private static let count = 1_000

    private let bench: AlertBench
    /// When all of them broke.
    private let start: Int64

    init() throws {
        bench = AlertBench(
            routes: [AlertBench.route("team", remindEvery: 24)],
            maintenance: { asset, time in
                asset == "asset 1" && (2_001 * Self.hour..<2_002 * Self.hour).contains(time) ? "moving" : nil
            })
        bench.clock = 1_999
        for number in 0..<Self.count {
            try bench.run("a!", of: "asset \(number)")
            bench.clock -= 1
        }
        start = 2_000 * Self.hour
    }

    /// How many subjects a tick reads with all that is remembered of them.
    private func readings(_ time: Int64) throws -> Int {
        let before = bench.store.readings
        try bench.tick(at: time)
        return bench.store.readings - before
    }

    @Test func looksAtAllOnceAndThenEachHour() throws {
        #expect(try readings(start + 1) == Self.count)
        #expect(try readings(start + 15 * Self.second) == 0)
        #expect(try readings(start + Self.hour) == 0)
        #expect(try readings(start + Self.hour + 1) == Self.count)
    }

    @Test func looksAtWhatWasWrittenTo() throws {
        try bench.tick(at: start)
        let subject = AlertSubject(asset: "asset 7", suite: "suite")
        _ = try bench.desk.acknowledge(
            .incident(bench.incident(of: subject.asset)), by: "anna", until: start + 60 * Self.second, note: nil,
            at: start + Self.second, store: bench.store)
        #expect(try readings(start + 15 * Self.second) == 1)
        #expect(try readings(start + 30 * Self.second) == 0)
        #expect(bench.alert("a", of: subject.asset)?.acknowledgement != nil)
        // What somebody said ends; that is written, so that it is looked at once more.
        #expect(try readings(start + 60 * Self.second) == 1)
        #expect(bench.alert("a", of: subject.asset)?.acknowledgement == nil)
        #expect(try readings(start + 75 * Self.second) == 1)
        #expect(try readings(start + 90 * Self.second) == 0)
    }

    @Test func remindsWhenItIsTime() throws {
        for hours in stride(from: 0, through: 23, by: 1) { try bench.tick(at: start + Int64(hours) * Self.hour + 1) }
        #expect(try readings(start + 24 * Self.hour - 1) == 0)
        let told = try bench.tick(at: start + 24 * Self.hour)
        #expect(told.count == Self.count && told.allSatisfy { $0 == "team reminder 2: a still" })
        #expect(try bench.tick(at: start + 24 * Self.hour + 15 * Self.second).isEmpty)
        #expect(try readings(start + 24 * Self.hour + 30 * Self.second) == 0)
    }

    @Test func looksEachMinuteAtWhatDependsOnOthers() throws {
        try bench.tick(at: start + Self.hour + Self.second)
        #expect(try readings(start + Self.hour + 59 * Self.second) == 0)
        #expect(try readings(start + Self.hour + 60 * Self.second) == 1)
        #expect(try readings(start + Self.hour + 75 * Self.second) == 0)
    }

    @Test func aClockThatIsSetBackHoldsUpNothing() throws {
        try bench.tick(at: start + Self.second)
        #expect(try readings(start) == Self.count)
    }
}
