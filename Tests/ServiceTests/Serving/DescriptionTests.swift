import Service
import Tables
import Testing

/// The OpenAPI document against the server that it describes.
@Suite struct DescriptionTests {
    @Test func everyPathAnswersAsItIsDescribed() async throws {
        let server = try await DeskServer()
        let document = try await server.document("/api/v1/openapi.json")
        #expect(document["openapi"]?.string == "3.1.0")
        let paths = try #require(document["paths"]?.members)
        #expect(paths.count >= 20)
        var names: Set<String> = []
        for path in paths {
            for operation in try #require(path.value.members) {
                let name = try #require(operation.value["operationId"]?.string)
                #expect(names.insert(name).inserted, "\(name) stands twice")
                let address = path.name.replacing("{", with: "").replacing("}", with: "")
                let method = operation.name.uppercased()
                let answer = try await server.ask(address, method: method, body: method == "POST" ? "{}" : nil)
                #expect(
                    operation.value["responses"]?["\(answer.status)"] != nil, "\(method) \(path.name): \(answer.status)"
                )
                #expect(answer.code != "not-found", "\(method) \(path.name)")
            }
            let described = Set(try #require(path.value.members).map { $0.name.uppercased() })
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
            where !described.contains(method) {
                let address = path.name.replacing("{", with: "").replacing("}", with: "")
                let answer = try await server.ask(address, method: method)
                #expect(
                    answer.status == 405 && answer.field("Allow") != nil, "\(method) \(path.name): \(answer.status)")
            }
        }
        try await server.stop()
    }

    /// What is said of tokens is what this server wants.
    @Test func saysWhoMay() async throws {
        let open = try await DeskServer()
        let free = try await open.document("/api/v1/openapi.json")
        #expect(free["components"]?["securitySchemes"] == nil)
        for path in try #require(free["paths"]?.members) {
            for operation in path.value.members ?? [] {
                #expect(operation.value["security"] == nil, "\(path.name)")
                #expect(operation.value["responses"]?["401"] == nil, "\(path.name)")
            }
        }
        try await open.stop()

        let server = try await DeskServer(tokens: true)
        let bearer = ["Authorization: Bearer \(DeskServer.readToken)"]
        let document = try await server.ask("/api/v1/openapi.json", fields: bearer).json
        func security(_ method: String, _ path: String) -> [String]? {
            document["paths"]?[path]?[method]?["security"]?.items?.compactMap { $0.members?.first?.name }
        }
        #expect(security("get", "/api/v1/runs") == ["bearer", "password"])
        #expect(security("get", "/metrics") == ["bearer", "password"])
        #expect(security("post", "/ingest/{pipeline}") == ["bearer", "token"])
        for path in ["/healthz", "/readyz"] {
            #expect(document["paths"]?[path]?["get"] != nil && security("get", path) == nil)
        }
        for name in ["bearer", "password", "token"] {
            #expect(document["components"]?["securitySchemes"]?[name] != nil)
        }
        try await server.stop()
    }

    @Test func everyReferenceLeadsSomewhere() async throws {
        let server = try await DeskServer()
        let document = try await server.document("/api/v1/openapi.json")
        func references(_ json: JSON) -> [String] {
            switch json {
            case .object(let members):
                members.flatMap { $0.name == "$ref" ? [$0.value.string ?? ""] : references($0.value) }
            case .array(let items): items.flatMap { references($0) }
            default: []
            }
        }
        let prefix = "#/components/schemas/"
        for reference in references(document) {
            #expect(
                document["components"]?["schemas"]?[String(reference.dropFirst(prefix.count))] != nil, "\(reference)")
        }
        try await server.stop()
    }
}
