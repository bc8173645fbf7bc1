import Expectations
import Foundation
import Ledger
import Reports
import Tables
import Testing

@Suite struct RunReportTests {
    @Test func looksAsItDid() throws { try expectGolden(try Samples.report.html(), "run.html") }

    @Test func oneRunIsThePage() throws {
        let section = RunReport.Section(Samples.run(results: Samples.results), history: Samples.history)
        try expectGolden(try RunReport([section], values: .shown).html(), "one-run.html")
    }

    @Test func fetchesNothingAndRunsNothing() throws {
        let html = try Samples.report.html()
        #expect(html.contains("default-src 'none'"))
        for forbidden in ["<script", "http:", "https:", "@import", "url(", " style=", "onclick"] {
            let allowed = html.replacing("xmlns='http://www.w3.org/2000/svg'", with: "")
            #expect(!allowed.contains(forbidden), "\(forbidden)")
        }
    }

    @Test func saysSoWhereNothingWasChecked() throws {
        let html = try RunReport([.init(Samples.run(results: []))]).html()
        #expect(html.contains("The suite has no expectations: nothing was checked"))
    }

    private func manyResults(_ count: Int, failing: (Int) -> Bool) -> [ExpectationResult] {
        (0..<count).map { index in
            Samples.result(
                "e\(index)", "expect_column_values_to_match_regex", columns: ["column_\(index)"],
                outcome: failing(index) ? .failed : .passed, rows: Samples.emailRows,
                unexpected: failing(index)
                    ? (0..<20).map { Samples.row("column_\(index)", .text("value number \($0)"), id: $0) } : [],
                counts: failing(index)
                    ? (0..<20).map { Samples.count("column_\(index)", .text("value number \($0)"), 20 - $0) } : [],
                sentence: "37 of 47,901 values of column_\(index) don't match the pattern, 0 are allowed")
        }
    }

    @Test func threeHundredExpectationsFitIn300kB() throws {
        let some = try RunReport([.init(Samples.run(results: manyResults(300) { $0 % 4 == 0 }))]).html()
        #expect(some.utf8.count < 300_000)
        let all = try RunReport([.init(Samples.run(results: manyResults(300) { _ in true }))]).html()
        #expect(all.utf8.count < 600_000)
    }

    @Test func threeThousandExpectationsArePossible() throws {
        let html = try RunReport([.init(Samples.run(results: manyResults(3_000) { $0 % 50 == 0 }))]).html()
        #expect(html.utf8.count < 3_000_000)
        let firstFailure = try #require(html.firstRange(of: "id=\"s1e51\""))
        let firstPass = try #require(html.firstRange(of: "id=\"s1e2\""))
        #expect(firstFailure.lowerBound < firstPass.lowerBound)
    }
}
