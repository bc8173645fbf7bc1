import Expectations
import Ledger
import Tables
import Testing

@testable import Alerts

/// What a run says of its expectations.
@Suite struct SignalTests {
    static func run(
        _ id: String = "run-1", results: [ExpectationResult], failure: RunFailure? = nil, at startedAt: Int64 = 0,
        asset: String = "silver.orders"
    ) -> RunResult {
        RunResult(
            id: id, suite: "orders", asset: asset, startedAt: startedAt, durationSeconds: 1, engineVersion: "0.1.0",
            suiteFingerprint: "s", dataFingerprint: "d", schema: Schema([]), files: [], rowCount: 4, byteCount: 9,
            results: results, metrics: [], failure: failure, personalColumns: ["email"])
    }

    static func result(
        _ fingerprint: String, _ outcome: Outcome, success: Bool? = nil, severity: Severity = .critical,
        rows: RowCounts? = nil, sentence: String = "as it is", discreet: String? = nil
    ) -> ExpectationResult {
        ExpectationResult(
            expectation: ExpectationSummary(
                type: "expect_column_max_to_be_between", arguments: [], columns: ["email"], severity: .critical,
                fingerprint: fingerprint),
            outcome: outcome, success: success ?? (outcome == .passed), severity: severity, rows: rows,
            sentence: sentence, discreetSentence: discreet)
    }

    @Test func outcomesBecomeNews() {
        let signals = AlertSignal.signals(
            of: Self.run(results: [
                Self.result("a", .passed), Self.result("b", .failed), Self.result("c", .errored(reason: "no column")),
                Self.result("d", .vacuous(reason: "no rows"), success: true),
                Self.result("e", .vacuous(reason: "no rows"), success: false, severity: .warning),
            ]))
        #expect(signals.map(\.key) == ["run", "a", "b", "c", "d", "e"])
        #expect(signals.map(\.news) == [.succeeding, .succeeding, .failing, .failing, .nothing, .failing])
        #expect(signals.last?.severity == .warning)
    }

    @Test func unreadableDataIsOneSignal() {
        let failure = RunFailure(code: "not-found", message: "there is no file \"a.csv\"", hint: "look")
        let signals = AlertSignal.signals(of: Self.run(results: [Self.result("a", .failed)], failure: failure))
        #expect(signals.map(\.key) == ["run"])
        #expect(signals.first?.news == .failing)
        #expect(signals.first?.sentence == "The data could not be read: there is no file \"a.csv\" [not-found]")
    }

    @Test func dataThatNobodyJudgedIsNotCalledUnreadable() {
        func signal(_ failure: RunFailure) -> AlertSignal? {
            AlertSignal.signals(of: Self.run(results: [], failure: failure)).first
        }
        let late = signal(.unfinished("it took longer than 5 s"))
        #expect(late?.key == "run" && late?.type == "judging")
        #expect(late?.sentence == "The data could not be judged: it took longer than 5 s [undecided]")
        let torn = signal(.conflictingTypes("id is declared twice"))
        #expect(torn?.sentence == "The data could not be judged: id is declared twice [conflicting-types]")
    }

    @Test func sentencesTellNoValues() {
        let signals = AlertSignal.signals(
            of: Self.run(results: [
                Self.result(
                    "a", .failed, rows: RowCounts(elementCount: 9, missingCount: 1, unexpectedCount: 3),
                    sentence: "The maximum is zoe@example.com.", discreet: "The maximum is a value that is not shown.")
            ]))
        #expect(signals.last?.sentence == "The maximum is a value that is not shown.")
        #expect(signals.last?.counts == .init(unexpected: 3, elements: 8))
    }

    @Test func sentencesAreTame() {
        func sentence(_ text: String) -> String {
            AlertSignal(key: "k", news: .failing, type: "t", severity: .info, sentence: text).sentence
        }
        #expect(sentence("a\u{0}b\u{1B}[31m\n") == "a b [31m ")
        #expect(sentence(String(repeating: "ä", count: 5_000)) == String(repeating: "ä", count: 1_000) + "…")
    }

    @Test func twinsSpeakOnce() {
        let signals = AlertSignal.signals(
            of: Self.run(results: [
                Self.result("a", .passed), Self.result("a", .failed, severity: .info), Self.result("a", .failed),
                Self.result("a", .vacuous(reason: "no rows"), success: true),
            ]))
        #expect(signals.count == 2)
        #expect(signals.last?.news == .failing)
        #expect(signals.last?.severity == .critical)
    }
}
