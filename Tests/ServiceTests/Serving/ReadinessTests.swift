import Foundation
import Ledger
import TestSupport
import Testing

@testable import Service

@Suite struct ReadinessTests {
    private let scratch: Scratch
    private let ledger: Ledger
    private let metrics = ServiceMetrics(startedAt: 0)
    private let readiness: Readiness

    init() throws {
        scratch = try Scratch()
        ledger = try Ledger(path: scratch.path("assay.db"))
        readiness = Readiness(ledger: ledger, metrics: metrics)
    }

    @Test func nothingIsInTheWay() {
        #expect(readiness.obstacles().isEmpty)
    }

    @Test func aSchedulerThatNoLongerLooksIsInTheWay() {
        let now = ContinuousClock.now
        #expect(readiness.obstacles(at: now + .seconds(60)).isEmpty)
        let later = now + .seconds(150)
        #expect(readiness.obstacles(at: later) == ["nobody has looked for what is due in 120 s"])
        metrics.schedulerLooked(at: later)
        #expect(readiness.obstacles(at: later + .seconds(60)).isEmpty)
    }

    @Test func aStoreThatIsGoneIsInTheWayASecondLaterAtTheLatest() throws {
        let now = ContinuousClock.now
        #expect(readiness.obstacles(at: now).isEmpty)
        try FileManager.default.removeItem(atPath: scratch.path("assay.db"))
        #expect(readiness.obstacles(at: now + .milliseconds(999)).isEmpty)
        let summary = try #require(ledger.obstacle()?.summary)
        #expect(readiness.obstacles(at: now + .seconds(1)) == [summary])
    }
}
