import HTTPTypes
import Tables

/// The description of a server in OpenAPI 3.1, made of the endpoints themselves; what people see in browsers is left out.
struct OpenAPI {
    let version: String
    /// Whether everything is allowed to everybody: there are no tokens.
    let isOpen: Bool

    func document(_ endpoints: [Endpoint]) -> JSON {
        let documented = endpoints.filter { !$0.isPage }
        var paths: [String] = []
        for endpoint in documented where !paths.contains(endpoint.path) { paths.append(endpoint.path) }
        return .object([
            JSON.Member("openapi", .string("3.1.0")),
            JSON.Member(
                "info",
                .object([
                    JSON.Member("title", .string("Assay")),
                    JSON.Member(
                        "summary", .string("Results of validations, alerts, pipelines and what they kept apart.")),
                    JSON.Member("version", .string(version.isEmpty ? "1" : version)),
                ])),
            JSON.Member(
                "paths",
                .object(
                    paths.map { path in
                        JSON.Member(
                            path,
                            .object(
                                documented.filter { $0.path == path }.map {
                                    JSON.Member($0.method.rawValue.lowercased(), operation($0))
                                }))
                    } + [JSON.Member(IngestRoutes.path, .object([JSON.Member("post", ingest)]))]
                        + HealthRoutes.paths.map { JSON.Member($0, .object([JSON.Member("get", health($0))])) })),
            JSON.Member("components", .object(components)),
        ])
    }

    private var components: [JSON.Member] {
        let schemas = JSON.Member("schemas", .object(Shapes.all.map { JSON.Member($0.name, $0.shape.schema) }))
        guard !isOpen else { return [schemas] }
        return [
            schemas,
            JSON.Member("securitySchemes", .object(Secret.allCases.map { JSON.Member($0.rawValue, $0.scheme) })),
        ]
    }

    static func member(_ name: String, _ text: String) -> JSON.Member { JSON.Member(name, .string(text)) }

    private func operation(_ endpoint: Endpoint) -> JSON {
        var members = [Self.member("operationId", endpoint.name), Self.member("summary", endpoint.summary)]
        if let need = endpoint.need {
            members += security([.bearer, .password], for: need == .operate ? "operate" : "read")
        }
        let parameters = endpoint.parameters.filter { $0.place != .body }
        if !parameters.isEmpty {
            members.append(JSON.Member("parameters", .array(parameters.map { Self.parameter($0) })))
        }
        if endpoint.hasBody { members.append(JSON.Member("requestBody", Self.body(endpoint))) }
        members.append(JSON.Member("responses", .object(responses(endpoint))))
        return .object(members)
    }

    /// What a request must show, and the role that this must have; nothing where there are no tokens.
    func security(_ secrets: [Secret], for role: String) -> [JSON.Member] {
        guard !isOpen else { return [] }
        return [
            JSON.Member("security", .array(secrets.map { .object([JSON.Member($0.rawValue, .array([]))]) })),
            Self.member("description", "Wants the role \(role)."),
        ]
    }

    private static func parameter(_ parameter: Parameter) -> JSON {
        .object([
            member("name", parameter.name), member("in", parameter.place.rawValue),
            member("description", parameter.summary), JSON.Member("required", .boolean(parameter.isRequired)),
            JSON.Member("schema", parameter.schema),
        ])
    }

    private static func body(_ endpoint: Endpoint) -> JSON {
        let members = endpoint.parameters.filter { $0.place == .body }
        let required = members.filter(\.isRequired).map { JSON.string($0.name) }
        var schema = [
            member("type", "object"),
            JSON.Member(
                "properties",
                .object(
                    members.map { parameter in
                        JSON.Member(
                            parameter.name,
                            .object((parameter.schema.members ?? []) + [member("description", parameter.summary)]))
                    })), JSON.Member("additionalProperties", .boolean(false)),
        ]
        if !required.isEmpty { schema.append(JSON.Member("required", .array(required))) }
        if !endpoint.alternatives.isEmpty {
            let each = endpoint.alternatives.map { JSON.object([JSON.Member("required", .array([.string($0)]))]) }
            schema.append(JSON.Member("anyOf", .array(each)))
        }
        return .object([
            JSON.Member("required", .boolean(true)), content("application/json", .object(schema)),
        ])
    }

    static func content(_ type: String, _ schema: JSON) -> JSON.Member {
        JSON.Member("content", .object([JSON.Member(type, .object([JSON.Member("schema", schema)]))]))
    }

    private func responses(_ endpoint: Endpoint) -> [JSON.Member] {
        let type = String(endpoint.kind.mediaType.prefix { $0 != ";" })
        let schema = endpoint.answer?.schema ?? .object([Self.member("type", "string")])
        var responses = [Self.response(endpoint.status.code, "Done.", type, schema)]
        responses += problems(endpoint).map { Self.problem($0, $1) }
        if endpoint.method == .get {
            responses.append(
                JSON.Member(
                    "304", .object([Self.member("description", "The client has it: If-None-Match named its tag.")])))
        }
        return responses
    }

    static func response(_ status: Int, _ words: String, _ type: String, _ schema: JSON) -> JSON.Member {
        JSON.Member("\(status)", .object([member("description", words), content(type, schema)]))
    }

    static func problem(_ status: Int, _ words: String) -> JSON.Member {
        response(status, words, "application/json", Shape.named("Problem").schema)
    }

    /// What those are told who show no token, or not the right one.
    var refusals: [(Int, String)] {
        let foreign = "another site's page asks."
        guard !isOpen else { return [(403, "A" + foreign.dropFirst())] }
        return [(401, "No token, or none that is known."), (403, "The token's role doesn't allow this, or \(foreign)")]
    }

    private func problems(_ endpoint: Endpoint) -> [(Int, String)] {
        var problems = [(400, "A parameter is unknown, missing, said twice or out of its range.")]
        if endpoint.need != nil { problems += refusals }
        if endpoint.hasBody || endpoint.parameters.contains(where: { $0.place == .path }) {
            problems.append((404, "There is nothing of that name."))
        }
        if endpoint.hasBody {
            problems += [
                (408, "The body was too slow."), (409, "It can't be done as things stand."),
                (411, "The body's length is not said."),
                (413, "The body is too large."), (415, "The body is no JSON."), (429, "Too many requests at a time."),
            ]
        }
        problems.append((503, "What answers is not there at the moment."))
        return problems
    }
}
