import Expectations
import Ledger
import Reports
import Tables

/// What the interface says of things, as `Shapes` describes it.
enum Documents {
    static func time(_ microseconds: Int64) -> JSON { .string(CivilTime.format(microseconds: microseconds)) }

    static func time(_ microseconds: Int64?) -> JSON { microseconds.map { time($0) } ?? .null }

    static func text(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }

    static func integer(_ number: Int?) -> JSON { number.map { .integer($0) } ?? .null }

    static func number(_ value: Double?) -> JSON {
        guard let value, value.isFinite else { return .null }
        return .number(value.description)
    }

    static func array<Item>(_ items: some Sequence<Item>, _ each: (Item) -> JSON) -> JSON { .array(items.map(each)) }

    static func reference(_ reference: RunReference?) -> JSON {
        guard let reference else { return .null }
        return .object([
            JSON.Member("run", .string(reference.id)), JSON.Member("started_at", time(reference.startedAt)),
        ])
    }

    static func run(_ run: StoredRun) -> JSON {
        .object([
            JSON.Member("id", .string(run.id)), JSON.Member("suite", .string(run.suite)),
            JSON.Member("asset", .string(run.asset)), JSON.Member("started_at", time(run.startedAt)),
            JSON.Member("duration_seconds", number(run.durationSeconds)),
            JSON.Member("outcome", .string(run.outcomeName)), JSON.Member("success", .boolean(run.success)),
            JSON.Member("row_count", .integer(run.rowCount)), JSON.Member("byte_count", .integer(run.byteCount)),
            JSON.Member(
                "counts",
                .object([
                    JSON.Member("evaluated", .integer(run.counts.evaluated)),
                    JSON.Member("successful", .integer(run.counts.successful)),
                    JSON.Member("passed", .integer(run.counts.passed)),
                    JSON.Member("failed", .integer(run.counts.failed)),
                    JSON.Member("vacuous", .integer(run.counts.vacuous)),
                    JSON.Member("errored", .integer(run.counts.errored)),
                ])),
            JSON.Member(
                "failure",
                run.failure.map {
                    .object([
                        JSON.Member("code", .string($0.code)), JSON.Member("message", .string($0.message)),
                        JSON.Member("hint", text($0.hint)),
                    ])
                } ?? .null), JSON.Member("suite_fingerprint", .string(run.suiteFingerprint)),
            JSON.Member("data_fingerprint", .string(run.dataFingerprint)),
            JSON.Member("engine_version", .string(run.engineVersion)), JSON.Member("report", text(run.report)),
        ])
    }

    static func result(
        _ result: StoredResult, ofAsset asset: String, failingSince: RunReference?, values: ValueRules
    ) -> JSON {
        let shown = DisplayedResult(result, ofAsset: asset, values: values)
        return .object([
            JSON.Member("position", .integer(result.position)),
            JSON.Member("fingerprint", .string(result.fingerprint)), JSON.Member("type", .string(result.type)),
            JSON.Member("columns", array(result.columns) { .string($0) }),
            JSON.Member("arguments", .object(result.arguments)), JSON.Member("id", text(result.id)),
            JSON.Member("severity", .string(result.severity.rawValue)),
            JSON.Member("outcome", .string(result.verdict.outcome.name)),
            JSON.Member("success", .boolean(result.verdict.success)),
            JSON.Member("reason", text(result.verdict.outcome.reason)),
            JSON.Member("sentence", .string(shown.sentence)),
            JSON.Member("observed_value", shown.observedValue ?? .null),
            JSON.Member("element_count", integer(result.verdict.rows?.elementCount)),
            JSON.Member("missing_count", integer(result.verdict.rows?.missingCount)),
            JSON.Member("unexpected_count", integer(result.verdict.rows?.unexpectedCount)),
            JSON.Member("details", .object(shown.details)),
            JSON.Member("unexpected_rows", .array(shown.unexpectedRows)),
            JSON.Member("unexpected_counts", shown.unexpectedCounts.map { .array($0) } ?? .null),
            JSON.Member("location", text(result.location?.description)),
            JSON.Member("failing_since", reference(failingSince)),
        ])
    }

    static func validation(_ entry: ValidationEntry) -> JSON {
        let latest = entry.standing?.recent.first
        return .object([
            JSON.Member("suite", .string(entry.validation.suite)),
            JSON.Member("asset", .string(entry.validation.asset)), JSON.Member("state", .string(state(entry.state))),
            JSON.Member("outcome", text(latest?.outcomeName)),
            JSON.Member("success", latest.map { .boolean($0.success) } ?? .null),
            JSON.Member("latest_run", latest.map(run) ?? .null),
            JSON.Member("failing_since", reference(entry.standing?.failingSince)),
            JSON.Member("last_success", reference(entry.standing?.lastSuccess)),
            JSON.Member("schedule", text(entry.plan?.schedule)), JSON.Member("next_at", time(entry.plan?.nextAt)),
            JSON.Member("overdue_since", time(entry.plan?.overdueSince)),
            JSON.Member("clock_behind_until", time(entry.plan?.clockBehindUntil)),
        ])
    }

    private static func state(_ state: ValidationEntry.State) -> String {
        switch state {
        case .failing: "failing"
        case .overdue: "overdue"
        case .clockBehind: "clock_behind"
        case .neverRun: "never_run"
        case .vacuous: "vacuous"
        case .fine: "fine"
        case .retired: "retired"
        }
    }

    static func schema(_ observed: ObservedSchema) -> JSON {
        .object([
            JSON.Member("first_seen", reference(observed.firstSeen)),
            JSON.Member("last_seen", reference(observed.lastSeen)),
            JSON.Member(
                "fields",
                array(observed.schema.fields) { field in
                    .object([
                        JSON.Member("name", .string(field.name)), JSON.Member("type", .string("\(field.type)")),
                        JSON.Member("nullable", .boolean(field.isNullable)),
                    ])
                }),
        ])
    }
}
