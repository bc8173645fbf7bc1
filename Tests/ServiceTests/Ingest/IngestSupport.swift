import Foundation
import Glibc
import Intake
import Service
import Synchronization
import TestSupport

/// Runs what blocks on a thread of its own.
func blocking<Answer: Sendable>(_ body: @escaping @Sendable () throws -> Answer) async throws -> Answer {
    try await withCheckedThrowingContinuation { continuation in
        Thread { continuation.resume(with: Result { try body() }) }.start()
    }
}

/// An answer, as it came.
struct RawAnswer: Sendable {
    let status: Int
    let head: String
    let body: String

    /// The text of a member of the error, or of the answer itself.
    func member(_ name: String) -> String? {
        guard let found = body.range(of: "\"\(name)\":") else { return nil }
        let rest = body[found.upperBound...].drop { $0 == "\"" }
        return String(rest.prefix { $0 != "\"" && $0 != "," && $0 != "}" })
    }
}

/// A connection that sends bytes as they are, valid HTTP or not.
final class RawClient {
    private let socket: Int32
    private var received: [UInt8] = []

    struct Failure: Error { let reason: String }

    init(port: Int) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        var timeout = timeval(tv_sec: 600, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        guard result == 0 else { throw Failure(reason: "no connection") }
    }

    deinit { close(socket) }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(reason: "the connection is closed") }
            sent += count
        }
    }

    /// No more will be sent.
    func endSending() { shutdown(socket, Int32(SHUT_WR)) }

    /// Whether the server closed the connection, and sent nothing before.
    func isClosedByServer() -> Bool {
        var byte: UInt8 = 0
        let count = recv(socket, &byte, 1, 0)
        return count == 0 || (count < 0 && errno != EAGAIN)
    }

    /// The next answer, with a body of a known length, or without one.
    func answer(hasBody: Bool = true) throws -> RawAnswer {
        while true {
            if let end = headEnd() {
                let head = String(decoding: received[..<end], as: UTF8.self)
                let length =
                    !hasBody || head.hasPrefix("HTTP/1.1 304")
                    ? 0
                    : head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
                        .flatMap { Int($0.split(separator: " ").last ?? "") } ?? 0
                while received.count < end + 4 + length { try receive() }
                let body = String(decoding: received[(end + 4)..<(end + 4 + length)], as: UTF8.self)
                received.removeFirst(end + 4 + length)
                let status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
                return RawAnswer(status: status, head: head, body: body)
            }
            try receive()
        }
    }

    private func headEnd() -> Int? {
        guard received.count >= 4 else { return nil }
        return (0...(received.count - 4)).first { received[$0..<$0 + 4].elementsEqual([13, 10, 13, 10]) }
    }

    private func receive() throws {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(socket, &buffer, buffer.count, 0)
        guard count > 0 else { throw Failure(reason: count == 0 ? "the server closed" : "no answer in time") }
        received += buffer[..<count]
    }
}

extension ServerLimits {
    /// Time enough for clients on a machine that has much else to do: where a test doesn't ask for less, none is closed for being slow.
    static var unhurried: ServerLimits {
        var limits = ServerLimits()
        limits.bodyTime = .seconds(600)
        limits.headTime = .seconds(600)
        limits.idleTime = .seconds(1_200)
        limits.graceTime = .seconds(600)
        return limits
    }
}

/// A server with one pipeline, `events`, for the length of a test.
final class TestServer: Sendable {
    let scratch: Scratch
    let spool: Spool
    let server: Server
    let port: Int
    private let task: Task<Void, any Error>

    init(
        limits: SpoolLimits = SpoolLimits(), server serverLimits: ServerLimits = .unhurried,
        tokens: [AccessToken] = [], envelope: IngestPipeline.Envelope = .automatic, keepsAttributes: Bool = false
    ) async throws {
        scratch = try Scratch()
        let spool = try Spool(scratch.path("spool"), limits: limits) { 1_795_000_000_000_000_000 }
        self.spool = spool
        let server = try Server(
            address: BindAddress(host: "127.0.0.1", port: 0),
            pipelines: ["events": IngestPipeline(spool, envelope: envelope, keepsAttributes: keepsAttributes)],
            tokens: tokens, limits: serverLimits)
        self.server = server
        let ports = AsyncStream<Int>.makeStream()
        task = Task { try await server.run { ports.continuation.yield($0) } }
        var first = 0
        for await port in ports.stream {
            first = port
            break
        }
        port = first
    }

    /// Stops the server, and gives what its spool has.
    func stop() async throws -> String {
        await server.stop()
        try await task.value
        let text = try spool.seal().map { try String(contentsOfFile: $0.path, encoding: .utf8) }.joined()
        spool.close()
        return text
    }

    /// One request on a connection of its own.
    func post(
        _ body: [UInt8], type: String? = "application/x-ndjson", fields: [String] = [], path: String = "/ingest/events",
        method: String = "POST"
    ) async throws -> RawAnswer {
        let port = port
        return try await blocking {
            let client = try RawClient(port: port)
            try client.send(Self.request(body, type: type, fields: fields, path: path, method: method))
            return try client.answer()
        }
    }

    func post(_ body: String, type: String? = "application/x-ndjson", fields: [String] = []) async throws -> RawAnswer {
        try await post(Array(body.utf8), type: type, fields: fields)
    }

    static func request(
        _ body: [UInt8], type: String? = "application/x-ndjson", fields: [String] = [], path: String = "/ingest/events",
        method: String = "POST"
    ) -> [UInt8] {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: \(body.count)\r\n"
        if let type { head += "Content-Type: \(type)\r\n" }
        for field in fields { head += field + "\r\n" }
        return Array((head + "\r\n").utf8) + body
    }
}
