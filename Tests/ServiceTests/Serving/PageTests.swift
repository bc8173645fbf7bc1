import Expectations
import Foundation
import Ledger
import Service
import Tables
import TestSupport
import Testing

@testable import ServicePreview

@Suite struct PageTests {
    static let paths = [
        "/", "/runs", "/runs?outcome=failed", "/runs/run-0-7", "/assets/silver.events",
        "/validations/silver_events/silver.events", "/alerts", "/pipelines", "/pipelines/clickstream/quarantine",
    ]

    @Test(arguments: paths) func isAPageThatRunsNothing(_ path: String) async throws {
        let server = try await DeskServer()
        let page = try await server.ask(path)
        #expect(page.status == 200 && page.field("Content-Type") == "text/html; charset=utf-8")
        let policy = try #require(page.field("Content-Security-Policy"))
        let forms = path == "/alerts" ? "'self'" : "'none'"
        #expect(policy.contains("default-src 'none'") && policy.contains("form-action \(forms);"))
        // The page says the same of itself.
        #expect(page.body.contains("form-action \(forms)\">"))
        #expect(page.body.contains("\"referrer\" content=\"\(path == "/alerts" ? "same-origin" : "no-referrer")\">"))
        #expect(page.field("Referrer-Policy") == (path == "/alerts" ? "same-origin" : "no-referrer"))
        #expect(policy.contains("frame-ancestors 'none'") && !policy.contains("script-src"))
        #expect(!page.body.contains("<script") && !page.body.contains("{{") && !page.body.contains(" on load"))
        #expect(page.field("X-Content-Type-Options") == "nosniff")
        try await server.stop()
    }

    @Test(arguments: paths) func leadsOnlyToPagesThatAreThere(_ path: String) async throws {
        let server = try await DeskServer()
        let page = try await server.ask(path)
        var links = Set(page.body.split(separator: "href=\"").dropFirst().map { String($0.prefix { $0 != "\"" }) })
        links = links.filter { !$0.hasPrefix("data:") && !$0.hasPrefix("#") }
        #expect(links.count > 3)
        for link in links {
            let parts = link.replacing("&amp;", with: "&").split(separator: "#", maxSplits: 1)
            let target = try await server.ask(String(parts[0]))
            #expect(target.status == 200, "\(link)")
            if parts.count > 1 { #expect(target.body.contains("id=\"\(parts[1])\""), "\(link)") }
        }
        try await server.stop()
    }

    @Test func saysWhatIsBrokenAndSinceWhen() async throws {
        let server = try await DeskServer()
        let overview = try await server.ask("/").body
        #expect(overview.contains("2 of 3 validations are failing"))
        #expect(overview.contains("2026-12-31T16:00:00Z"))
        let validation = try await server.ask("/validations/landing_events/landing.events").body
        #expect(validation.contains("1 of 4 expectations fails"))
        let passing = try await server.ask("/validations/gold_events/gold.events").body
        #expect(passing.contains("All is fine: 4 expectations") && !passing.contains("Last success"))
        let run = try await server.ask("/runs/run-0-7").body
        #expect(run.contains("The failing row") || run.contains("failing rows"))
        try await server.stop()
    }

    @Test func whatIsDatedAheadOfTheClockIsSaidToBe() async throws {
        let server = try await DeskServer { ledger, _ in
            let year = MadeUpYear(validations: 1, expectations: 1, runs: 8)
            for (number, time) in [DeskServer.noon - 1, DeskServer.noon + 86_400_000_000].enumerated() {
                try ledger.record(year.run(0, 7, id: "r\(number)").beginning(at: time))
            }
        }
        let latest = try await server.document("/api/v1/validations")["validations"]?.items?.first?["latest_run"]
        #expect(latest?["id"]?.string == "r0")
        let page = try await server.ask("/validations/landing_events/landing.events").body
        #expect(page.contains("A clock that was ahead has dated runs as late as <a href=\"/runs/r1\">"))
        #expect(try await !server.ask("/").body.contains("/runs/r1"))
        let metrics = try await server.ask("/metrics").body
        #expect(
            metrics.contains(
                "assay_last_run_timestamp_seconds{suite=\"landing_events\",asset=\"landing.events\"} 1793534399.999999\n"
            ))
        try await server.stop()
    }

    /// A suite that a program made, and a project with more validations than anybody reads.
    @Test func pagesAreBounded() async throws {
        let large = try await DeskServer { ledger, _ in
            try MadeUpYear(validations: 1, expectations: 300, runs: 3).write(to: ledger)
        }
        let page = try await large.ask("/validations/landing_events/landing.events").body
        #expect(page.components(separatedBy: "class=\"marks\"").count == 201)
        #expect(page.contains("And 100 more, <a href=\"/runs/run-0-2\">on the run's page</a>."))
        #expect(page.contains(" of 300 expectations fail"))
        try await large.stop()
        let many = try await DeskServer { ledger, _ in
            try MadeUpYear(validations: 203, expectations: 1, runs: 2).write(to: ledger)
        }
        let overview = try await many.ask("/").body
        #expect(overview.contains("<p class=\"soft more\">And 3 more in less trouble: the interface lists all.</p>"))
        try await many.stop()
    }

    @Test func tellsHowToActOnAnIncident() async throws {
        let server = try await DeskServer()
        func commands() async throws -> [String] {
            try await server.ask("/").body.split(separator: "<code>assay ").dropFirst()
                .map { String($0.prefix { $0 != "<" }) }
        }
        #expect(
            try await commands() == [
                "alerts acknowledge inc-7f3a", "alerts snooze inc-7f3a --for 8h", "alerts acknowledge inc-7f3b",
                "alerts snooze inc-7f3b --for 8h",
            ])
        let taken = try await server.ask(
            "/api/v1/alerts/inc-7f3a/acknowledge", method: "POST", body: #"{"by":"anna"}"#)
        #expect(taken.status == 200)
        #expect(try await commands().first == "alerts snooze inc-7f3a --for 8h")
        let snoozed = try await server.ask(
            "/api/v1/alerts/inc-7f3a/snooze", method: "POST", body: #"{"by":"anna","until":"2099-01-01T00:00:00Z"}"#)
        #expect(snoozed.status == 200)
        #expect(try await commands().first == "alerts unsnooze inc-7f3a")
        try await server.stop()
    }

    @Test func showsReportsThatTheLedgerKnows() async throws {
        let server = try await DeskServer { ledger, scratch in
            let year = MadeUpYear(validations: 1, expectations: 1, runs: 1)
            try ledger.record(year.run(0, 0), report: "known & good.html")
            try "<p>the report".write(toFile: scratch.path("known & good.html"), atomically: true, encoding: .utf8)
            try "secret".write(toFile: scratch.path("unknown.html"), atomically: true, encoding: .utf8)
        }
        #expect(try await server.ask("/reports/known%20%26%20good.html").body == "<p>the report")
        #expect(try await server.ask("/reports/unknown.html").status == 404)
        #expect(try await server.ask("/reports/assay.db").status == 404)
        #expect(try await server.ask("/reports/index.html").body.contains("The only validation"))
        #expect(try await server.ask("/runs/run-0-0").body.contains("href=\"/reports/known%20%26%20good.html\""))
        try await server.stop()
    }
}

extension RunResult {
    /// The same at another time.
    fileprivate func beginning(at time: Int64) -> RunResult {
        RunResult(
            id: id, suite: suite, asset: asset, startedAt: time, durationSeconds: durationSeconds,
            engineVersion: engineVersion, suiteFingerprint: suiteFingerprint, dataFingerprint: dataFingerprint,
            schema: schema, files: files, rowCount: rowCount, byteCount: byteCount, results: results, metrics: metrics,
            failure: failure)
    }
}
