import Expectations
import Ledger
import Reports
import Service
import Synchronization
import Tables

/// Alerts, messages and pipelines that are there to be looked at.
final class StandIn: AlertBook, OutboxBook, PipelineBook, TriggerDesk {
    private static let since: Int64 = 1_798_736_490_000_000
    private static let hour: Int64 = 3_600_000_000
    private let state = Mutex<(state: IncidentEntry.State, by: String?, until: Int64?)>((.open, nil, nil))

    private var incident: IncidentEntry {
        let (state, by, until) = state.withLock { $0 }
        return IncidentEntry(
            id: "inc-7f3a", asset: "silver.events", suite: "silver_events", severity: .critical, state: state,
            since: Self.since, snoozedUntil: until, acknowledgedBy: by,
            alerts: [
                IncidentEntry.Alert(
                    key: "e0", type: "expect_column_values_to_match_regex", columns: ["event_id"], severity: .critical,
                    sentence: "27 values of event_id are no addresses", since: Self.since, failures: 7, isFiring: true),
                IncidentEntry.Alert(
                    key: "e1", type: "expect_column_values_to_not_be_null", columns: ["amount"], severity: .warning,
                    sentence: "27 values of amount are missing", since: Self.since + Self.hour, failures: 6,
                    isFiring: false),
            ], alertCount: 3)
    }

    private var muted: IncidentEntry {
        IncidentEntry(
            id: "inc-7f3b", asset: "gold.events", suite: "gold_events", severity: .warning, state: .muted,
            since: Self.since + Self.hour, cause: .init(incident: "inc-7f3a", asset: "silver.events"),
            alerts: [
                IncidentEntry.Alert(
                    key: "e4", type: "expect_table_row_count_to_be_between", columns: [], severity: .warning,
                    sentence: "the table has 12 rows, fewer than 1,000", since: Self.since + Self.hour, failures: 6,
                    isFiring: true)
            ], alertCount: 1)
    }

    func openIncidents(asset: String?, limit: Int) -> [IncidentEntry] {
        Array([incident, muted].filter { asset == nil || $0.asset == asset }.prefix(limit))
    }

    func openIncidentCounts() -> [Severity: Int] { [.critical: 1, .warning: 1] }

    func alerts(ofIncident id: String, after count: Int, limit: Int) -> [IncidentEntry.Alert]? {
        [incident, muted].first { $0.id == id }.map { Array($0.alerts.dropFirst(count).prefix(limit)) }
    }

    func events(incident: String?, limit: Int) -> [AlertEventEntry] {
        let events = [
            AlertEventEntry(
                at: Self.since + 2 * Self.hour, incident: "inc-7f3a", asset: "silver.events", suite: "silver_events",
                kind: "acknowledged", text: "taken on: the feed's owner writes it again", actor: "anna"),
            AlertEventEntry(
                at: Self.since, incident: "inc-7f3a", asset: "silver.events", suite: "silver_events", kind: "firing",
                text: "27 values of event_id are no addresses", actor: nil),
        ]
        return Array(events.filter { incident == nil || $0.incident == incident }.prefix(limit))
    }

    private func change(
        _ id: String, _ body: (inout (state: IncidentEntry.State, by: String?, until: Int64?)) -> Void
    ) -> IncidentEntry? {
        guard id == "inc-7f3a" else { return nil }
        state.withLock { body(&$0) }
        return incident
    }

    func acknowledge(
        _ target: AlertTarget, until: Int64?, by actor: String, note: String?, at now: Int64
    ) -> IncidentEntry? {
        change(target.incident) { $0 = (.acknowledged, actor, nil) }
    }

    func snooze(
        _ target: AlertTarget, until: Int64, by actor: String, note: String?, at now: Int64
    ) -> IncidentEntry? {
        change(target.incident) { $0 = (.snoozed, nil, until) }
    }

    func unsnooze(_ target: AlertTarget, by actor: String, note: String?, at now: Int64) -> IncidentEntry? {
        change(target.incident) { $0 = (.open, nil, nil) }
    }

    func standing() -> OutboxStanding { OutboxStanding(waiting: 3, dead: 1, oldestAt: Self.since) }

    private static let letter = DeadLetterEntry(
        id: "m-1/0", route: "data-team", channel: "slack", incident: "inc-7f3a", createdAt: since,
        diedAt: since + hour, attempts: 12, reason: "404 no_service")

    func deadLetters(limit: Int) -> [DeadLetterEntry] { [Self.letter] }

    func retry(_ id: String?, at now: Int64) -> Int { id == nil || id == Self.letter.id ? 1 : 0 }

    func pipelines() -> [PipelineEntry] {
        [
            PipelineEntry(
                name: "clickstream", state: "running", batchCount: 4_211, lastBatchAt: Self.since + 7 * Self.hour,
                lastBatchSeconds: 2.4, lastBatchRecords: 48_211,
                hops: [
                    PipelineEntry.Hop(
                        name: "bronze", input: 203_881_002, output: 203_881_002, quarantined: 0, dropped: 0,
                        filtered: 0,
                        deduplicated: 0, late: 0),
                    PipelineEntry.Hop(
                        name: "silver", input: 203_881_002, output: 201_114_870, quarantined: 1_204, dropped: 17,
                        filtered: 2_701_330, deduplicated: 63_581, late: 0),
                ],
                rules: [
                    PipelineEntry.Rule(sentence: "values of country are 2 letters", action: "quarantine", count: 1_204)
                ], backlogFiles: 3, backlogBytes: 18_300_112, watermark: Self.since + 6 * Self.hour, quarantined: 1_204,
                waitingRequests: 1),
            PipelineEntry(
                name: "orders", state: "held",
                reason: "37 % of a batch's records would go to quarantine, more than 5 %",
                batchCount: 311, lastBatchAt: Self.since, lastBatchSeconds: 0.8, lastBatchRecords: 911, quarantined: 12),
            PipelineEntry(name: "returns", state: "never ran"),
        ]
    }

    func pipeline(_ name: String) -> PipelineEntry? { pipelines().first { $0.name == name } }

    func quarantine(
        _ name: String, _ filter: QuarantineFilter, limit: Int, isUnwanted: () -> Bool
    ) -> QuarantineListing? {
        guard pipeline(name) != nil else { return nil }
        let errors = JSON(text: #"[{"rule":"amount between","values":{"amount":-1}}]"#) ?? .array([])
        return QuarantineListing(
            pipeline: name, status: filter.status.rawValue, count: 1_204,
            rules: [
                QuarantineListing.Rule(
                    name: "amount between", count: 1_180, first: Self.since, last: Self.since + 7 * Self.hour,
                    file: "events-2026-12-31T17.jsonl"),
                QuarantineListing.Rule(
                    name: "email matches", count: 24, first: Self.since - 90 * Self.hour, last: Self.since, file: nil),
            ],
            records: (0..<min(limit, 20)).map { number in
                QuarantineListing.Record(
                    id: "q-\(number)", attempt: 1, at: Self.since + Int64(number) * 60_000_000,
                    file: "events-2026-12-31T17.jsonl", row: 118 + number, rules: ["amount between"], errors: errors,
                    resolution: nil)
            })
    }

    func request(_ request: QuarantineRequest, of name: String, at now: Int64) -> RequestReceipt? {
        pipeline(name).map { _ in RequestReceipt(id: "rq-1", recordCount: nil) }
    }

    func trigger(_ validation: Validation, by actor: String, at now: Int64) -> RequestReceipt? {
        validation.suite == "silver_events" ? RequestReceipt(id: "tr-1", recordCount: nil) : nil
    }
}
