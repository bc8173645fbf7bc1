import Expectations
import Ledger
import Tables
import TestSupport
import Testing

/// What pages and monitoring ask of the ledger.
@Suite struct ServiceQueryTests {
    private let scratch: Scratch
    private let ledger: Ledger
    private let validation = Validation(suite: "orders", asset: "silver.orders")

    init() throws {
        scratch = try Scratch()
        ledger = try Ledger(path: scratch.path("assay.db"))
    }

    private func record(_ id: String, at time: Int64, fails: Bool = false, suite: String = "orders") throws {
        let result = fails ? Samples.failing(email: "x") : Samples.result("e2")
        try ledger.record(
            Samples.run(
                id, suite: suite, at: time, results: [Samples.result("e1"), result],
                metrics: [
                    MetricReading(name: "mean", column: "amount", value: Double(time)),
                    MetricReading(name: "row_count", column: nil, value: 4),
                ]), report: "\(id).html")
    }

    @Test func filtersRunsAndGoesOnWhereAPageEnded() throws {
        for time in 0..<6 { try record("r\(time)", at: Int64(time), fails: time % 2 == 1) }
        try record("other", at: 3, suite: "others")
        func ids(_ filter: RunFilter, before: Int64? = nil, limit: Int = 10) throws -> [String] {
            try ledger.runs(matching: filter, before: before, limit: limit).map(\.id)
        }
        #expect(try ids(RunFilter(suite: "orders")) == ["r5", "r4", "r3", "r2", "r1", "r0"])
        #expect(try ids(RunFilter(outcome: "failed")) == ["r5", "r3", "r1"])
        #expect(try ids(RunFilter(suite: "orders", since: 2, until: 4)) == ["r3", "r2"])
        #expect(try ids(RunFilter(asset: "nothing")) == [])
        let first = try ledger.runs(matching: RunFilter(), limit: 3)
        // What is recorded meanwhile moves no page.
        try record("late", at: 9)
        #expect(try ids(RunFilter(), before: first.last?.number, limit: 2) == ["r3", "r2"])
        #expect(try ledger.run(report: "r2.html")?.id == "r2")
        #expect(try ledger.run(report: "r9.html") == nil)
    }

    @Test func knowsSinceWhenAValidationFails() throws {
        #expect(try ledger.standing(of: validation, recent: 5, now: 9) == nil)
        for (time, fails) in [true, false, true, true].enumerated() {
            try record("r\(time)", at: Int64(time), fails: fails)
        }
        let failing = try #require(try ledger.standing(of: validation, recent: 2, now: 9))
        #expect(failing.recent.map(\.id) == ["r3", "r2"])
        #expect(failing.failingSince?.id == "r2" && failing.lastSuccess?.id == "r1")
        try record("r4", at: 4)
        let well = try #require(try ledger.standings(recent: 1, now: 9).first)
        #expect(well.failingSince == nil && well.lastSuccess?.id == "r4")
        #expect(try ledger.standings(ofAsset: "nothing", recent: 1, now: 9).isEmpty)
    }

    @Test func aSuiteThatNeverSucceededFailsSinceItsFirstRun() throws {
        for time in 0..<3 { try record("r\(time)", at: Int64(time), fails: true) }
        let standing = try #require(try ledger.standing(of: validation, recent: 1, now: 9))
        #expect(standing.failingSince?.id == "r0" && standing.lastSuccess == nil)
    }

    /// A clock was ahead for one run, and right before and after it.
    @Test func whatIsDatedAheadOfTheClockIsNotTheLatest() throws {
        let minute: Int64 = 60_000_000
        try record("early", at: 0)
        try record("ahead", at: 900 * minute)
        try record("late", at: minute, fails: true)
        let standing = try #require(try ledger.standing(of: validation, recent: 9, now: minute))
        #expect(standing.recent.map(\.id) == ["late", "early"] && standing.ahead?.id == "ahead")
        #expect(standing.failingSince?.id == "late" && standing.lastSuccess?.id == "early")
        #expect(try ledger.latestRuns(limit: 9, now: minute).map(\.id) == ["late", "early"])
        // A minute is nothing between two machines.
        #expect(try ledger.standing(of: validation, recent: 1, now: 899 * minute + 1)?.recent.map(\.id) == ["ahead"])
        // Where there is nothing else, that counts.
        let others = try #require(try ledger.standings(recent: 1, now: -2 * minute).first)
        #expect(others.recent.map(\.id) == ["ahead"] && others.ahead == nil)
        #expect(try ledger.latestRuns(limit: 1, now: -2 * minute).map(\.id) == ["ahead"])
        #expect(try ledger.failingSince(in: validation, through: minute)["e2"]?.id == "late")
        #expect(try ledger.failingSince(in: validation).isEmpty)
    }

    @Test func tellsWhatEachExpectationCameTo() throws {
        for (time, fails) in [false, true, true].enumerated() { try record("r\(time)", at: Int64(time), fails: fails) }
        let runs = try ledger.runs(matching: RunFilter(), limit: 10)
        let histories = try ledger.verdictHistories(runs: runs)
        #expect(histories.map(\.latest.fingerprint) == ["e1", "e2"])
        #expect(histories[0].marks.map { $0?.success } == [true, true, true] && histories[0].failingSince == nil)
        #expect(histories[1].marks.map { $0?.outcome } == [.failed, .failed, .passed])
        #expect(histories[1].failingSince?.id == "r1")
        // Of an older run it is told as it was then.
        #expect(try ledger.failingSince(inRun: runs[1].number)["e2"]?.id == "r1")
        #expect(try ledger.failingSince(inRun: runs[2].number).isEmpty)
        #expect(try ledger.verdictHistories(runs: []).isEmpty)
        // Of many the worst are told.
        let worst = try ledger.verdictHistories(runs: runs, limit: 1)
        #expect(worst.map(\.latest.fingerprint) == ["e2"] && worst.first == histories[1])
        #expect(try ledger.results(ofRun: runs[2].id, limit: 1).map(\.fingerprint) == ["e1"])
    }

    @Test func tellsNumbersOverTime() throws {
        for time in 0..<4 { try record("r\(time)", at: Int64(time)) }
        let all = try ledger.metricSeries(ofAsset: "silver.orders", seriesLimit: 10, limit: 2)
        #expect(all.map(\.name) == ["row_count", "mean"] && all.map(\.column) == [nil, "amount"])
        #expect(all[1].points.map(\.value) == [3, 2])
        let some = try ledger.metricSeries(
            ofAsset: "silver.orders", matching: MetricFilter(name: "mean", since: 3), seriesLimit: 10, limit: 10)
        #expect(some.map(\.points.count) == [1])
        #expect(try ledger.metricSeries(ofAsset: "silver.orders", seriesLimit: 1, limit: 1).count == 1)
        #expect(all.map { $0.points.map(\.run.id) } == [["r3", "r2"], ["r3", "r2"]])
        #expect(all[0].points.map(\.run.startedAt) == [3, 2])
    }

    /// One word for a run wherever it is told: what failed comes before what could not be decided.
    @Test func aRunWithFailuresIsFailedWhateverElseWasNotDecided() throws {
        let undecided = Samples.result("e1", outcome: .errored(reason: "no such column"))
        try ledger.record(Samples.run("both", at: 1, results: [undecided, Samples.failing(email: "x")]))
        try ledger.record(Samples.run("undecided", at: 2, results: [undecided, Samples.result("e2")]))
        try ledger.record(
            Samples.run("unread", at: 3, results: [], failure: RunFailure(code: "c", message: "m", hint: nil)))
        func ids(_ outcome: String) throws -> [String] {
            try ledger.runs(matching: RunFilter(outcome: outcome), limit: 9).map(\.id)
        }
        #expect(try ids("failed") == ["both"] && ids("errored") == ["unread", "undecided"])
        #expect(try ledger.runTotals().map(\.outcomeName) == ["errored", "failed"])
        #expect(try ledger.runTotals().map(\.runCount) == [2, 1])
    }

    @Test func totalsGrowWithEachRun() throws {
        for time in 0..<3 { try record("r\(time)", at: Int64(time), fails: time == 2) }
        let totals = try ledger.runTotals()
        #expect(totals.map(\.outcomeName) == ["failed", "passed"] && totals.map(\.runCount) == [1, 2])
        #expect(totals.map(\.passed) == [1, 4] && totals.map(\.failed) == [1, 0] && totals.map(\.rowCount) == [4, 8])
        #expect(totals.map(\.seconds) == [0.25, 0.5])
    }

    @Test func theWatchSeesWhateverIsWritten() throws {
        let watch = try LedgerWatch(ledger)
        let first = try watch.version()
        #expect(try watch.version() == first)
        try record("r0", at: 0)
        let second = try watch.version()
        #expect(second != first)
        let other = try Ledger(path: ledger.path)
        try other.record(Samples.run("r1", at: 1))
        #expect(try watch.version() != second)
    }
}
