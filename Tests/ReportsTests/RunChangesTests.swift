import Expectations
import Ledger
import Reports
import Tables
import TestSupport
import Testing

@Suite struct RunChangesTests {
    @Test func aFirstRunHasNothingToCompareWith() {
        #expect(RunChanges(Samples.run(results: Samples.results), since: .none) == nil)
    }

    @Test func tellsHowEachExpectationStands() throws {
        let changes = try #require(RunChanges(Samples.run(results: Samples.results), since: Samples.history))
        let since = RunReference(id: "run-2", startedAt: Samples.noon - 5 * Samples.hour)
        #expect(
            changes.standings == [
                .recovered, .newlyFailing, .stillFailing(since: since), .newlyFailing, .steady, .steady, .new, .steady,
            ])
        #expect(changes.removedCount == 1 && !changes.isSameData && changes.isSameSuite)
    }

    @Test func aFailureOfUnknownAgeIsAtLeastAsOldAsTheLastRun() throws {
        let history = RunHistory(previous: Samples.history.previous)
        let changes = try #require(RunChanges(Samples.run(results: Samples.results), since: history))
        let last = RunReference(id: "run-6", startedAt: Samples.noon - Samples.hour)
        #expect(changes.standings[2] == .stillFailing(since: last))
    }

    @Test func listsNumbersThatMoved() throws {
        let changes = try #require(RunChanges(Samples.run(results: Samples.results), since: Samples.history))
        #expect(
            changes.moves.map { "\($0.position) \($0.what) \($0.before.text()) \($0.now.text())" } == [
                "1 unexpected 0 3", "1 missing 1180 1204", "2 unexpected 12 37", "4 observed 51.7 58.1204",
            ])
    }

    @Test func anUnreadableRunRemovesNothing() throws {
        let run = Samples.run(results: [], failure: RunFailure(code: "not-found", message: "no such file"))
        #expect(RunChanges(run, since: Samples.history)?.removedCount == 0)
    }

    @Test func theLedgerGivesTheSameBeforeAndAfterRecording() throws {
        let scratch = try Scratch()
        let ledger = try Ledger(path: scratch.path("assay.db"))
        for (index, outcome) in [Outcome.passed, .failed, .failed].enumerated() {
            let result = Samples.result("e", outcome: outcome, sentence: "x")
            try ledger.record(Samples.run("r\(index)", at: Int64(index), results: [result]))
        }
        let run = Samples.run("r3", at: 3, results: [Samples.result("e", outcome: .failed, sentence: "x")])
        let expected = RunChanges.Standing.stillFailing(since: RunReference(id: "r1", startedAt: 1))
        #expect(RunChanges(run, since: try RunHistory(of: run, in: ledger))?.standings == [expected])
        try ledger.record(run)
        let after = try RunHistory(of: run, in: ledger)
        #expect(RunChanges(run, since: after)?.standings == [expected])
        #expect(after.previous?.run.id == "r2" && after.recent.map(\.id) == ["r3", "r2", "r1", "r0"])
    }
}
