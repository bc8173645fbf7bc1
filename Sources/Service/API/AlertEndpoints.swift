import HTTPTypes
import Ledger
import Reports
import Tables

/// Incidents, and what is still to be sent of them.
struct AlertEndpoints {
    let alerts: any AlertBook

    static let by = Parameter("by", in: .body, .text(limit: 100), "Who does it; the token's name, or api, when absent.")
    private static let note = Parameter("note", in: .body, .text(limit: 1_000), "Words for those who read it.")
    static let incident = Parameter("incident", in: .path, .text(limit: 200), "The incident's id.")
    private static let alert = Parameter(
        "alert", in: .body, .text(limit: 200), "The key of one of its alerts, or its beginning; all where it is absent."
    )

    var all: [Endpoint] {
        let alerts = alerts
        return [
            .get(
                "/alerts", "listAlerts", "Open incidents, and what happened lately, newest first.",
                .object([
                    Shape.Property("incidents", .array(.named("Incident"))),
                    Shape.Property("events", .array(.named("Event"))),
                ]),
                [
                    RunEndpoints.asset,
                    Parameter("incident", in: .query, .text(limit: 200), "Events of this incident."),
                    RunEndpoints.limit(500, standard: 100),
                ]
            ) { call in
                .object([
                    JSON.Member(
                        "incidents",
                        Documents.array(
                            try alerts.openIncidents(asset: call.text("asset"), limit: call.limit), Documents.incident)),
                    JSON.Member(
                        "events",
                        Documents.array(
                            try alerts.events(incident: call.text("incident"), limit: call.limit), Documents.event)),
                ])
            },
            .get(
                "/alerts/{incident}/alerts", "listAlertsOfIncident", "An incident's alerts, the worst first.",
                .object([
                    Shape.Property("alerts", .array(.named("Alert"))),
                    Shape.Property(
                        "next", .nullable(.text()), "Say it as cursor for the next page; null behind the last."),
                ]),
                [
                    Self.incident, RunEndpoints.limit(500, standard: 100),
                    Parameter("cursor", in: .query, .integer(0...1_000_000_000), "Where the page before ended."),
                ]
            ) { call in
                let start = Int(call.number("cursor") ?? 0)
                // One more than is listed says whether there are more.
                let found = try alerts.alerts(
                    ofIncident: call.required("incident"), after: start, limit: call.limit + 1)
                guard let found else { throw Self.unknown }
                let next = found.count > call.limit ? JSON.string("\(start + call.limit)") : .null
                return .object([
                    JSON.Member("alerts", Documents.array(found.prefix(call.limit), Documents.alert)),
                    JSON.Member("next", next),
                ])
            },
            .post(
                "/alerts/{incident}/acknowledge", "acknowledge",
                "Takes an incident on, or one of its alerts: reminders stop.", .named("Incident"),
                [
                    Self.incident, Self.alert,
                    Parameter("until", in: .body, .time, "Until when; until all is over where it is absent."),
                    Self.by, Self.note,
                ]
            ) { call in
                try Self.document(
                    alerts.acknowledge(
                        Self.target(call), until: Self.end(call), by: call.person, note: call.text("note"),
                        at: call.now))
            },
            .post(
                "/alerts/{incident}/snooze", "snooze",
                "Nothing is sent of an incident, or of one of its alerts, until then.",
                .named("Incident"),
                [
                    Self.incident, Self.alert,
                    Parameter("until", in: .body, .time, "Until when.", isRequired: true), Self.by, Self.note,
                ]
            ) { call in
                try Self.document(
                    alerts.snooze(
                        Self.target(call), until: Self.end(call) ?? call.now, by: call.person,
                        note: call.text("note"), at: call.now))
            },
            .post(
                "/alerts/{incident}/unsnooze", "unsnooze", "Ends a snooze.", .named("Incident"),
                [Self.incident, Self.alert, Self.by, Self.note]
            ) { call in
                try Self.document(
                    alerts.unsnooze(
                        Self.target(call), by: call.person, note: call.text("note"), at: call.now))
            },
        ]
    }

    private static func target(_ call: Call) -> AlertTarget {
        AlertTarget(incident: call.required("incident"), alert: call.text("alert"))
    }

    /// When it ends; `nil` where nobody said.
    private static func end(_ call: Call) throws -> Int64? {
        guard let until = call.time("until") else { return nil }
        guard until > call.now else {
            throw Refusal(status: .conflict, code: "time-is-past", message: "until is in the past")
        }
        return until
    }

    static let unknown = Refusal(
        status: .notFound, code: "unknown-incident", message: "there is no incident of this id",
        hint: "GET /api/v1/alerts lists those that are open")

    private static func document(_ incident: IncidentEntry?) throws -> JSON {
        guard let incident else { throw unknown }
        return Documents.incident(incident)
    }
}

/// Messages that couldn't be delivered.
struct OutboxEndpoints {
    let outbox: any OutboxBook

    var all: [Endpoint] {
        let outbox = outbox
        let retried = Shape.object([Shape.Property("retried", .integer())])
        return [
            .get(
                "/outbox/dead", "listDeadLetters", "Messages that are not tried any more, newest first.",
                .object([
                    Shape.Property("waiting", .integer()), Shape.Property("dead", .integer()),
                    Shape.Property("letters", .array(.named("DeadLetter"))),
                ]), [RunEndpoints.limit(500, standard: 100)]
            ) { call in
                let standing = try outbox.standing()
                return .object([
                    JSON.Member("waiting", .integer(standing.waiting)), JSON.Member("dead", .integer(standing.dead)),
                    JSON.Member(
                        "letters", Documents.array(try outbox.deadLetters(limit: call.limit), Documents.deadLetter)),
                ])
            },
            .post(
                "/outbox/dead/retry", "retryDeadLetters", "Has dead letters tried again: all, or one.", retried,
                [Parameter("id", in: .body, .text(limit: 300), "The letter's id; all where it is absent.")]
            ) { call in
                let count = try outbox.retry(call.text("id"), at: call.now)
                guard count > 0 || call.text("id") == nil else {
                    throw Refusal(
                        status: .notFound, code: "unknown-letter", message: "there is no dead letter of this id")
                }
                return .object([JSON.Member("retried", .integer(count))])
            },
        ]
    }
}
