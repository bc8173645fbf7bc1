import Ledger
import Service
import Tables
import Testing

@testable import ServicePreview

@Suite struct InterfaceTests {
    @Test func listsRunsPageByPage() async throws {
        let server = try await DeskServer()
        var seen: [String] = []
        var path = "/api/v1/runs?limit=7"
        while true {
            let page = try await server.document(path)
            seen += (page["runs"]?.items ?? []).compactMap { $0["id"]?.string }
            guard let next = page["next"]?.string else { break }
            path = "/api/v1/runs?limit=7&cursor=\(next)"
        }
        #expect(seen.count == 24 && Set(seen).count == 24)
        let times = try server.ledger.runs(limit: 100).map(\.id)
        #expect(seen == times)
        try await server.stop()
    }

    @Test func filtersRuns() async throws {
        let server = try await DeskServer()
        func count(_ query: String) async throws -> Int? {
            try await server.document("/api/v1/runs?" + query)["runs"]?.items?.count
        }
        #expect(try await count("suite=silver_events") == 8)
        #expect(try await count("asset=gold.events") == 8)
        #expect(try await count("suite=silver_events&asset=gold.events") == 0)
        #expect(try await count("suite=landing_events&outcome=failed") == 8)
        #expect(try await count("since=2026-12-31T23:00:00Z") == 3)
        #expect(try await count("since=2026-12-31T22:00:00%2B00:00&until=2026-12-31T23:00:00Z") == 3)
        try await server.stop()
    }

    @Test func tellsARunAndItsResults() async throws {
        let server = try await DeskServer()
        let run = try await server.document("/api/v1/runs/run-0-7")
        #expect(run["run"]?["suite"]?.string == "landing_events" && run["run"]?["success"]?.boolean == false)
        #expect(run["files"]?.items?.count == 1)
        let results = try await server.document("/api/v1/runs/run-0-7/results")["results"]?.items ?? []
        #expect(results.count == 4)
        #expect(results.first?["failing_since"]?["run"]?.string == "run-0-0")
        // Which row it was, but not the value.
        #expect(results.first?["unexpected_rows"]?.items?.first?["row"]?.integer == 17)
        #expect(
            results.first?["unexpected_rows"]?.items?.first?["values"]?["event_id"]?.string == "xxxx.x9@xxxxxxx,xxx")
        try await server.stop()
    }

    @Test func tellsAssetsAndTheirNumbers() async throws {
        let server = try await DeskServer()
        let assets = try await server.document("/api/v1/assets")["assets"]?.items ?? []
        #expect(assets.map { $0["name"]?.string } == ["gold.events", "landing.events", "silver.events"])
        let series = try await server.document("/api/v1/assets/gold.events/metrics?name=row_count&limit=3")["series"]
        #expect(series?.items?.count == 1 && series?.items?.first?["points"]?.items?.count == 3)
        let asset = try await server.document("/api/v1/assets/gold.events")
        #expect(asset["schemas"]?.items?.count == 2 && asset["incidents"]?.items?.count == 1)
        let history = try await server.document("/api/v1/validations/silver_events/silver.events/history?limit=2")
        #expect(history["runs"]?.items?.count == 2 && history["expectations"]?.items?.count == 4)
        #expect(history["expectations"]?.items?.first?["marks"]?.items?.count == 2)
        try await server.stop()
    }

    @Test(arguments: [
        ("/api/v1/runs?limit=0", 400, "bad-parameter"), ("/api/v1/runs?limit=501", 400, "bad-parameter"),
        ("/api/v1/runs?limit=1&limit=2", 400, "repeated-parameter"), ("/api/v1/runs?lmit=1", 400, "unknown-parameter"),
        ("/api/v1/runs?since=yesterday", 400, "bad-parameter"), ("/api/v1/runs?since=2026-01-01", 400, "bad-parameter"),
        ("/api/v1/runs?outcome=fine", 400, "bad-parameter"), ("/api/v1/runs?suite=", 400, "bad-parameter"),
        ("/api/v1/runs?suite=%zz", 400, "bad-address"), ("/api/v1/runs?suite=%ff", 400, "bad-address"),
        ("/api/v1/runs?suite=a%00b", 400, "bad-parameter"), ("/api/v1/runs?cursor=abc", 400, "bad-parameter"),
        ("/api/v1/alerts/inc-7f3a/alerts?cursor=-1", 400, "bad-parameter"),
        ("/api/v1/alerts/inc-7f3a/alerts?cursor=9223372036854775807", 400, "bad-parameter"),
        ("/api/v1/runs/nothing", 404, "unknown-run"), ("/api/v1/runs/nothing/results", 404, "unknown-run"),
        ("/api/v1/assets/nothing", 404, "unknown-asset"), ("/api/v1/assets/nothing/metrics", 404, "unknown-asset"),
        ("/api/v1/validations/a/b/history", 404, "unknown-validation"),
        ("/api/v1/pipelines/nothing", 404, "unknown-pipeline"),
        ("/api/v1/nothing", 404, "not-found"), ("/runs/nothing", 404, "unknown-run"),
    ])
    func refusesWhatItDoesNotKnow(_ path: String, _ status: Int, _ code: String) async throws {
        let server = try await DeskServer()
        let answer = try await server.ask(path)
        #expect(answer.status == status && answer.code == code, "\(answer.body)")
        #expect(answer.field("Content-Type") == "application/json")
        try await server.stop()
    }

    @Test func hintsAtTheNearestName() async throws {
        let server = try await DeskServer()
        let answer = try await server.ask("/api/v1/runs?sute=a")
        #expect(answer.json["error"]?["hint"]?.string == "did you mean \"suite\"?")
        try await server.stop()
    }

    @Test func tellsAnIncidentsAlertsPageByPage() async throws {
        let server = try await DeskServer()
        let incidents = try await server.document("/api/v1/alerts")["incidents"]?.items ?? []
        #expect(incidents.map { $0["alert_count"]?.integer } == [3, 1])
        #expect(incidents.map { $0["muted_by_asset"]?.string } == [nil, "silver.events"])
        let first = try await server.document("/api/v1/alerts/inc-7f3a/alerts?limit=1")
        #expect(first["alerts"]?.items?.compactMap { $0["key"]?.string } == ["e0"] && first["next"]?.string == "1")
        let rest = try await server.document("/api/v1/alerts/inc-7f3a/alerts?limit=1&cursor=1")
        #expect(rest["alerts"]?.items?.compactMap { $0["key"]?.string } == ["e1"] && rest["next"] == .null)
        #expect(try await server.ask("/api/v1/alerts/other/alerts").code == "unknown-incident")
        let page = try await server.ask("/alerts").body
        #expect(page.contains("And 1 more, <a href=\"/validations/silver_events/silver.events\">"))
        #expect(page.contains("muted by <a href=\"/assets/silver.events\">silver.events</a>"))
        try await server.stop()
    }

    @Test func changesWhatItIsAskedTo() async throws {
        let server = try await DeskServer()
        func post(_ path: String, _ body: String = "{}") async throws -> RawAnswer {
            try await server.ask("/api/v1" + path, method: "POST", body: body)
        }
        let taken = try await post("/alerts/inc-7f3a/acknowledge", #"{"by":"anna","note":"on it"}"#)
        #expect(taken.status == 200 && taken.json["acknowledged_by"]?.string == "anna")
        let snoozed = try await post("/alerts/inc-7f3a/snooze", #"{"until":"2027-01-02T00:00:00Z"}"#)
        #expect(snoozed.json["snoozed_until"]?.string == "2027-01-02T00:00:00Z")
        #expect(try await post("/alerts/inc-7f3a/snooze", #"{"until":"2020-01-02T00:00:00Z"}"#).code == "time-is-past")
        let ending = #"{"by":"anna","until":"2020-01-02T00:00:00Z","alert":"e0"}"#
        #expect(try await post("/alerts/inc-7f3a/acknowledge", ending).code == "time-is-past")
        #expect(try await post("/alerts/inc-7f3a/unsnooze").json["state"]?.string == "open")
        #expect(try await post("/alerts/other/acknowledge").code == "unknown-incident")
        #expect(try await post("/outbox/dead/retry").json["retried"]?.integer == 1)
        #expect(try await post("/validations/silver_events/silver.events/trigger").status == 202)
        #expect(try await post("/validations/other/silver.events/trigger").status == 404)
        let replay = try await post(
            "/pipelines/clickstream/quarantine/replay", #"{"ids":["q-1"],"reason":"fixed upstream"}"#)
        #expect(replay.status == 202 && replay.json["request"]?.string == "rq-1")
        #expect(
            try await post("/pipelines/clickstream/quarantine/discard", #"{"reason":"x"}"#).code == "missing-parameter")
        #expect(
            try await post("/pipelines/clickstream/quarantine/release", #"{"ids":["q-1"]}"#).code == "missing-parameter"
        )
        try await server.stop()
    }

    @Test(arguments: [
        ("{", 400, "bad-json"), ("[]", 400, "bad-json"), (#"{"by":1}"#, 400, "bad-parameter"),
        (#"{"bye":"a"}"#, 400, "unknown-parameter"), (#"{"by":"a","by":"b"}"#, 400, "repeated-parameter"),
        (#"{"by":""}"#, 400, "bad-parameter"),
    ])
    func refusesBodiesThatAreNoneOfItsOwn(_ body: String, _ status: Int, _ code: String) async throws {
        let server = try await DeskServer()
        let answer = try await server.ask("/api/v1/alerts/inc-7f3a/acknowledge", method: "POST", body: body)
        #expect(answer.status == status && answer.code == code)
        try await server.stop()
    }

    @Test func answersWithATagAndKnowsItAgain() async throws {
        let server = try await DeskServer()
        for path in ["/", "/api/v1/runs", "/runs/run-0-7", "/api/v1/pipelines", "/api/v1/openapi.json"] {
            let first = try await server.ask(path)
            let tag = try #require(first.field("ETag"))
            #expect(tag.hasPrefix("\"") && !tag.hasPrefix("W/"))
            #expect(first.field("Cache-Control") == "private, no-cache")
            for list in [tag, "\"other\", \(tag)", "W/\(tag)", "*"] {
                let again = try await server.ask(path, fields: ["If-None-Match: \(list)"])
                #expect(again.status == 304 && again.body.isEmpty && again.field("ETag") == tag, "\(path) \(list)")
            }
            #expect(try await server.ask(path, fields: ["If-None-Match: \"other\""]).status == 200)
            let head = try await server.ask(path, method: "HEAD")
            #expect(head.status == 200 && head.field("ETag") == tag)
            #expect(head.field("Content-Length") == String(first.body.utf8.count))
        }
        try await server.stop()
    }

    @Test func aNewRunIsSeenAtOnce() async throws {
        let server = try await DeskServer()
        let before = try await server.ask("/api/v1/runs?limit=500")
        try MadeUpYear(validations: 4, expectations: 1, runs: 1).writeLast(to: server.ledger)
        let after = try await server.ask("/api/v1/runs?limit=500")
        #expect(before.json["runs"]?.items?.count == 24 && after.json["runs"]?.items?.count == 25)
        #expect(before.field("ETag") != after.field("ETag"))
        try await server.stop()
    }
}
