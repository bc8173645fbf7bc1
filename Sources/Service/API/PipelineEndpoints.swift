import HTTPTypes
import Ledger
import Reports
import Tables

/// Pipelines, and what they kept apart.
struct PipelineEndpoints {
    let pipelines: any PipelineBook

    static let name = Parameter("name", in: .path, .text(limit: 200), "The pipeline's name.")

    static let status = Parameter(
        "status", in: .query, .choice(QuarantineFilter.Status.allCases.map(\.rawValue)), "What became of them.",
        standard: "quarantined")

    static func selection(_ place: Parameter.Place) -> [Parameter] {
        [
            Parameter("rule", in: place, .text(limit: 300), "Which broke this rule."),
            Parameter("file", in: place, .text(limit: 1_000), "Which came in this file."),
            Parameter("since", in: place, .time, "Kept apart then or later."),
            Parameter("until", in: place, .time, "Kept apart before then."),
        ]
    }

    /// The records that a call selects.
    static func filter(_ call: Call) -> QuarantineFilter {
        var filter = QuarantineFilter()
        filter.status = call.text("status").flatMap { QuarantineFilter.Status(rawValue: $0) } ?? .quarantined
        filter.rule = call.text("rule")
        filter.file = call.text("file")
        filter.since = call.time("since")
        filter.until = call.time("until")
        filter.ids = Set(call.list("ids"))
        return filter
    }

    var all: [Endpoint] {
        let pipelines = pipelines
        return [
            .get(
                "/pipelines", "listPipelines", "How pipelines fare.",
                .object([Shape.Property("pipelines", .array(.named("Pipeline")))])
            ) { _ in
                .object([JSON.Member("pipelines", Documents.array(try pipelines.pipelines(), Documents.pipeline))])
            },
            .get("/pipelines/{name}", "getPipeline", "How a pipeline fares.", .named("Pipeline"), [Self.name]) { call in
                guard let pipeline = try pipelines.pipeline(call.required("name")) else { throw Self.unknown }
                return Documents.pipeline(pipeline)
            },
            .get(
                "/pipelines/{name}/quarantine", "listQuarantine",
                "What a pipeline kept apart: counts by rule, and the newest records.", .named("Quarantine"),
                [Self.name, Self.status] + Self.selection(.query) + [RunEndpoints.limit(1_000, standard: 50)]
            ) { call in
                guard
                    let listing = try pipelines.quarantine(
                        call.required("name"), Self.filter(call), limit: call.limit, isUnwanted: call.isUnwanted)
                else { throw Self.unknown }
                return Documents.quarantine(listing)
            }.on(.records),
            request(.replay, "Has records judged again."), request(.release, "Lets records through as they are."),
            request(.discard, "Gives records up."),
        ]
    }

    private func request(_ kind: QuarantineRequest.Kind, _ summary: String) -> Endpoint {
        let pipelines = pipelines
        return .post(
            "/pipelines/{name}/quarantine/\(kind.rawValue)", kind.rawValue + "Records",
            summary + " The pipeline carries it out.",
            .named("Receipt"),
            [
                Self.name, Parameter("ids", in: .body, .texts(limit: 200, count: 1_000), "Records by their ids."),
                Parameter(
                    "reason", in: .body, .text(limit: 1_000), "Why; it is kept with the records.", isRequired: true),
                AlertEndpoints.by,
            ] + Self.selection(.body), alternatives: ["ids"] + Self.selection(.body).map(\.name), status: .accepted
        ) { call in
            let request = QuarantineRequest(
                kind: kind, filter: Self.filter(call), actor: call.person, reason: call.required("reason"))
            guard let receipt = try pipelines.request(request, of: call.required("name"), at: call.now) else {
                throw Self.unknown
            }
            return Documents.receipt(receipt)
        }.on(.records)
    }

    static let unknown = Refusal(
        status: .notFound, code: "unknown-pipeline", message: "there is no pipeline of this name",
        hint: "GET /api/v1/pipelines lists all")
}

/// Validations on demand.
struct TriggerEndpoints {
    let triggers: any TriggerDesk

    var all: [Endpoint] {
        let triggers = triggers
        return [
            .post(
                "/validations/{suite}/{asset}/trigger", "trigger", "Has a suite run on an asset as soon as it may.",
                .named("Receipt"), RunEndpoints.validation + [AlertEndpoints.by], status: .accepted
            ) { call in
                let validation = RunEndpoints.validation(call)
                guard let receipt = try triggers.trigger(validation, by: call.person, at: call.now) else {
                    throw Refusal(
                        status: .notFound, code: "unknown-validation", message: "the project has no such validation")
                }
                return Documents.receipt(receipt)
            }
        ]
    }
}
