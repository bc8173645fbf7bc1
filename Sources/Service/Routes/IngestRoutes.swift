import HTTPTypes
import Hummingbird
import Intake
import Logging
import Tables

/// `POST /ingest/<pipeline>`: records in, answered when they are durable.
struct IngestRoutes: ServerRoutes {
    let pipelines: IngestTable
    let tokens: AccessTokens
    let limits: ServerLimits
    let inFlight: InFlight
    let isStopping: @Sendable () -> Bool

    static let path = "/ingest/{pipeline}"

    func add(to router: Router<ServerContext>) {
        router.post("/ingest/:pipeline") { request, context in try await take(request, context) }
    }

    private func take(_ request: Request, _ context: ServerContext) async throws -> Response {
        let name = Self.name(try context.parameters.require("pipeline"))
        try checkAccess(request, pipeline: name)
        guard let standing = pipelines.standing(of: name) else { throw unknown(name) }
        guard !isStopping(), case .taking(let pipeline) = standing else { throw Self.stopping }
        guard let place = inFlight.enter() else { throw BodyReader.noRoom(limits) }
        let format = try IngestFormat(request.headers)
        let spoolLimits = pipeline.spool.limits
        let reader = BodyReader(limits: limits, maximumBytes: spoolLimits.maximumRequestBytes)
        let body = try await reader.read(request, context, place)
        let text = try format.text(body, limits: spoolLimits, place, limits)
        do {
            let records = try Self.records(text, isDocument: format.isDocument, request.headers, pipeline)
            let receipt = try await pipeline.spool.append(records)
            if receipt.differs {
                context.logger.warning(
                    "a message came again with another content, which is not taken",
                    metadata: [
                        "pipeline": "\(name)", "segment": "\(receipt.segment)", "offset": "\(receipt.byteOffset)",
                    ])
            }
            return Self.answer(receipt)
        } catch let error as SpoolError { throw Refusal(error, limits) }
    }

    /// A pipeline's name as the address has it, with `%XX` as what they stand for.
    ///
    /// What stands for no text, or for a part of a path, stays as it is: no pipeline is called so.
    private static func name(_ text: String) -> String {
        guard let name = QueryText.decoded(text), !name.utf8.contains(where: { [0x00, 0x2F].contains($0) }) else {
            return text
        }
        return name
    }

    /// What a body has.
    private static func records(
        _ text: [UInt8], isDocument: Bool, _ headers: HTTPFields, _ pipeline: IngestPipeline
    ) throws -> SpoolRequest {
        let limits = pipeline.spool.limits
        let key = try key(headers)
        guard isDocument else { return try SpoolRequest(lines: text, key: key, limits: limits) }
        if pipeline.envelope != .none,
            let message = try PubSubEnvelope(text, isExpected: pipeline.envelope == .pubsub)
        {
            return try message.request(keepsAttributes: pipeline.keepsAttributes, limits: limits)
        }
        return try SpoolRequest(json: text, key: key, limits: limits)
    }

    /// What the client calls the request; Pub/Sub says it in a field where it pushes messages without an envelope.
    private static func key(_ headers: HTTPFields) throws -> RequestKey? {
        if let text = headers[.idempotencyKey] {
            guard (1...255).contains(text.utf8.count) else {
                throw Refusal(status: .badRequest, code: "bad-key", message: "Idempotency-Key has 1 through 255 bytes")
            }
            return RequestKey(idempotencyKey: text)
        }
        return headers[.pubSubMessageId].map { id in
            RequestKey(messageId: id, subscription: headers[.pubSubSubscription] ?? "")
        }
    }

    private static func answer(_ receipt: SpoolReceipt) -> Response {
        var members = [JSON.Member("accepted", .integer(receipt.records))]
        if receipt.records > 0 {
            members.append(JSON.Member("segment", .string(receipt.segment)))
            members.append(JSON.Member("offset", .integer(receipt.byteOffset)))
        }
        if receipt.isRepeated { members.append(JSON.Member("repeated", .boolean(true))) }
        if receipt.differs { members.append(JSON.Member("differs", .boolean(true))) }
        return Answer.json(.object(members), status: .accepted)
    }
}

extension IngestRoutes {
    /// Wants a token where there are some: as a bearer's, or as `token` in the address for senders that can't set fields.
    ///
    /// Never as a password: a browser would send it along with whatever another site's page posts.
    private func checkAccess(_ request: Request, pipeline: String) throws {
        var secret = PresentedSecret.bearer(request.headers)
        if secret.isEmpty { secret = request.uri.queryParameters["token"].map(String.init) ?? "" }
        let need = AccessNeed.ingest(pipeline: pipeline)
        if let refusal = Refusal(tokens.verdict(on: secret.utf8, for: need), on: need) { throw refusal }
    }

    private func unknown(_ name: String) -> Refusal {
        let nearest = Suggestion.nearest(to: name, among: pipelines.names)
        return Refusal(
            status: .notFound, code: "unknown-pipeline", message: "there is no pipeline \"\(name.prefix(100))\"",
            hint: nearest.map { "did you mean \"\($0)\"?" }, closesConnection: true)
    }

    private static let stopping = Refusal(
        status: .serviceUnavailable, code: "stopping", message: "the service is being stopped", retryAfter: 5,
        closesConnection: true)
}

extension Refusal {
    /// What a client is told of a request that the spool refused; paths are nobody's business there.
    init(_ error: SpoolError, _ limits: ServerLimits) {
        let status: HTTPResponse.Status =
            switch error.code {
            case "bad-json": .badRequest
            case "record-too-long", "request-too-large": .contentTooLarge
            case "key-reused": .unprocessableContent
            case "spool-full", "spool-busy": .tooManyRequests
            default: .serviceUnavailable
            }
        self.init(
            status: status, code: error.code, message: error.message, byteOffset: error.byteOffset, hint: error.hint,
            retryAfter: error.mayHelpToRetry ? max(1, limits.retryAfter.components.seconds) : nil)
    }
}
