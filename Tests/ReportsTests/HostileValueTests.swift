import Expectations
import Foundation
import Ledger
import Tables
import Testing

@testable import Reports

@Suite struct HostileValueTests {
    static let hostile = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'onmouseover='x", "</style><script>",
        "</title>",
        "<!--", "{{suite}}", "{{{suite}}}", "javascript:alert(1)",
        // One character to people, two code points to browsers.
        "\"\u{301} onload=x", "\u{600}<script>alert(1)</script>", "<\u{20DD}script>", "'\u{FE0F}>",
        "&\u{301}lt;script&gt;",
    ]

    /// A page on which every text is the hostile one.
    private func page(_ text: String) throws -> String {
        let cells = [UnexpectedRow.Cell(column: text, value: .text(text))]
        let result = ExpectationResult(
            expectation: ExpectationSummary(
                type: text, arguments: [], columns: [text], severity: .critical, id: text,
                location: SourceMark(file: text, line: 1, column: 1), fingerprint: text, description: text),
            outcome: .errored(reason: text), success: false, severity: .critical,
            rows: RowCounts(elementCount: 3, missingCount: 0, unexpectedCount: 1), observedValue: .string(text),
            unexpectedRows: [UnexpectedRow(values: cells, index: cells, partition: text, row: 1, byteOffset: 0)],
            unexpectedCounts: [UnexpectedCount(values: cells, count: 1), UnexpectedCount(values: cells, count: 1)],
            details: [
                JSON.Member(text, .string(text)),
                JSON.Member("changes", .array([.object([JSON.Member(text, .string(text))])])),
            ], sentence: text)
        let failure = RunFailure(code: text, message: text, hint: text)
        let run = RunResult(
            id: text, suite: text, asset: text, startedAt: 0, durationSeconds: 0, engineVersion: text,
            suiteFingerprint: text, dataFingerprint: text, schema: Schema([]),
            files: [FileResult(name: text, byteCount: 1, modified: 1, rowCount: 1)], rowCount: 1, byteCount: 1,
            results: [result], metrics: [], failure: failure)
        let stored = StoredRun(
            number: 1, id: text, suite: text, asset: text, startedAt: 0, durationSeconds: 1, engineVersion: text,
            suiteFingerprint: text, dataFingerprint: text, rowCount: 1, byteCount: 1,
            counts: OutcomeCounts(evaluated: 1, successful: 0, passed: 0, failed: 1, vacuous: 0, errored: 0),
            outcomeName: "failed", success: false, failure: failure, report: text)
        let history = RunHistory(previous: PreviousRun(run: stored, verdicts: [:]), recent: [stored, stored])
        let report = try RunReport([.init(run, history: history), .init(run)], values: .shown).html()
        let entry = RunIndex.Entry(Validation(suite: text, asset: text), recent: [stored, stored])
        return try report + RunIndex(entries: [entry], runs: [stored]).html()
    }

    /// The page's tags: everything between `<` and `>`, as a browser would find them.
    private func tags(_ html: String) -> [String] {
        html.unicodeScalars.split(separator: "<").dropFirst().map { String($0.split(separator: ">")[0]) }
    }

    @Test(arguments: hostile) func isTextAndNothingElse(_ text: String) throws {
        let harmless = try page("harmless")
        let html = try page(text)
        let expected = tags(harmless).map { $0.replacing(RunIndex.link("harmless"), with: "X") }
        #expect(tags(html).map { $0.replacing(RunIndex.link(text), with: "X") } == expected)
    }

    @Test func whatIsInvisibleIsShown() {
        #expect(HTMLText.clean("a\u{202E}b\u{0}c\nd\u{200B}e\u{FEFF}") == "a⟨U+202E⟩b␀c␊d⟨U+200B⟩e⟨U+FEFF⟩")
        #expect(HTMLText.clean("\u{7F}\u{85}\u{2028}") == "␡⟨U+0085⟩⟨U+2028⟩")
        #expect(HTMLText.clean(String(decoding: [0x61, 0xFF, 0x62], as: UTF8.self)) == "a\u{FFFD}b")
        #expect(HTMLText.clean("né 東京 😀") == "né 東京 😀")
    }

    @Test func hugeValuesAreCut() throws {
        let huge = String(repeating: "<", count: 10_000_000)
        #expect(HTMLText.clean(huge) == String(repeating: "<", count: 300) + "…")
        let result = Samples.result(
            "e", "expect_column_values_to_match_regex", columns: ["c"], outcome: .failed, rows: Samples.emailRows,
            observed: .array([.string(huge)]), unexpected: [Samples.row("c", .text(huge), id: 1)],
            details: [JSON.Member("x", .string(huge))], sentence: huge)
        #expect(try RunReport([.init(Samples.run(results: [result]))], values: .shown).html().utf8.count < 50_000)
    }

    @Test func linksLeadToFilesBesideTheIndex() {
        #expect(RunIndex.link("20261101T100000Z-r 1.html") == "20261101T100000Z-r%201.html")
        #expect(RunIndex.link("javascript:x") == "javascript%3Ax")
        #expect(RunIndex.link("../x") == "..%2Fx")
    }
}
