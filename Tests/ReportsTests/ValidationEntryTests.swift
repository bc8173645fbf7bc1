import Expectations
import Ledger
import Testing

@testable import Reports

@Suite struct ValidationEntryTests {
    private func validation(_ suite: String) -> Validation { Validation(suite: suite, asset: "silver.events") }

    private func standing(_ suite: String, outcome: String = "passed", failingSince: Int64? = nil) -> Standing {
        let run = StoredRun(
            number: 1, id: "run-1", suite: suite, asset: "silver.events", startedAt: Samples.noon, durationSeconds: 1,
            engineVersion: "1", suiteFingerprint: "s", dataFingerprint: "d", rowCount: 1, byteCount: 1,
            counts: OutcomeCounts(evaluated: 1, successful: 1, passed: 1, failed: 0, vacuous: 0, errored: 0),
            outcomeName: outcome, success: failingSince == nil, failure: nil, report: nil)
        return Standing(
            validation: validation(suite), recent: [run],
            failingSince: failingSince.map { RunReference(id: "run-0", startedAt: $0) }, lastSuccess: nil)
    }

    private func plan(_ suite: String, overdue: Int64? = nil, behind: Int64? = nil) -> PlannedValidation {
        PlannedValidation(
            validation: validation(suite), schedule: "every 1h", nextAt: nil, overdueSince: overdue,
            clockBehindUntil: behind)
    }

    @Test func whatIsInTroubleComesFirst() {
        let entries = ValidationEntry.all(
            [
                standing("fine"), standing("gone", failingSince: 1), standing("late"), standing("new", failingSince: 9),
                standing("nothing", outcome: "vacuous"), standing("old", failingSince: 5),
            ],
            plans: [
                plan("fine"), plan("late", overdue: 7), plan("never"), plan("new"), plan("nothing"), plan("old"),
            ])
        #expect(
            entries.map(\.validation.suite) == ["old", "new", "late", "never", "nothing", "fine", "gone"])
        #expect(entries.map(\.state)[2...] == [.overdue(since: 7), .neverRun, .vacuous, .fine, .retired])
        #expect(
            ValidationEntry.headline(entries)
                == "2 of 6 validations are failing, 1 is overdue, 1 never ran, 1 had nothing to check")
    }

    @Test func whatWaitsForTheClockIsNotFine() throws {
        let entries = ValidationEntry.all(
            [standing("a"), standing("b"), standing("c", failingSince: 1)],
            plans: [plan("a"), plan("b", behind: Samples.noon), plan("c", behind: Samples.noon)])
        #expect(entries.map(\.state).dropFirst() == [.clockBehind(until: Samples.noon), .fine])
        #expect(ValidationEntry.headline(entries) == "1 of 3 validations is failing, 1 waits for the clock")
        let page = try OverviewPage(validations: entries, incidents: [], pipelines: [], runs: []).html()
        #expect(page.contains("The clock was set back: nothing is due before \(PageWording.time(Samples.noon))"))
    }

    @Test func withoutPlansWhatRanIsAllThatIsKnown() {
        let entries = ValidationEntry.all([standing("a"), standing("b")], plans: nil)
        #expect(entries.map(\.state) == [.fine, .fine])
        #expect(ValidationEntry.headline(entries) == "All 2 validations are fine")
        #expect(ValidationEntry.headline([]) == "No runs yet")
    }

    /// Nothing that was not checked is called fine.
    @Test(
        arguments: [
            (nil, nil, "The only validation never ran"), ("vacuous", nil, "The only validation had nothing to check"),
            ("passed", 3, "The only validation is overdue"), ("passed", nil, "The only validation is fine"),
        ] as [(String?, Int64?, String)])
    func onlyWhatWasCheckedIsFine(outcome: String?, overdue: Int64?, words: String) throws {
        let entries = ValidationEntry.all(
            outcome.map { [standing("a", outcome: $0)] } ?? [], plans: [plan("a", overdue: overdue)])
        #expect(ValidationEntry.headline(entries) == words)
        let page = try OverviewPage(validations: entries, incidents: [], pipelines: [], runs: []).html()
        #expect(page.contains(words) && page.contains("every 1h"))
    }

    @Test func whatTheProjectNoLongerHasIsHistory() {
        let entries = ValidationEntry.all([standing("a", failingSince: 1)], plans: [])
        #expect(entries.map(\.state) == [.retired])
        #expect(ValidationEntry.headline(entries) == "The project has no validations")
    }
}
