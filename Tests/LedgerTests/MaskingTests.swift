import Expectations
import Foundation
import Ledger
import Tables
import TestSupport
import Testing

@Suite struct MaskingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let masked: String
        var testDescription: String { text }
    }

    static let cases = [
        Case(text: "", masked: ""), Case(text: "Anna.K@example.com", masked: "Xxxx.X@xxxxxxx.xxx"),
        Case(text: "+49 (0)30-12", masked: "+99 (9)99-99"), Case(text: "Жанна 東京", masked: "xxxxx xx"),
        Case(text: "e\u{301}t\u{e9}", masked: "xxx"), Case(text: "a\tb\u{0}\u{202E}c😀", masked: "x·x··x·"),
        Case(text: "٣٤\u{a0}½", masked: "99 9"),
        Case(text: String(repeating: "a", count: 40), masked: String(repeating: "x", count: 40)),
        Case(text: String(repeating: "a", count: 41), masked: String(repeating: "x", count: 40) + "…"),
    ]

    @Test(arguments: cases) func keepsTheShapeOnly(_ c: Case) { #expect(Masking.mask(c.text) == c.masked) }

    @Test func masksValuesAsTheirText() {
        #expect(Masking.mask(.missing) == Value.missing)
        #expect(Masking.mask(.integer(-1_234)) == .text("-9999"))
        #expect(Masking.mask(Value.boolean(true)) == Masking.mask(Value.boolean(false)))
        #expect(Masking.mask(.date(days: 0)) == .text("9999-99-99"))
    }

    @Test func hugeTextsAreCutWhenStored() throws {
        let scratch = try Scratch()
        let ledger = try Ledger(path: scratch.path())
        try ledger.record(
            Samples.run("r1", results: [Samples.failing(email: String(repeating: "a", count: 10_000_000))]))
        let stored = try ledger.results(ofRun: "r1")
        #expect(stored[0].unexpectedRows[0].text().utf8.count < 1_200 && stored[0].sentence.utf8.count < 4_100)
    }

    /// What a suite says, verdicts and counts are no values.
    @Test func keepsWhatIsNoValue() {
        let quantiles = Samples.result(
            observed: .object([
                JSON.Member("quantiles", .array([.number("0.5"), .number("0.9")])),
                JSON.Member("values", .array([.integer(17), .null])),
            ]),
            type: "expect_column_quantile_values_to_be_between",
            details: [
                JSON.Member("success_details", .array([.boolean(true), .boolean(false)])),
                JSON.Member("uncomparable_count", .integer(12)), JSON.Member("age_seconds", .number("86400.0")),
            ], discreet: "the quantiles are not shown")
        let masked = quantiles.maskingValues { $0 == "email" }
        #expect(masked.observedValue?.text() == #"{"quantiles":[0.5,0.9],"values":["99",null]}"#)
        #expect(
            JSON.object(masked.details).text()
                == #"{"success_details":[true,false],"uncomparable_count":12,"age_seconds":"99999.9"}"#)
    }

    private static let largest = Samples.result(
        "e3", observed: .string("zoe@example.com"), type: "expect_column_max_to_be_between",
        sentence: "the last email is zoe@example.com", discreet: "the last email is not shown")

    /// Who may see no values is told the same of a run that is over as of one that has just ended.
    @Test func whatMayBeSaidWithoutValuesIsStored() throws {
        let scratch = try Scratch()
        let ledger = try Ledger(path: scratch.path())
        let count = Samples.result(
            "e4", observed: .integer(3), type: "expect_column_unique_value_count_to_be_between", sentence: "3 emails")
        try ledger.record(Samples.run("r1", results: [Self.largest, count, Samples.failing(email: "a@b")]))
        let stored = try ledger.results(ofRun: "r1")
        #expect(
            stored.map(\.sentence) == ["the last email is zoe@example.com", "3 emails", "1 of 3 emails is no address"])
        #expect(stored.map(\.discreetSentence) == ["the last email is not shown", nil, nil])
        #expect(stored.map(\.verdict.tellsValue) == [true, false, false])
        let after = Samples.run("r2", at: 5)
        let verdicts = try #require(try ledger.previousRun(before: after)?.verdicts)
        #expect(verdicts.mapValues(\.tellsValue) == ["e3": true, "e4": false, "e2": false])
        try ledger.record(after)
        _ = try ledger.prune(PruningPlan(resultsBefore: 1))
        #expect(try Peek(scratch.path()).count("sentences") == 1)
    }

    /// It isn't known what may be said of them.
    @Test func resultsOfAnOlderVersionTellNoValue() throws {
        let scratch = try Scratch()
        let ledger = try Ledger(path: scratch.path())
        let type = Samples.result(
            "e5", observed: .string("string"), type: "expect_column_type_to_be", sentence: "email is string")
        try ledger.record(Samples.run("r1", results: [Self.largest, type, Samples.failing(email: "a@b")]))
        try Peek(scratch.path()).execute("UPDATE results SET discreet = NULL")
        let stored = try ledger.results(ofRun: "r1")
        #expect(stored.map(\.discreetSentence) == ["What was found in email is not shown.", nil, nil])
    }

    @Test func personalValuesAreNotStored() throws {
        let scratch = try Scratch()
        let ledger = try Ledger(path: scratch.path())
        let largest = Samples.result(
            "e3", observed: .string("zoe@example.com"), type: "expect_column_max_to_be_between",
            details: [JSON.Member("at", .string("zoe@example.com"))], sentence: "the last email is zoe@example.com",
            discreet: "the last email is not shown")
        try ledger.record(
            Samples.run(
                "r1", results: [Samples.failing(email: "anna@example.com"), largest],
                metrics: [MetricReading(name: "max", column: "email", value: 4_711)], personal: ["email"]))
        try ledger.close()
        let reader = try Ledger(readingFrom: scratch.path())
        let stored = try reader.results(ofRun: "r1")
        #expect(stored[0].sentence == "1 of 3 emails is no address")
        #expect(
            stored[0].unexpectedRows.map { $0.text() } == [
                #"{"values":{"email":"xxxx@xxxxxxx.xxx"},"index":{"id":17},"file":"orders.csv","row":2,"byte_offset":40}"#
            ])
        #expect(
            stored[0].unexpectedCounts?.map { $0.text() } == [#"{"values":{"email":"xxxx@xxxxxxx.xxx"},"count":1}"#])
        #expect(stored[1].verdict.observedValue == .string("xxx@xxxxxxx.xxx"))
        #expect(stored[1].sentence == "the last email is not shown")
        #expect(try reader.metricHistory(asset: "silver.orders", column: "email", name: "max", limit: 1).isEmpty)
        let bytes = try String(decoding: Data(contentsOf: URL(fileURLWithPath: scratch.path())), as: UTF8.self)
        #expect(!bytes.contains("anna@") && !bytes.contains("zoe@"))
    }
}
