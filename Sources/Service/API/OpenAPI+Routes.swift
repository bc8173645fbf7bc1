import Tables

/// What a request shows to be let in.
extension OpenAPI {
    enum Secret: String, CaseIterable {
        case bearer
        case password
        /// Of a sender of records that can't set fields.
        case token

        var scheme: JSON {
            switch self {
            case .bearer: .object([member("type", "http"), member("scheme", "bearer")])
            case .password: .object([member("type", "http"), member("scheme", "basic")])
            case .token: .object([member("type", "apiKey"), member("in", "query"), member("name", "token")])
            }
        }
    }
}

/// What is answered besides endpoints.
extension OpenAPI {
    /// Records that are posted to a pipeline.
    var ingest: JSON {
        var members = [
            Self.member("operationId", "postRecords"),
            Self.member("summary", "Takes records for a pipeline; the answer comes when they are durable."),
        ]
        members += security([.bearer, .token], for: "ingest")
        members += [
            JSON.Member("parameters", .array([Self.pipeline, Self.key])),
            JSON.Member(
                "requestBody",
                .object([
                    JSON.Member("required", .boolean(true)),
                    JSON.Member(
                        "content",
                        .object([
                            Self.records("application/x-ndjson", .object([Self.member("type", "string")])),
                            Self.records("application/json", Shape.anything.schema),
                        ])),
                ])),
            JSON.Member(
                "responses",
                .object(
                    [Self.response(202, "They are on disk.", "application/json", Shape.named("Accepted").schema)]
                        + (refusals + Self.complaints).map { Self.problem($0, $1) })),
        ]
        return .object(members)
    }

    private static let pipeline = JSON.object([
        member("name", "pipeline"), member("in", "path"), member("description", "The pipeline's name."),
        JSON.Member("required", .boolean(true)), JSON.Member("schema", Shape.text().schema),
    ])

    private static let key = JSON.object([
        member("name", "Idempotency-Key"), member("in", "header"),
        member("description", "A request that comes again with its key is taken once. It has 1 through 255 bytes."),
        JSON.Member("required", .boolean(false)), JSON.Member("schema", Shape.text(limit: 255).schema),
    ])

    private static func records(_ type: String, _ schema: JSON) -> JSON.Member {
        JSON.Member(type, .object([JSON.Member("schema", schema)]))
    }

    private static let complaints = [
        (400, "The body is damaged."), (404, "There is no pipeline of that name."), (408, "The body was too slow."),
        (411, "The body's length is not said."), (413, "The body, or a record, is too large."),
        (415, "The body's type, or how it is packed, is not understood."),
        (422, "Another request came under this key."), (429, "More comes than is read."),
        (503, "The service is being stopped, or its disk is in trouble."),
    ]

    /// Whether the process lives, or does its work.
    func health(_ path: String) -> JSON {
        let answer = Shape.object([Shape.Property("status", .choice(["ok", "unavailable"]))]).schema
        let isReadiness = path == "/readyz"
        var responses = [Self.response(200, "It does.", "application/json", answer)]
        if isReadiness {
            responses.append(Self.response(503, "It doesn't; the log says why.", "application/json", answer))
        }
        return .object([
            Self.member("operationId", isReadiness ? "getReadiness" : "getHealth"),
            Self.member("summary", isReadiness ? "Whether the service does its work." : "Whether the process lives."),
            JSON.Member("responses", .object(responses)),
        ])
    }
}
