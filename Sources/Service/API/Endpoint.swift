import HTTPTypes
import Tables

/// One thing that can be asked of the server: what routes requests, checks them and describes them.
///
/// There is no other list of routes: the router, the checks of parameters and roles and the OpenAPI document are made of these.
struct Endpoint: Sendable {
    /// What its answer depends on.
    enum Memory: Sendable {
        /// The address and the ledger, and nothing else.
        case ledger
        case none
    }

    /// How a body says what it says.
    enum BodyKind: Sendable {
        case json
        /// As a browser sends the form of a page.
        case form
    }

    let method: HTTPRequest.Method
    /// With names in braces, as in `/api/v1/runs/{id}`.
    let path: String
    /// Stable, as in `listRuns`.
    let name: String
    let summary: String
    /// What the answer is; `nil` for what is no JSON.
    let answer: Shape?
    var status: HTTPResponse.Status = .ok
    var kind = Content.Kind.json
    var need: AccessNeed?
    var parameters: [Parameter] = []
    /// Members of the body of which one is wanted at least; empty where none is.
    var alternatives: [String] = []
    /// Of what is posted.
    var body = BodyKind.json
    var memory = Memory.none
    var lane = ReadingLanes.Lane.store
    /// Makes the answer; it may block.
    let handle: @Sendable (Call) throws -> Content

    /// An answer of JSON for whoever may read.
    static func get(
        _ path: String, _ name: String, _ summary: String, _ answer: Shape, _ parameters: [Parameter] = [],
        memory: Memory = .none, handle: @escaping @Sendable (Call) throws -> JSON
    ) -> Endpoint {
        Endpoint(
            method: .get, path: "/api/v1" + path, name: name, summary: summary, answer: answer, need: .read,
            parameters: parameters, memory: memory
        ) { call in Content(try handle(call)) }
    }

    /// The same where the document would be large: its bytes are written as they come.
    static func written(
        _ path: String, _ name: String, _ summary: String, _ answer: Shape, _ parameters: [Parameter] = [],
        memory: Memory = .none, handle: @escaping @Sendable (Call) throws -> [UInt8]
    ) -> Endpoint {
        Endpoint(
            method: .get, path: "/api/v1" + path, name: name, summary: summary, answer: answer, need: .read,
            parameters: parameters, memory: memory
        ) { call in Content(.json, try handle(call)) }
    }

    /// Something that changes things, for whoever may operate.
    static func post(
        _ path: String, _ name: String, _ summary: String, _ answer: Shape, _ parameters: [Parameter] = [],
        alternatives: [String] = [], status: HTTPResponse.Status = .ok,
        handle: @escaping @Sendable (Call) throws -> JSON
    ) -> Endpoint {
        Endpoint(
            method: .post, path: "/api/v1" + path, name: name, summary: summary, answer: answer, status: status,
            need: .operate, parameters: parameters, alternatives: alternatives
        ) { call in Content(try handle(call), status: status) }
    }

    /// A page for whoever may read.
    static func page(
        _ path: String, _ summary: String, _ parameters: [Parameter] = [], memory: Memory = .none,
        handle: @escaping @Sendable (Call) throws -> String
    ) -> Endpoint {
        Endpoint(
            method: .get, path: path, name: "", summary: summary, answer: nil, kind: .page, need: .read,
            parameters: parameters, memory: memory
        ) { call in Content(page: try handle(call)) }
    }

    /// A page that has forms for whoever may operate.
    static func page(
        withForms path: String, _ summary: String, handle: @escaping @Sendable (Call) throws -> String
    ) -> Endpoint {
        Endpoint(
            method: .get, path: path, name: "", summary: summary, answer: nil, kind: .page, need: .read
        ) { call in Content(page: try handle(call), hasForms: true) }
    }

    /// What a page's form does, for whoever may operate; gives the path of the page to go on with.
    static func form(
        _ path: String, _ summary: String, _ parameters: [Parameter],
        handle: @escaping @Sendable (Call) throws -> String
    ) -> Endpoint {
        Endpoint(
            method: .post, path: path, name: "", summary: summary, answer: nil, status: .seeOther, kind: .page,
            need: .operate, parameters: parameters, body: .form
        ) { call in Content(seeOther: try handle(call)) }
    }

    /// The same, answered in another lane.
    func on(_ lane: ReadingLanes.Lane) -> Endpoint {
        var endpoint = self
        endpoint.lane = lane
        return endpoint
    }

    var isPage: Bool { kind == .page }
    var hasBody: Bool { method == .post }

    /// The same with names as the router wants them, behind colons.
    var routerPath: String {
        path.split(separator: "/", omittingEmptySubsequences: false)
            .map { $0.hasPrefix("{") ? ":" + $0.dropFirst().dropLast() : String($0) }.joined(separator: "/")
    }

    /// The parameter of a name; throws where it takes none such.
    func parameter(_ name: String, in place: Parameter.Place) throws -> Parameter {
        let known = parameters.filter { $0.place == place }
        if let parameter = known.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) { return parameter }
        let nearest = Suggestion.nearest(to: String(name.prefix(100)), among: known.map(\.name))
        throw Refusal(
            status: .badRequest, code: "unknown-parameter", message: "\"\(name.prefix(100))\" is not known here",
            hint: nearest.map { "did you mean \"\($0)\"?" }
                ?? (known.isEmpty ? "it takes none" : "it takes \(known.map(\.name).joined(separator: ", "))"))
    }
}
