import Expectations
import Foundation
import Ledger
import Reports
import Service
import Suites
import Synchronization
import Tables
import TestSupport
import Testing

@Suite struct HousekeepingTests {
    private let scratch: Scratch
    private let ledger: Ledger
    private static let day: Int64 = 86_400_000_000
    private static let start: Int64 = 1_793_534_400_000_000

    init() throws {
        scratch = try Scratch()
        ledger = try Ledger(path: scratch.path("assay.db"))
    }

    private func record(_ id: String, at time: Int64) throws {
        try ledger.record(
            RunResult(
                id: id, suite: "s", asset: "a", startedAt: time, durationSeconds: 1, engineVersion: "0",
                suiteFingerprint: "s", dataFingerprint: "d", schema: Schema([]), files: [], rowCount: 0, byteCount: 0,
                results: [], metrics: [], failure: nil, personalColumns: []))
    }

    /// A clock that sleeping puts on, and that ends the sleeper's work after some sleeps.
    private final class Clock: Sendable {
        let time: Mutex<Int64>
        let slept = Mutex<[Duration]>([])
        let limit: Int

        init(_ time: Int64, sleeps: Int) {
            self.time = Mutex(time)
            limit = sleeps
        }

        func sleep(_ duration: Duration) throws {
            let count = slept.withLock { slept in
                slept.append(duration)
                return slept.count
            }
            time.withLock { $0 += duration.components.seconds * 1_000_000 }
            if count >= limit { throw CancellationError() }
        }
    }

    private func events(_ clock: Clock, results: Int64?, ledger: Ledger? = nil) async -> [Housekeeping.Event] {
        let heard = Heard()
        let retention = ServiceDefinition.Retention(results: results, samples: nil, reports: nil)
        let keeping = Housekeeping(
            ledger: ledger ?? self.ledger, pass: PruningPass(retention: retention, reports: scratch.path("reports")),
            now: { clock.time.withLock { $0 } }, sleep: { try clock.sleep($0) }, tell: { heard.add($0) })
        await keeping.run()
        return heard.all
    }

    private final class Heard: Sendable {
        private let events = Mutex<[Housekeeping.Event]>([])
        var all: [Housekeeping.Event] { events.withLock { $0 } }
        func add(_ event: Housekeeping.Event) { events.withLock { $0.append(event) } }
    }

    @Test func anHourAfterHourWhatBecameTooOldGoes() async throws {
        for hour in 0..<5 { try record("r\(hour)", at: Self.start + Int64(hour) * 3_600_000_000) }
        let clock = Clock(Self.start + Self.day, sleeps: 3)
        let events = await events(clock, results: Self.day)
        // At the day's end nothing is older than a day, an hour later the first run is.
        #expect(clock.slept.withLock { $0 } == Array(repeating: Housekeeping.period, count: 3))
        #expect(events.count == 2)
        #expect(try ledger.runs(limit: 9).map(\.id) == ["r4", "r3", "r2"])
    }

    @Test func withoutAgesNothingGoes() async throws {
        for index in 0..<3 { try record("r\(index)", at: Int64(index)) }
        #expect(await events(Clock(Self.start, sleeps: 2), results: nil).isEmpty)
        #expect(try ledger.runs(limit: 9).count == 3)
    }

    @Test func aFailureIsToldAndTriedAgain() async throws {
        for index in 0..<3 { try record("r\(index)", at: Int64(index)) }
        let sealed = try Ledger(readingFrom: scratch.path("assay.db"))
        let events = await events(Clock(Self.start, sleeps: 2), results: Self.day, ledger: sealed)
        let text = "\(scratch.path("assay.db")): the results store can't be written [read-only]"
        #expect(events == [.failed(text), .failed(text)])
    }
}
