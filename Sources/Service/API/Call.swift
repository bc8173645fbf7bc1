import HTTPTypes
import Hummingbird
import Tables

/// A request whose parameters are all known and within their limits.
struct Call: Sendable {
    private let values: [Key: String]
    private let lists: [Key: [String]]
    /// Microseconds since 1970-01-01T00:00:00Z.
    let now: Int64
    /// Who asks, by the name that a browser was given, which may be empty; `nil` where who asks may change nothing.
    let actor: String?
    /// The name of the token that the request shows; `nil` where it has none.
    let token: String?
    /// Whether nobody waits for the answer any more: what takes long asks now and then, and throws `CancellationError`.
    var isUnwanted: @Sendable () -> Bool = { false }

    private struct Key: Hashable {
        let name: String
        let place: Parameter.Place

        init(_ parameter: Parameter) {
            name = parameter.name
            place = parameter.place
        }

        init(_ name: String, _ place: Parameter.Place) {
            self.name = name
            self.place = place
        }
    }

    /// Checks what a request says against what an endpoint takes; unknown names are refused.
    init(
        _ endpoint: Endpoint, request: Request, path: Parameters, body: JSON?, actor: String?, token: String?,
        now: Int64
    ) throws {
        self.now = now
        self.actor = actor
        self.token = token
        var values: [Key: String] = [:]
        var lists: [Key: [String]] = [:]
        for parameter in endpoint.parameters where parameter.place == .path {
            guard let raw = path.get(parameter.name), let text = QueryText.decoded(raw) else { throw Self.badEncoding }
            values[Key(parameter)] = try parameter.checked(text)
        }
        guard let items = QueryText.items(request.uri.query) else { throw Self.badEncoding }
        for (name, value) in items {
            let parameter = try endpoint.parameter(name, in: .query)
            guard values.updateValue(try parameter.checked(value), forKey: Key(parameter)) == nil else {
                throw Refusal(
                    status: .badRequest, code: "repeated-parameter", message: "\"\(parameter.name)\" is said twice")
            }
        }
        for member in body?.members ?? [] {
            let parameter = try endpoint.parameter(member.name, in: .body)
            if case .texts(_, let count) = parameter.kind {
                let items = try (member.value.items ?? []).map { try parameter.checked($0.string ?? "") }
                guard (1...count).contains(items.count) else {
                    throw Self.badMember(parameter, "has 1 through \(count) texts")
                }
                lists[Key(parameter)] = items
            } else {
                guard let text = member.value.string else { throw Self.badMember(parameter, "is a text") }
                values[Key(parameter)] = try parameter.checked(text)
            }
        }
        for parameter in endpoint.parameters where values[Key(parameter)] == nil && lists[Key(parameter)] == nil {
            if let standard = parameter.standard {
                values[Key(parameter)] = standard
            } else if parameter.isRequired {
                throw Refusal(
                    status: .badRequest, code: "missing-parameter", message: "\"\(parameter.name)\" is missing",
                    hint: parameter.summary)
            }
        }
        self.values = values
        self.lists = lists
        let said = Set((body?.members ?? []).map(\.name))
        guard endpoint.alternatives.isEmpty || endpoint.alternatives.contains(where: said.contains) else {
            throw Refusal(
                status: .badRequest, code: "missing-parameter",
                message: "one of \(endpoint.alternatives.joined(separator: ", ")) is wanted at least")
        }
    }

    /// The value of an optional parameter; where it isn't said in which place, it is the first of path, query and body.
    func text(_ name: String, in place: Parameter.Place? = nil) -> String? {
        if let place { return values[Key(name, place)] }
        return values[Key(name, .path)] ?? values[Key(name, .query)] ?? values[Key(name, .body)]
    }

    /// Texts of the body.
    func list(_ name: String) -> [String] { lists[Key(name, .body)] ?? [] }

    /// The value of a parameter that is required, or has a standard.
    func required(_ name: String) -> String { text(name) ?? "" }

    func integer(_ name: String) -> Int? { text(name).flatMap { Parameter.integer($0) } }

    /// Who asks, as it is kept: whom the request names, and whose token it was; a token without a name says nothing.
    var person: String {
        guard let said = text("by") else { return token ?? "api" }
        return token.map { $0 == said ? said : "\(said) (\($0))" } ?? said
    }

    /// Of a parameter that has a standard.
    var limit: Int { integer("limit") ?? 0 }

    /// Microseconds since 1970-01-01T00:00:00Z.
    func time(_ name: String) -> Int64? { text(name).flatMap { Parameter.time($0) } }

    func number(_ name: String) -> Int64? { integer(name).map { Int64($0) } }

    private static let badEncoding = Refusal(
        status: .badRequest, code: "bad-address", message: "the address has a damaged %XX, or is not in UTF-8")

    private static func badMember(_ parameter: Parameter, _ rule: String) -> Refusal {
        Refusal(status: .badRequest, code: "bad-parameter", message: "\(parameter.name) \(rule)")
    }
}
