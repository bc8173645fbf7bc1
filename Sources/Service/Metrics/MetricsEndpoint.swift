import Expectations
import Foundation
import HTTPTypes
import Ledger
import Reports

/// `GET /metrics`: what the process counted, and what the ledger, pipelines and alerts say at this moment.
///
/// Of validations only those are told that the project has, whatever else the ledger remembers: series of others end, as monitoring expects.
struct MetricsEndpoint {
    let desk: ServiceDesk

    var all: [Endpoint] {
        [
            Endpoint(
                method: .get, path: "/metrics", name: "getMetrics", summary: "Metrics in Prometheus' text format.",
                answer: nil, kind: .metrics, need: .read
            ) { call in Content(.metrics, text(at: call.now)) }.on(.metrics)
        ]
    }

    func text(at now: Int64) -> [UInt8] {
        var text = MetricsText()
        text.single(
            "process_start_time_seconds", .gauge, "When the process began, in seconds since 1970.",
            Double(desk.metrics.startedAt) / 1e6)
        if let bytes = Self.residentBytes {
            text.single("process_resident_memory_bytes", .gauge, "Memory of the process.", Double(bytes))
        }
        text.family("assay_build_info", .gauge, "The program's version.")
        text.sample("assay_build_info", [("version", desk.version)], 1)
        var failures: [String] = []
        func part(_ name: String, _ body: (inout MetricsText) throws -> Void) {
            var own = MetricsText()
            do {
                try body(&own)
                text.append(own)
            } catch { failures.append(name) }
        }
        let known = desk.schedules?.known
        part("ledger") { try LedgerMetrics(ledger: desk.ledger, known: known, now: desk.clock()).write(to: &$0) }
        if let schedules = desk.schedules { part("schedules") { Self.write(try schedules.plans(), to: &$0) } }
        if let pipelines = desk.pipelines {
            part("pipelines") { PipelineMetrics(try pipelines.pipelines(), now: now).write(to: &$0) }
        }
        if let alerts = desk.alerts { part("alerts") { try Self.write(alerts, to: &$0) } }
        if let outbox = desk.outbox { part("outbox") { try Self.write(outbox, now: now, to: &$0) } }
        text.family("assay_scrape_failed", .gauge, "Parts of this answer that could not be made.")
        for name in failures { text.sample("assay_scrape_failed", [("part", name)], 1) }
        ProcessMetrics(desk.metrics.snapshot, known: known).write(to: &text)
        return text.bytes
    }

    private static func write(_ plans: [PlannedValidation], to text: inout MetricsText) {
        func family(_ name: String, _ help: String, _ value: (PlannedValidation) -> Int64?) {
            text.family(name, .gauge, help)
            for plan in plans {
                guard let time = value(plan) else { continue }
                let labels = [("suite", plan.validation.suite), ("asset", plan.validation.asset)]
                text.sample(name, labels, Double(time) / 1e6)
            }
        }
        family("assay_next_run_timestamp_seconds", "When a validation is due next, in seconds since 1970.", \.nextAt)
        family(
            "assay_overdue_since_timestamp_seconds", "When a validation was due that nobody has begun with.",
            \.overdueSince)
        family(
            "assay_clock_behind_until_timestamp_seconds",
            "Until when a validation waits for the clock, which was set back.", \.clockBehindUntil)
    }

    private static func write(_ alerts: any AlertBook, to text: inout MetricsText) throws {
        let counts = try alerts.openIncidentCounts()
        text.family("assay_open_incidents", .gauge, "Incidents that are not over.")
        for severity in [Severity.info, .warning, .critical] {
            text.sample("assay_open_incidents", [("severity", severity.rawValue)], Double(counts[severity] ?? 0))
        }
    }

    private static func write(_ outbox: any OutboxBook, now: Int64, to text: inout MetricsText) throws {
        let standing = try outbox.standing()
        text.single("assay_outbox_waiting", .gauge, "Messages that are to be sent.", Double(standing.waiting))
        text.single("assay_outbox_dead", .gauge, "Messages that are not tried any more.", Double(standing.dead))
        text.single(
            "assay_outbox_oldest_age_seconds", .gauge, "Age of the oldest message that waits.",
            standing.oldestAt.map { max(0, Double(now - $0) / 1e6) } ?? 0)
    }

    /// The second number of `statm` is of pages; `nil` where there is no such file.
    private static var residentBytes: Int? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
        let numbers = text.split(separator: " ").compactMap { Int($0) }
        return numbers.count > 1 ? numbers[1] * Int(sysconf(Int32(_SC_PAGESIZE))) : nil
    }
}
