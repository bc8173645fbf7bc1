import Expectations
import Foundation
import Ledger
import Reports
import Service
import Tables
import TestSupport

@testable import ServicePreview

/// A server over a ledger of the test's own, with stand-ins for what others keep.
final class DeskServer: Sendable {
    static let noon: Int64 = 1_793_534_400_000_000
    static let readToken = "read-token-0123456789"
    static let operateToken = "operate-token-0123456789"
    static let ingestToken = "ingest-token-0123456789"

    let scratch: Scratch
    let ledger: Ledger
    let server: Server
    let offer: Server.Offer
    let port: Int
    private let task: Task<Void, any Error>

    /// `project` has the validations that the server's project has; `nil` where nobody knows.
    init(
        tokens: Bool = false, limits: ServerLimits = .unhurried, tls: ServerTLS? = nil, publicURL: String? = nil,
        pipelines: (any PipelineBook)? = nil, project: [ScheduledValidation]? = nil,
        fill: (Ledger, Scratch) throws -> Void = { ledger, _ in
            try MadeUpYear(validations: 3, expectations: 4, runs: 8).write(to: ledger)
        }
    ) async throws {
        let scratch = try Scratch()
        self.scratch = scratch
        ledger = try Ledger(path: scratch.path("assay.db"))
        try fill(ledger, scratch)
        var desk = ServiceDesk(
            ledger: ledger, metrics: ServiceMetrics(startedAt: Self.noon), clock: { Self.noon })
        let standIn = StandIn()
        desk.alerts = standIn
        desk.outbox = standIn
        desk.pipelines = pipelines ?? standIn
        desk.triggers = standIn
        desk.schedules = project.map { [ledger] validations in
            ScheduleBook(ledger: ledger, clock: { Self.noon }) { validations }
        }
        desk.reports = scratch.directory
        desk.version = "0.0.0-test"
        var offer = Server.Offer()
        offer.desk = desk
        offer.tls = tls
        offer.publicURL = publicURL
        if tokens {
            offer.tokens = [
                AccessToken(Self.readToken, role: .read), AccessToken(Self.operateToken, role: .operate),
                AccessToken(Self.ingestToken, role: .ingest),
            ].compactMap { $0 }
        }
        let server = try Server(address: BindAddress(host: "127.0.0.1", port: 0), offer: offer, limits: limits)
        self.server = server
        self.offer = offer
        let ports = AsyncStream<Int>.makeStream()
        task = Task { try await server.run { ports.continuation.yield($0) } }
        var first = 0
        for await port in ports.stream {
            first = port
            break
        }
        port = first
    }

    func stop() async throws {
        await server.stop()
        try await task.value
    }

    /// One request on a connection of its own.
    func ask(
        _ path: String, method: String = "GET", fields: [String] = [], body: String? = nil, host: String = "127.0.0.1"
    ) async throws -> RawAnswer {
        let port = port
        var head = "\(method) \(path) HTTP/1.1\r\nHost: \(host)\r\n"
        if let body {
            head += "Content-Length: \(body.utf8.count)\r\n"
            if !fields.contains(where: { $0.lowercased().hasPrefix("content-type:") }) {
                head += "Content-Type: application/json\r\n"
            }
        }
        for field in fields { head += field + "\r\n" }
        let request = head + "\r\n" + (body ?? "")
        return try await blocking {
            let client = try RawClient(port: port)
            try client.send(request)
            return try client.answer(hasBody: method != "HEAD")
        }
    }

    func document(_ path: String) async throws -> JSON {
        let answer = try await ask(path)
        return JSON(text: answer.body) ?? .null
    }
}

extension RawAnswer {
    /// A field of the head; `nil` where there is none.
    func field(_ name: String) -> String? {
        head.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
            .map { $0.drop { $0 != ":" }.dropFirst().trimmingPrefix(" ") }.map(String.init)
    }

    var json: JSON { JSON(text: body) ?? .null }

    var code: String? { json["error"]?["code"]?.string }
}
