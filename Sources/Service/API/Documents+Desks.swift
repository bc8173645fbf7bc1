import Expectations
import Reports
import Tables

extension Documents {
    static func incident(_ incident: IncidentEntry) -> JSON {
        .object([
            JSON.Member("id", .string(incident.id)), JSON.Member("asset", .string(incident.asset)),
            JSON.Member("suite", .string(incident.suite)),
            JSON.Member("severity", .string(incident.severity.rawValue)),
            JSON.Member("state", .string(incident.state.rawValue)), JSON.Member("since", time(incident.since)),
            JSON.Member("resolved_at", time(incident.resolvedAt)),
            JSON.Member("snoozed_until", time(incident.snoozedUntil)),
            JSON.Member("acknowledged_by", text(incident.acknowledgedBy)),
            JSON.Member("maintenance_until", time(incident.maintenance?.until)),
            JSON.Member("maintenance_reason", text(incident.maintenance?.reason)),
            JSON.Member("muted_by", text(incident.cause?.incident)),
            JSON.Member("muted_by_asset", text(incident.cause?.asset)),
            JSON.Member("alert_count", .integer(incident.alertCount)),
            JSON.Member("alerts", array(incident.alerts, alert)),
        ])
    }

    static func alert(_ alert: IncidentEntry.Alert) -> JSON {
        .object([
            JSON.Member("key", .string(alert.key)), JSON.Member("type", .string(alert.type)),
            JSON.Member("columns", array(alert.columns) { .string($0) }),
            JSON.Member("severity", .string(alert.severity.rawValue)),
            JSON.Member("sentence", .string(alert.sentence)), JSON.Member("since", time(alert.since)),
            JSON.Member("failures", .integer(alert.failures)), JSON.Member("firing", .boolean(alert.isFiring)),
        ])
    }

    static func event(_ event: AlertEventEntry) -> JSON {
        .object([
            JSON.Member("at", time(event.at)), JSON.Member("incident", .string(event.incident)),
            JSON.Member("asset", .string(event.asset)), JSON.Member("suite", .string(event.suite)),
            JSON.Member("kind", .string(event.kind)), JSON.Member("text", .string(event.text)),
            JSON.Member("actor", text(event.actor)),
        ])
    }

    static func deadLetter(_ letter: DeadLetterEntry) -> JSON {
        .object([
            JSON.Member("id", .string(letter.id)), JSON.Member("route", .string(letter.route)),
            JSON.Member("channel", .string(letter.channel)), JSON.Member("incident", .string(letter.incident)),
            JSON.Member("created_at", time(letter.createdAt)), JSON.Member("died_at", time(letter.diedAt)),
            JSON.Member("attempts", .integer(letter.attempts)), JSON.Member("reason", .string(letter.reason)),
            JSON.Member("superseded", .boolean(letter.isSuperseded)),
        ])
    }

    static func pipeline(_ pipeline: PipelineEntry) -> JSON {
        .object([
            JSON.Member("name", .string(pipeline.name)), JSON.Member("state", .string(pipeline.state)),
            JSON.Member("reason", text(pipeline.reason)), JSON.Member("batches", .integer(pipeline.batchCount)),
            JSON.Member("last_batch_at", time(pipeline.lastBatchAt)),
            JSON.Member("last_batch_seconds", number(pipeline.lastBatchSeconds)),
            JSON.Member("last_batch_records", integer(pipeline.lastBatchRecords)),
            JSON.Member(
                "hops",
                array(pipeline.hops) { hop in
                    .object([
                        JSON.Member("name", .string(hop.name)), JSON.Member("in", .integer(hop.input)),
                        JSON.Member("out", .integer(hop.output)),
                        JSON.Member("quarantined", .integer(hop.quarantined)),
                        JSON.Member("dropped", .integer(hop.dropped)), JSON.Member("filtered", .integer(hop.filtered)),
                        JSON.Member("deduplicated", .integer(hop.deduplicated)),
                        JSON.Member("late", .integer(hop.late)),
                    ])
                }),
            JSON.Member(
                "rules",
                array(pipeline.rules) { rule in
                    .object([
                        JSON.Member("rule", .string(rule.sentence)), JSON.Member("action", text(rule.action)),
                        JSON.Member("count", .integer(rule.count)),
                    ])
                }), JSON.Member("backlog_files", integer(pipeline.backlogFiles)),
            JSON.Member("backlog_bytes", integer(pipeline.backlogBytes.map { Int($0) })),
            JSON.Member("watermark", time(pipeline.watermark)),
            JSON.Member("quarantined", .integer(pipeline.quarantined)),
            JSON.Member("waiting_requests", .integer(pipeline.waitingRequests)),
            JSON.Member("imbalanced_batches", array(pipeline.imbalancedBatches) { .integer($0) }),
        ])
    }

    static func quarantine(_ listing: QuarantineListing) -> JSON {
        .object([
            JSON.Member("pipeline", .string(listing.pipeline)), JSON.Member("status", .string(listing.status)),
            JSON.Member("count", .integer(listing.count)),
            JSON.Member(
                "rules",
                array(listing.rules) { rule in
                    .object([
                        JSON.Member("name", .string(rule.name)),
                        JSON.Member("columns", array(rule.columns) { .string($0) }),
                        JSON.Member("count", .integer(rule.count)), JSON.Member("first", time(rule.first)),
                        JSON.Member("last", time(rule.last)),
                        JSON.Member("file", text(rule.file)),
                    ])
                }),
            JSON.Member(
                "records",
                array(listing.records) { record in
                    .object([
                        JSON.Member("id", .string(record.id)), JSON.Member("attempt", .integer(record.attempt)),
                        JSON.Member("at", time(record.at)), JSON.Member("file", .string(record.file)),
                        JSON.Member("row", .integer(record.row)),
                        JSON.Member("rules", array(record.rules) { .string($0) }),
                        JSON.Member("errors", record.errors), JSON.Member("resolution", text(record.resolution)),
                    ])
                }),
        ])
    }

    static func receipt(_ receipt: RequestReceipt) -> JSON {
        .object([
            JSON.Member("request", .string(receipt.id)), JSON.Member("records", integer(receipt.recordCount)),
        ])
    }
}
