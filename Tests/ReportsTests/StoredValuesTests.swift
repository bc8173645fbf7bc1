import Expectations
import Foundation
import Ledger
import Tables
import TestSupport
import Testing

@testable import Reports

/// What pages and programs are told of runs that are over, by what the project says now.
@Suite struct StoredValuesTests {
    private let scratch: Scratch
    private let ledger: Ledger

    init() throws {
        scratch = try Scratch()
        ledger = try Ledger(path: scratch.path("assay.db"))
        try record("r1", at: 0, "bob@example.com", 86_753_091)
        try record("r2", at: 1, "zoe@example.com", 86_753_092)
    }

    private func record(
        _ id: String, at time: Int64, _ email: String, _ phone: Int, personal: Set<String> = []
    ) throws {
        let largest = Samples.result(
            "max", "expect_column_max_to_be_between", columns: ["email"], outcome: .failed, observed: .string(email),
            sentence: "the largest email is \(email)", discreet: "the largest email is not shown")
        let phones = Samples.result(
            "phone", "expect_column_min_to_be_between", columns: ["phone"], outcome: .failed, observed: .integer(phone),
            sentence: "the smallest phone is \(phone)", discreet: "the smallest phone is not shown")
        let frequent = Samples.result(
            "in", columns: ["email"], outcome: .failed, unexpected: [Samples.row("email", .text(email), id: 4)],
            sentence: "one email is odd")
        let metrics = [MetricReading(name: "min", column: "phone", value: Double(phone))]
        let run = Samples.run(id, at: Samples.noon + time, results: [largest, phones, frequent], personal: personal)
        try ledger.record(
            RunResult(
                id: run.id, suite: run.suite, asset: run.asset, startedAt: run.startedAt, durationSeconds: 1,
                engineVersion: "", suiteFingerprint: "", dataFingerprint: id, schema: run.schema, files: [],
                rowCount: 1, byteCount: 1, results: run.results, metrics: metrics, personalColumns: personal))
    }

    /// All that is told of the latest run and its validation.
    private func told(_ id: String, _ rules: ValueRules) throws -> String {
        let page = try #require(try StoredRunPage(id, in: ledger, values: rules, hasReport: false)).html()
        let standing = try #require(
            try ledger.standing(
                of: Validation(suite: "silver_events", asset: "silver.events"), recent: 9, now: Samples.noon + 9))
        let entry = try #require(ValidationEntry.all([standing], plans: nil).first)
        let validation = try #require(try ValidationPage(entry, in: ledger, values: rules)).html()
        let results = try ledger.results(ofRun: id).map { DisplayedResult($0, ofAsset: "silver.events", values: rules) }
        return page + validation + "\(results)"
    }

    @Test func textsAreMaskedAsInReports() throws {
        let masked = try told("r2", ValueRules())
        #expect(!masked.contains("example.com") && masked.contains("xxx@xxxxxxx.xxx"))
        #expect(masked.contains("the largest email is not shown") && masked.contains("the smallest phone is 86753092"))
        let absent = try told("r2", ValueRules(.absent))
        #expect(!absent.contains("example.com") && !absent.contains("xxx@"))
        let shown = try told("r2", ValueRules(.shown))
        #expect(shown.contains("the largest email is zoe@example.com") && shown.contains("was bob@example.com"))
    }

    @Test(arguments: ValueDisplay.allCases) func aColumnThatBecamePersonalIsMaskedInAllRuns(
        _ display: ValueDisplay
    ) throws {
        let rules = ValueRules(display, personalColumns: ["silver.events": ["email", "phone"]])
        try record("r3", at: 2, "eva@example.com", 86_753_093, personal: ["email", "phone"])
        for id in ["r1", "r2", "r3"] {
            let told = try told(id, rules)
            #expect(!told.contains("example.com") && !told.contains("86753") && !told.contains("86,753"), "\(id)")
            #expect(told.contains("the largest email is not shown"))
            if display == .absent { #expect(!told.contains("xxx@") && !told.contains("99999999")) }
        }
    }

    @Test func numbersOfPersonalColumnsAreNotDrawn() throws {
        let rules = ValueRules(.shown, personalColumns: ["silver.events": ["phone"]])
        func series(_ rules: ValueRules) throws -> Int {
            try #require(
                try AssetPage(
                    "silver.events", in: ledger, plans: nil, incidents: [], values: rules, now: Samples.noon + 9)
            ).series.count
        }
        #expect(try series(ValueRules()) == 1)
        #expect(try series(rules) == 0)
    }
}
