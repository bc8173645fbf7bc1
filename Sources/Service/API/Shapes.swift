/// The documents of the interface by name.
enum Shapes {
    static let all: [(name: String, shape: Shape)] = [
        ("Problem", problem), ("Counts", counts), ("Run", run), ("Result", result), ("Reference", reference),
        ("Validation", validation), ("Series", series), ("Schema", schema), ("Incident", incident), ("Alert", alert),
        ("Event", event),
        ("DeadLetter", deadLetter), ("Pipeline", pipeline), ("Quarantine", quarantine), ("Receipt", receipt),
        ("Accepted", accepted),
    ]

    static let outcomes = ["passed", "failed", "vacuous", "errored"]
    static let severities = ["info", "warning", "critical"]

    private static func optional(_ name: String, _ shape: Shape, _ summary: String? = nil) -> Shape.Property {
        Shape.Property(name, shape, isOptional: true, summary)
    }

    private static func one(_ name: String, _ shape: Shape, _ summary: String? = nil) -> Shape.Property {
        Shape.Property(name, shape, summary)
    }

    private static let problem = Shape.object([
        one(
            "error",
            .object([
                one("code", .text(pattern: "^[a-z0-9-]+$"), "Stable."), one("message", .text()),
                optional("hint", .text()), optional("offset", .integer(), "A byte of the body."),
            ]))
    ])

    private static let counts = Shape.object(
        ["evaluated", "successful", "passed", "failed", "vacuous", "errored"].map { one($0, .integer()) })

    private static let run = Shape.object([
        one("id", .text()), one("suite", .text()), one("asset", .text()), one("started_at", .time),
        one("duration_seconds", .number), one("outcome", .choice(outcomes)), one("success", .boolean),
        one("row_count", .integer()), one("byte_count", .integer()), one("counts", .named("Counts")),
        one(
            "failure",
            .nullable(.object([one("code", .text()), one("message", .text()), one("hint", .nullable(.text()))])),
            "Why the data could not be read."),
        one("suite_fingerprint", .text()), one("data_fingerprint", .text()), one("engine_version", .text()),
        one("report", .nullable(.text()), "The name of the report's file: /reports/{name}."),
    ])

    private static let result = Shape.object([
        one("position", .integer()), one("fingerprint", .text()), one("type", .text()),
        one("columns", .array(.text())), one("arguments", .anything), one("id", .nullable(.text())),
        one("severity", .choice(severities)), one("outcome", .choice(outcomes)), one("success", .boolean),
        one("reason", .nullable(.text())), one("sentence", .text()), one("observed_value", .anything),
        one("element_count", .nullable(.integer())), one("missing_count", .nullable(.integer())),
        one("unexpected_count", .nullable(.integer())), one("details", .anything),
        one("unexpected_rows", .array(.anything)), one("unexpected_counts", .nullable(.array(.anything))),
        one("location", .nullable(.text())), one("failing_since", .nullable(.named("Reference"))),
    ])

    private static let reference = Shape.object([one("run", .text()), one("started_at", .time)])

    private static let validation = Shape.object([
        one("suite", .text()), one("asset", .text()),
        one(
            "state", .choice(["failing", "overdue", "clock_behind", "never_run", "vacuous", "fine", "retired"]),
            "overdue: it was due and nobody began with it; clock_behind: the clock was set back, and it waits until that has come to what was done; vacuous: its latest run had nothing to check; retired: the project no longer has it."
        ), one("outcome", .nullable(.choice(outcomes)), "Of the latest run; null where there was none."),
        one("success", .nullable(.boolean)), one("latest_run", .nullable(.named("Run"))),
        one("failing_since", .nullable(.named("Reference"))), one("last_success", .nullable(.named("Reference"))),
        one("schedule", .nullable(.text()), "For people; null where the project doesn't have it."),
        one("next_at", .nullable(.time), "Null where no clock says so."), one("overdue_since", .nullable(.time)),
        one("clock_behind_until", .nullable(.time), "Null where the clock isn't behind what was done."),
    ])

    private static let series = Shape.object([
        one("name", .text()), one("column", .nullable(.text())), one("condition", .nullable(.text())),
        one(
            "points",
            .array(.object([one("run", .text()), one("at", .time), one("value", .nullable(.number))])),
            "Newest first."),
    ])

    private static let schema = Shape.object([
        one("first_seen", .named("Reference")), one("last_seen", .named("Reference")),
        one(
            "fields",
            .array(.object([one("name", .text()), one("type", .text()), one("nullable", .boolean)]))),
    ])

    private static let incident = Shape.object([
        one("id", .text()), one("asset", .text()), one("suite", .text()), one("severity", .choice(severities)),
        one("state", .choice(["open", "acknowledged", "snoozed", "flapping", "muted", "resolved"])),
        one("since", .time), one("resolved_at", .nullable(.time)), one("snoozed_until", .nullable(.time)),
        one("acknowledged_by", .nullable(.text())),
        one("maintenance_until", .nullable(.time), "The end of the window in which nothing is told of its asset."),
        one("maintenance_reason", .nullable(.text())),
        one("muted_by", .nullable(.text()), "The incident upstream that some of it follows from."),
        one("muted_by_asset", .nullable(.text()), "The asset of that incident."), one("alert_count", .integer()),
        one("alerts", .array(.named("Alert")), "The worst first, 20 at most; all are at alerts/{incident}/alerts."),
    ])

    private static let alert = Shape.object([
        one("key", .text()), one("type", .text()), one("columns", .array(.text())),
        one("severity", .choice(severities)), one("sentence", .text()), one("since", .time),
        one("failures", .integer()), one("firing", .boolean),
    ])

    private static let event = Shape.object([
        one("at", .time), one("incident", .text()), one("asset", .text()), one("suite", .text()), one("kind", .text()),
        one("text", .text()), one("actor", .nullable(.text())),
    ])

    private static let deadLetter = Shape.object([
        one("id", .text()), one("route", .text()), one("channel", .text()), one("incident", .text()),
        one("created_at", .time), one("died_at", .time), one("attempts", .integer()), one("reason", .text()),
        one("superseded", .boolean, "its receiver has had a later message of the incident; it isn't sent again"),
    ])

    private static let pipeline = Shape.object([
        one("name", .text()), one("state", .text()), one("reason", .nullable(.text())), one("batches", .integer()),
        one("last_batch_at", .nullable(.time)), one("last_batch_seconds", .nullable(.number)),
        one("last_batch_records", .nullable(.integer())),
        one(
            "hops",
            .array(
                .object(
                    [one("name", .text())]
                        + ["in", "out", "quarantined", "dropped", "filtered", "deduplicated", "late"].map {
                            one($0, .integer())
                        }))),
        one(
            "rules",
            .array(
                .object([one("rule", .text()), one("action", .nullable(.text())), one("count", .integer())])),
            "Records that broke rules when they arrived, the most frequent first."),
        one("backlog_files", .nullable(.integer())), one("backlog_bytes", .nullable(.integer())),
        one("watermark", .nullable(.time)), one("quarantined", .integer()), one("waiting_requests", .integer()),
        one("imbalanced_batches", .array(.integer())),
    ])

    private static let quarantine = Shape.object([
        one("pipeline", .text()), one("status", .choice(QuarantineFilter.Status.allCases.map(\.rawValue))),
        one("count", .integer()),
        one(
            "rules",
            .array(
                .object([
                    one("name", .text()), one("columns", .array(.text())), one("count", .integer()),
                    one("first", .time), one("last", .time), one("file", .nullable(.text())),
                ]))),
        one(
            "records",
            .array(
                .object([
                    one("id", .text()), one("attempt", .integer()), one("at", .time), one("file", .text()),
                    one("row", .integer()), one("rules", .array(.text())), one("errors", .anything),
                    one("resolution", .nullable(.text())),
                ])), "Newest first."),
    ])

    private static let receipt = Shape.object([
        one("request", .text(), "By which what becomes of it is known."),
        one("records", .nullable(.integer())),
    ])

    private static let accepted = Shape.object([
        one("accepted", .integer(), "Records."), optional("segment", .text(), "Where the first one is."),
        optional("offset", .integer(), "A byte of the segment."), optional("repeated", .boolean),
    ])
}
