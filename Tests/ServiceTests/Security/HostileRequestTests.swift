import Expectations
import Foundation
import Ledger
import Service
import Tables
import TestSupport
import Testing

@testable import ServicePreview

/// Paths, names, values and clients that mean harm.
@Suite struct HostileRequestTests {
    @Test(arguments: [
        "/reports/../assay.db", "/reports/..%2fassay.db", "/reports/%2e%2e%2fassay.db",
        "/reports/%252e%252e%252fassay.db",
        "/reports/..%5cassay.db", "/reports/....//assay.db", "/reports/%2e%2e", "/reports/.", "/reports//etc/passwd",
        "/reports/%2fetc%2fpasswd", "/reports/assay.db", "/reports/assay.db%00.html", "/reports/", "/reports",
        "//etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/runs/..%2f..%2fetc%2fpasswd", "/assets/..%2f..%2fetc%2fpasswd",
        "/reports/link.html", "/reports/folder",
    ])
    func noPathLeadsOutOfWhatTheLedgerKnows(_ path: String) async throws {
        let server = try await DeskServer { ledger, scratch in
            let year = MadeUpYear(validations: 5, expectations: 1, runs: 1)
            // Even where the ledger says so.
            for (number, name) in ["../assay.db", "link.html", "folder", "/etc/passwd"].enumerated() {
                try ledger.record(year.run(number, 0), report: name)
            }
            let files = FileManager.default
            try files.createSymbolicLink(atPath: scratch.path("link.html"), withDestinationPath: "/etc/passwd")
            try files.createDirectory(atPath: scratch.path("folder"), withIntermediateDirectories: false)
        }
        let answer = try await server.ask(path)
        #expect([400, 404].contains(answer.status), "\(answer.status)")
        #expect(!answer.body.contains("root:") && !answer.body.contains("SQLite format"))
        try await server.stop()
    }

    static let hostile =
        #"<img src=x onerror=alert(1)>"'&{{title}}</title><script>alert(1)</script>"# + "\u{202E}\r\nSet-Cookie: a=b"

    @Test func namesAndValuesArePlainTextOnEveryPage() async throws {
        let name = Self.hostile
        let server = try await DeskServer { ledger, _ in
            let cells = [UnexpectedRow.Cell(column: name, value: .text(name))]
            for id in ["a", name] {
                try ledger.record(
                    RunResult(
                        id: id, suite: name, asset: name, startedAt: id == "a" ? 1 : 2, durationSeconds: 1,
                        engineVersion: name,
                        suiteFingerprint: name, dataFingerprint: name, schema: Schema([Field(name, .string)]),
                        files: [FileResult(name: name, byteCount: 1, modified: 1, rowCount: 1)], rowCount: 1,
                        byteCount: 1,
                        results: [
                            ExpectationResult(
                                expectation: ExpectationSummary(
                                    type: name, arguments: [JSON.Member(name, .string(name))], columns: [name],
                                    severity: .critical, id: name,
                                    location: SourceMark(file: name, line: 1, column: 1), fingerprint: name,
                                    description: name),
                                outcome: .failed, success: false, severity: .critical,
                                rows: RowCounts(elementCount: 1, missingCount: 0, unexpectedCount: 1),
                                observedValue: .string(name),
                                unexpectedRows: [
                                    UnexpectedRow(values: cells, index: cells, partition: name, row: 1, byteOffset: nil)
                                ], unexpectedCounts: [UnexpectedCount(values: cells, count: 1)],
                                details: [JSON.Member(name, .string(name))], sentence: name)
                        ],
                        metrics: [
                            MetricReading(name: name, column: name, condition: name, value: 1),
                            MetricReading(name: "row_count", column: nil, value: 1),
                        ], failure: nil),
                    report: name)
            }
            try ledger.record(
                RunResult(
                    id: "unreadable", suite: "s", asset: name, startedAt: 3, durationSeconds: 1, engineVersion: name,
                    suiteFingerprint: name, dataFingerprint: name, schema: Schema([]), files: [], rowCount: 0,
                    byteCount: 0,
                    results: [], metrics: [], failure: RunFailure(code: name, message: name, hint: name)))
        }
        let coded = name.utf8.map { "%" + String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        for path in [
            "/", "/runs", "/runs?suite=\(coded)", "/runs/a", "/runs/\(coded)", "/runs/unreadable", "/assets/\(coded)",
            "/validations/\(coded)/\(coded)", "/validations/s/\(coded)",
        ] {
            let page = try await server.ask(path)
            #expect(page.status == 200, "\(path)")
            for danger in ["<img src=x", "<script", "\u{202E}", "\"'&", "&{{"] {
                #expect(!page.body.contains(danger), "\(danger) in \(path)")
            }
            #expect(page.field("Set-Cookie") == nil)
        }
        // Refusals tell names as JSON, of a type that no browser takes for a page.
        let refusal = try await server.ask("/api/v1/runs?\(coded)=1")
        #expect(refusal.status == 400 && refusal.field("Content-Type") == "application/json")
        #expect(refusal.field("Set-Cookie") == nil)
        let metrics = try await server.ask("/metrics")
        #expect(!metrics.body.contains("\nSet-Cookie"))
        try await server.stop()
    }

    @Test(arguments: [
        "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX: a\r\n b\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost : 127.0.0.1\r\n\r\n",
        "GET /healthz\r\n\r\n", "GET  /healthz HTTP/1.1\r\nHost: a\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n",
        "GET /healthz HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n", "GET /health\u{0}z HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    ])
    func brokenRequestsHarmNobody(_ request: String) async throws {
        let server = try await DeskServer()
        let port = server.port
        let status = try await blocking {
            let client = try RawClient(port: port)
            try client.send(request)
            client.endSending()
            return try? client.answer().status
        }
        #expect(status.map { $0 < 500 || $0 == 505 } ?? true, "\(status ?? 0)")
        #expect(try await server.ask("/healthz").status == 200)
        try await server.stop()
    }

    /// RFC 9112, 3.2 and 9.3.
    @Test(arguments: [
        ("GET /healthz HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400, true),
        ("GET /healthz HTTP/1.1\r\n\r\n", 400, true), ("GET /healthz HTTP/1.0\r\n\r\n", 200, true),
        ("GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\nHost: a\r\n\r\n", 400, true),
        ("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 200, false),
        ("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 200, false),
        ("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", 200, true),
    ])
    func hostsAndVersionsAreHeeded(_ request: String, _ status: Int, _ closes: Bool) async throws {
        let server = try await DeskServer(limits: .unhurried)
        let port = server.port
        let (first, second, isClosed) = try await blocking {
            let client = try RawClient(port: port)
            try client.send(request)
            let first = try client.answer().status
            guard !closes else { return (first, nil as Int?, client.isClosedByServer()) }
            try client.send("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            return (first, try client.answer().status, false)
        }
        #expect(first == status && second == (closes ? nil : 200) && isClosed == closes)
        try await server.stop()
    }

    @Test func headsAndBodiesAreBounded() async throws {
        let server = try await DeskServer()
        let long = String(repeating: "x", count: 100_000)
        let address = try? await server.ask("/api/v1/runs?suite=" + long)
        #expect(address.map { $0.status == 431 } ?? true)
        let head = try? await server.ask("/", fields: ["X: " + long])
        #expect(head.map { $0.status == 431 } ?? true)
        // Little enough to be read as a whole, so that the answer is seen.
        let larger = try await server.ask("/", fields: ["X: " + String(long.prefix(17_000))])
        #expect(larger.status == 431 && larger.field("Connection") == "close")
        let many = try await server.ask("/", fields: (0..<200).map { "X-\($0): a" })
        #expect(many.status == 431)
        let body = try await server.ask("/api/v1/outbox/dead/retry", method: "POST", body: "{\"id\":\"\(long)\"}")
        #expect(body.status == 413)
        let deep = String(repeating: "[", count: 30_000)
        #expect(try await server.ask("/api/v1/outbox/dead/retry", method: "POST", body: deep).code == "bad-json")
        try await server.stop()
    }

    /// A request of which ten bytes of a body are still to come.
    private static func requestWithoutBody(_ fields: String = "") -> String {
        "POST /api/v1/outbox/dead/retry HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            + "Content-Length: 10\r\n\(fields)\r\n"
    }

    /// What comes of one connection to a server within limits of its own.
    private func talk<Answer: Sendable>(
        _ limits: ServerLimits, _ body: @escaping @Sendable (RawClient) throws -> Answer
    ) async throws -> Answer {
        let server = try await DeskServer(limits: limits)
        let port = server.port
        let answer = try await blocking { try body(try RawClient(port: port)) }
        try await server.stop()
        return answer
    }

    @Test func slowClientsAreClosedAndHoldUpNobody() async throws {
        var slowHeads = ServerLimits.unhurried
        slowHeads.headTime = .milliseconds(300)
        #expect(
            try await talk(slowHeads) { client in
                try client.send("GET /api/v1/runs HTTP/1.1\r\nHo")
                return client.isClosedByServer()
            })
        // Not the same server: on a busy machine this one's head would be late, too.
        var slowBodies = ServerLimits.unhurried
        slowBodies.bodyTime = .milliseconds(300)
        let status = try await talk(slowBodies) { client in
            try client.send(Self.requestWithoutBody() + "{")
            return try client.answer().status
        }
        #expect(status == 408)
    }

    @Test func whoConnectsAndSaysNothingShutsNobodyOut() async throws {
        var limits = ServerLimits.unhurried
        limits.connections = 4
        let server = try await DeskServer(limits: limits)
        let port = server.port
        try await blocking {
            func ask(_ client: RawClient) throws -> Int {
                try client.send("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                return try client.answer().status
            }
            let silent = try (0..<20).map { _ in try RawClient(port: port) }
            let clients = try (0..<8).map { _ in
                let client = try RawClient(port: port)
                #expect(try ask(client) == 200)
                return client
            }
            // Those that came before made room.
            for early in silent + clients.prefix(4) { #expect(early.isClosedByServer()) }
            for late in clients.suffix(4) { #expect(try ask(late) == 200) }
        }
        try await server.stop()
    }

    @Test func whereAllHaveRequestsFurtherConnectionsWaitAndAreServed() async throws {
        var limits = ServerLimits.unhurried
        limits.connections = 2
        let server = try await DeskServer(limits: limits)
        let port = server.port
        try await blocking {
            // Each has its place before the next one comes.
            let busy = try (0..<2).map { _ in
                let client = try RawClient(port: port)
                try client.send(Self.requestWithoutBody("Expect: 100-continue\r\n"))
                #expect(try client.answer().status == 100)
                return client
            }
            let waiting = try (0..<3).map { _ in
                let client = try RawClient(port: port)
                try client.send("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                return client
            }
            try busy[0].send(#"{"id":"a"}"#)
            #expect(try busy[0].answer().head.contains("application/json"))
            #expect(busy[0].isClosedByServer())
            for (place, client) in waiting.enumerated() {
                #expect(try client.answer().status == 200)
                if place < 2 { #expect(client.isClosedByServer()) }
            }
            try busy[1].send(#"{"id":"a"}"#)
            #expect(try busy[1].answer().head.contains("application/json"))
        }
        try await server.stop()
    }
}
