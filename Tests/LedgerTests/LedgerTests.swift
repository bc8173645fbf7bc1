import Expectations
import Foundation
import Ledger
import Tables
import TestSupport
import Testing

@Suite struct LedgerTests {
    private let scratch: Scratch
    private let ledger: Ledger

    init() throws {
        scratch = try Scratch()
        ledger = try Ledger(path: scratch.path())
    }

    @Test func remembersARun() throws {
        try ledger.record(Samples.run("r1", at: 1_000), report: "r1.html")
        let run = try #require(try ledger.run(id: "r1"))
        #expect(run.suite == "orders" && run.asset == "silver.orders" && run.startedAt == 1_000)
        #expect(run.rowCount == 4 && run.byteCount == 120 && run.durationSeconds == 0.25)
        #expect(run.counts == .init(evaluated: 1, successful: 1, passed: 1, failed: 0, vacuous: 0, errored: 0))
        #expect(run.outcomeName == "passed" && run.success && run.failure == nil && run.report == "r1.html")
        #expect(
            try ledger.files(ofRun: "r1") == [
                FileResult(name: "orders.csv", byteCount: 120, modified: 7, rowCount: 4)
            ])
    }

    @Test func remembersAResultWhole() throws {
        let details = [JSON.Member("b", .number("1.50")), JSON.Member("a", .array([.null, .boolean(true)]))]
        var result = Samples.failing(email: "anna\u{0}@\"x\"")
        result = Samples.result(
            "e2", outcome: .failed, rows: RowCounts(elementCount: 4, missingCount: 1, unexpectedCount: 1),
            observed: .number("3.10"), unexpected: result.unexpectedRows, counts: nil, details: details, sentence: "no")
        try ledger.record(Samples.run("r1", results: [Samples.result(), result]))
        let stored = try ledger.results(ofRun: "r1")
        #expect(stored.map(\.position) == [0, 1] && stored.map(\.fingerprint) == ["e1", "e2"])
        #expect(stored[0].unexpectedCounts == [] && stored[1].unexpectedCounts == nil)
        #expect(stored[1].verdict.rows == result.rows && stored[1].verdict.observedValue == .number("3.10"))
        #expect(stored[1].details == details && stored[1].sentence == "no" && stored[1].columns == ["email"])
        #expect(stored[1].arguments == result.expectation.arguments && stored[1].severity == .critical)
        #expect(stored[1].location == SourceMark(file: "orders.yaml", line: 7, column: 3))
        #expect(
            stored[1].unexpectedRows.map { $0.text() } == [
                #"{"values":{"email":"anna\u0000@\"x\""},"index":{"id":17},"file":"orders.csv","row":2,"byte_offset":40}"#
            ])
    }

    static let outcomes: [Outcome] = [
        .passed, .failed, .vacuous(reason: "no rows"), .errored(reason: "no such column"),
    ]

    @Test(arguments: outcomes) func keepsTheFourFaces(_ outcome: Outcome) throws {
        try ledger.record(Samples.run("r1", results: [Samples.result(outcome: outcome)]))
        #expect(try ledger.results(ofRun: "r1").map(\.verdict.outcome) == [outcome])
    }

    @Test func keepsAFailureToRead() throws {
        let failure = RunFailure(code: "not-found", message: "no such file", hint: "look")
        try ledger.record(Samples.run("r1", results: [], schema: Schema([]), failure: failure))
        #expect(try ledger.run(id: "r1")?.failure == failure)
        #expect(try ledger.run(id: "r1")?.outcomeName == "errored")
    }

    @Test func listsRunsNewestFirst() throws {
        for index in 1...5 { try ledger.record(Samples.run("r\(index)", at: Int64(index))) }
        try ledger.record(Samples.run("other", suite: "users", asset: "silver.users", at: 3))
        #expect(try ledger.runs(limit: 3).map(\.id) == ["r5", "r4", "other"])
        #expect(try ledger.runs(suite: "orders", limit: 2).map(\.id) == ["r5", "r4"])
        #expect(try ledger.runs(suite: "orders", asset: "silver.users", limit: 2).isEmpty)
        #expect(
            try ledger.validations() == [
                Validation(suite: "orders", asset: "silver.orders"), Validation(suite: "users", asset: "silver.users"),
            ])
    }

    @Test func aFixedClockLosesNoRuns() throws {
        for index in 1...5 { try ledger.record(Samples.run("r\(index)", at: 77)) }
        #expect(try ledger.runs(limit: 9).map(\.id) == ["r5", "r4", "r3", "r2", "r1"])
        #expect(try ledger.previousRun(before: Samples.run("r4", at: 77))?.run.id == "r3")
        #expect(try ledger.previousRun(before: Samples.run("r6", at: 77))?.run.id == "r5")
    }

    @Test func refusesARunTwice() throws {
        try ledger.record(Samples.run("r1"))
        let error = #expect(throws: LedgerError.self) { try ledger.record(Samples.run("r1", at: 9)) }
        #expect(error?.code == "duplicate-run")
        #expect(error?.message == "a run with the id \"r1\" is recorded already")
    }

    @Test func findsThePreviousRun() throws {
        try ledger.record(Samples.run("r1", at: 10, results: [Samples.result(outcome: .failed)]))
        try ledger.record(Samples.run("elsewhere", asset: "gold.orders", at: 20))
        try ledger.record(Samples.run("r3", at: 30))
        #expect(try ledger.previousRun(before: Samples.run("r1", at: 10)) == nil)
        let previous = try #require(try ledger.previousRun(before: Samples.run("r2", at: 25)))
        #expect(previous.run.id == "r1")
        #expect(previous.verdicts["e1"]?.outcome == .failed)
        #expect(try ledger.previousRun(before: Samples.run("r3", at: 30))?.run.id == "r1")
    }

}
