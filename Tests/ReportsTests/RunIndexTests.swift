import Expectations
import Foundation
import Ledger
import Reports
import Tables
import TestSupport
import Testing

@Suite struct RunIndexTests {
    private let runs = [
        Samples.stored(7, failed: 4), Samples.stored(6), Samples.stored(5, failed: 1, report: false),
        Samples.stored(4, errored: true), Samples.stored(3),
    ]

    @Test func looksAsItDid() throws {
        let entry = RunIndex.Entry(Validation(suite: "silver_events", asset: "silver.events"), recent: runs)
        try expectGolden(try RunIndex(entries: [entry], runs: runs, isCut: true).html(), "index.html")
    }

    @Test func listsWhatTheLedgerHasNewestFirst() throws {
        let scratch = try Scratch()
        let ledger = try Ledger(path: scratch.path("assay.db"))
        let failing = [Samples.result("e", outcome: .failed, sentence: "x")]
        for index in 1...5 {
            try ledger.record(
                Samples.run(
                    "a\(index)", suite: "alpha", at: Int64(index), results: [Samples.result("e", sentence: "x")]),
                report: "a\(index).html")
            try ledger.record(Samples.run("z\(index)", suite: "zeta", at: Int64(index), results: failing))
        }
        let directory = try ReportDirectory(scratch.path("reports"))
        let path = try directory.writeIndex(of: ledger, limit: 4)
        let html = try String(contentsOfFile: path, encoding: .utf8)
        #expect(html.contains("1 of 2 suites are failing") && html.contains("The latest 4 runs"))
        let zeta = try #require(html.firstRange(of: ">zeta "))
        let alpha = try #require(html.firstRange(of: ">alpha"))
        #expect(zeta.lowerBound < alpha.lowerBound)
        #expect(html.contains("href=\"a5.html\"") && html.contains("href=\"a4.html\"") && !html.contains("a3.html"))
    }

    @Test func anEmptyLedgerHasAPageToo() throws {
        let html = try RunIndex(entries: [], runs: []).html()
        #expect(html.contains("No runs yet") && html.contains("Every run that is recorded appears here."))
    }
}
