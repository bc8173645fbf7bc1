import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypes

/// Reads a request's body into memory, within the limits on its size, on all bodies together, and on time.
struct BodyReader: Sendable {
    let limits: ServerLimits
    let maximumBytes: Int

    /// The whole body.
    ///
    /// Of a body that ends too early nothing is given.
    func read(_ request: Request, _ context: ServerContext, _ place: InFlight.Place) async throws -> [UInt8] {
        let announced = try announcedBytes(request.headers)
        if request.headers[.expect]?.lowercased() == "100-continue" {
            // The client waits until somebody wants its body.
            let part = HTTPResponsePart.head(HTTPResponse(status: .continue))
            try await context.channel.writeAndFlush(part)
        }
        let bytes = try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
            group.addTask { try await collect(request.body, announced: announced, place) }
            group.addTask {
                try await Task.sleep(for: limits.bodyTime)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        guard let bytes else {
            throw Refusal(
                status: .requestTimeout, code: "too-slow",
                message: "the body did not come within \(limits.bodyTime.components.seconds) seconds",
                closesConnection: true)
        }
        return bytes
    }

    /// What the head says of the body's length; `nil` for one that comes in chunks.
    private func announcedBytes(_ headers: HTTPFields) throws -> Int? {
        guard let length = headers[.contentLength] else {
            guard headers[.transferEncoding] != nil else {
                throw Refusal(
                    status: .lengthRequired, code: "length-required", message: "the request says no length of its body",
                    hint: "send Content-Length, or chunks", closesConnection: true)
            }
            return nil
        }
        guard let count = Int(length), count >= 0 else {
            throw Refusal(
                status: .badRequest, code: "bad-length", message: "Content-Length is no number", closesConnection: true)
        }
        guard count <= maximumBytes else { throw tooLarge }
        return count
    }

    private var tooLarge: Refusal {
        Refusal(
            status: .contentTooLarge, code: "request-too-large",
            message: "the body has more than \(maximumBytes) bytes",
            hint: "send it in several parts", closesConnection: true)
    }

    private func collect(_ body: RequestBody, announced: Int?, _ place: InFlight.Place) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            for try await part in body {
                guard part.readableBytes <= maximumBytes - bytes.count else { throw tooLarge }
                guard place.take(part.readableBytes) else { throw Self.noRoom(limits) }
                bytes.append(contentsOf: part.readableBytesView)
            }
        } catch let refusal as Refusal {
            throw refusal
        } catch is CancellationError {
            throw CancellationError()
        } catch { throw Self.cutShort }
        try Task.checkCancellation()
        guard bytes.count == announced ?? bytes.count else { throw Self.cutShort }
        return bytes
    }

    private static let cutShort = Refusal(
        status: .badRequest, code: "cut-short", message: "the body ended before its end", closesConnection: true)

    static func noRoom(_ limits: ServerLimits) -> Refusal {
        Refusal(
            status: .tooManyRequests, code: "too-many-requests", message: "too many requests are being read",
            retryAfter: max(1, limits.retryAfter.components.seconds), closesConnection: true)
    }
}
