import Foundation
import Ledger
import Schedules
import Service
import Tables
import TestSupport
import Testing

@testable import ServicePreview

@Suite struct MetricsTests {
    @Test func tellsWhatTheLedgerHas() async throws {
        let server = try await DeskServer()
        let text = try await server.ask("/metrics").body
        for line in [
            #"assay_runs_total{suite="landing_events",asset="landing.events",outcome="failed"} 8"#,
            #"assay_expectation_results_total{suite="landing_events",asset="landing.events",outcome="failed"} 8"#,
            #"assay_last_run_success{suite="gold_events",asset="gold.events"} 1"#,
            #"assay_last_run_success{suite="landing_events",asset="landing.events"} 0"#,
            #"assay_failing_since_timestamp_seconds{suite="landing_events",asset="landing.events"} 1798732800"#,
            #"assay_open_incidents{severity="critical"} 1"#, "assay_outbox_waiting 3", "assay_outbox_dead 1",
            #"assay_pipeline_records_total{pipeline="clickstream",layer="silver",fate="late"} 0"#,
            #"assay_pipeline_rule_failures_total{pipeline="clickstream",rule="values of country are 2 letters",action="quarantine"} 1204"#,
            #"assay_pipeline_held{pipeline="orders"} 1"#, "assay_validations_in_flight 0",
            "process_start_time_seconds 1793534400",
        ] { #expect(text.contains(line + "\n"), "\(line)") }
        #expect(!text.contains("assay_scrape_failed{") && text.contains("process_resident_memory_bytes "))
        try await server.stop()
    }

    /// The store remembers the other two, or another project has them.
    @Test func tellsOnlyOfWhatTheProjectHas() async throws {
        let server = try await DeskServer(
            project: [ScheduledValidation(suite: "gold_events", asset: "gold.events", schedule: .hourly)])
        server.offer.desk?.metrics.noteLag(seconds: 1, of: Validation(suite: "gold_events", asset: "gold.events"))
        server.offer.desk?.metrics.noteLag(seconds: 1, of: Validation(suite: "silver_events", asset: "silver.events"))
        let text = try await server.ask("/metrics").body
        for name in ["runs_total", "last_run_success", "last_run_expectations", "scheduler_lag_seconds"] {
            #expect(text.contains("assay_\(name){suite=\"gold_events\",asset=\"gold.events\""), "\(name)")
        }
        #expect(!text.contains("landing_events") && !text.contains("silver_events"))
        let assets = try await server.document("/api/v1/assets")["assets"]?.items ?? []
        #expect(assets.map { $0["name"]?.string } == ["gold.events", "landing.events", "silver.events"])
        #expect(assets.map { $0["retired"]?.boolean } == [false, true, true])
        #expect(assets[1]["success"]?.boolean == false && assets[1]["failing_since"]?["run"] != nil)
        try await server.stop()
    }

    @Test func totalsSurviveTheRemovalOfRuns() throws {
        let scratch = try Scratch()
        let ledger = try Ledger(path: scratch.path("assay.db"))
        try MadeUpYear(validations: 1, expectations: 2, runs: 5).write(to: ledger)
        let totals = try ledger.runTotals()
        #expect(totals.map(\.runCount) == [5] && totals.map(\.failed) == [5] && totals.map(\.passed) == [5])
    }

    @Test func countsRequestsByRouteAndNotByAddress() async throws {
        let server = try await DeskServer()
        for id in 0..<5 { _ = try await server.ask("/runs/made-up-\(id)") }
        _ = try await server.ask("/runs/run-0-7")
        _ = try await server.ask("/made/up/path")
        let text = try await server.ask("/metrics").body
        #expect(text.contains(#"assay_http_requests_total{route="/runs/{id}",method="GET",status="404"} 5"#))
        #expect(text.contains(#"assay_http_requests_total{route="/runs/{id}",method="GET",status="200"} 1"#))
        #expect(text.contains(#"assay_http_request_duration_seconds_count{route="/runs/{id}"} 6"#))
        #expect(!text.contains("made-up") && !text.contains("made/up"))
        try await server.stop()
    }

    @Test(.enabled(if: PythonPeer.has("prometheus_client"), "no python3 with prometheus_client is there"))
    func isReadByPrometheusOwnParser() async throws {
        let server = try await DeskServer { ledger, _ in
            try MadeUpYear(validations: 2, expectations: 2, runs: 3).write(to: ledger)
            try ledger.record(HostileNames.run)
        }
        _ = try await server.ask("/")
        let text = try await server.ask("/metrics").body
        let path = server.scratch.path("metrics.txt")
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let output = try PythonPeer.run([
            "-c",
            """
            import sys
            from prometheus_client.parser import text_string_to_metric_families as read
            families = list(read(open(sys.argv[1], encoding="utf-8").read()))
            names = [f.name for f in families]
            assert len(set(names)) == len(names), names
            samples = [(s.name, tuple(sorted(s.labels.items()))) for f in families for s in f.samples]
            assert len(set(samples)) == len(samples)
            print(len(families), [s.labels["suite"] for f in families if f.name == "assay_runs" for s in f.samples][0])
            """, path,
        ])
        #expect(output.hasSuffix(" back\\slash \"quote\"\nline\n"), "\(output)")
        try await server.stop()
    }
}
