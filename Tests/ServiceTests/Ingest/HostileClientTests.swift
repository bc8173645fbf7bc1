import Foundation
import Intake
import Service
import Testing

/// Clients that are slow, many, or don't speak as they should.
struct HostileClientTests {
    private static let head = "POST /ingest/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"

    private func exchange(_ server: TestServer, _ text: String, ends: Bool = false) async throws -> RawAnswer {
        let port = server.port
        return try await blocking {
            let client = try RawClient(port: port)
            try client.send(text)
            if ends { client.endSending() }
            return try client.answer()
        }
    }

    @Test func refusesALengthBeyondTheLimitUnread() async throws {
        let server = try await TestServer()
        let answer = try await exchange(server, Self.head + "Content-Length: 99999999999\r\n\r\n")
        #expect(answer.status == 413 && answer.head.lowercased().contains("connection: close"))
        _ = try await server.stop()
    }

    @Test func stopsReadingChunksBeyondTheLimit() async throws {
        var limits = SpoolLimits()
        limits.maximumRequestBytes = 100_000
        let server = try await TestServer(limits: limits)
        let port = server.port
        let answer = try await blocking {
            let client = try RawClient(port: port)
            try client.send(Self.head + "Transfer-Encoding: chunked\r\n\r\n")
            let chunk = "8000\r\n" + String(repeating: "x", count: 0x8000) + "\r\n"
            for _ in 0..<8 { do { try client.send(chunk) } catch { break } }
            let answer = try client.answer()
            // However much follows, nobody reads it for long.
            while (try? client.send(chunk)) != nil {}
            return answer
        }
        #expect(answer.status == 413)
        #expect(try await server.stop().isEmpty)
    }

    @Test func takesNothingOfABodyThatEndsEarly() async throws {
        let server = try await TestServer()
        for text in [
            Self.head + "Content-Length: 10\r\n\r\n1\n2\n",
            Self.head + "Transfer-Encoding: chunked\r\n\r\n4\r\n1\n2\n\r\n",
            Self.head + "Transfer-Encoding: chunked\r\n\r\n4\r\n1\n",
        ] {
            _ = try? await exchange(server, text, ends: true)
        }
        // Connections are served in their order: what those brought would be in by now.
        #expect(try await server.post("9").member("offset") == "0")
        #expect(try await server.stop() == "9\n")
    }

    @Test(arguments: [
        "Content-Length: 1\r\nContent-Length: 2\r\n\r\n12",
        "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Content-Length: -1\r\n\r\n", "Content-Length: 0x1\r\n\r\n1", "Transfer-Encoding: gzip\r\n\r\n1",
        "Content-Length : 1\r\n\r\n1", "X: \u{0}\r\nContent-Length: 1\r\n\r\n1",
        "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n1\r\n0\r\n\r\n",
    ])
    func refusesAmbiguousHeads(_ fields: String) async throws {
        let server = try await TestServer()
        let answer = try? await exchange(server, Self.head + fields, ends: true)
        #expect(answer.map { (400...499).contains($0.status) } ?? true)
        #expect(try await server.stop().isEmpty)
    }

    @Test func refusesEnormousHeads() async throws {
        let server = try await TestServer()
        let answer = try? await exchange(server, Self.head + "X: " + String(repeating: "x", count: 1 << 20))
        #expect(answer.map { (400...499).contains($0.status) } ?? true)
        #expect(try await server.post("1").status == 202)
        _ = try await server.stop()
    }

    @Test func wantsToKnowTheLength() async throws {
        let server = try await TestServer()
        #expect(try await exchange(server, Self.head + "\r\n").status == 411)
        _ = try await server.stop()
    }

    @Test func answersSlowBodiesAndClosesSlowHeads() async throws {
        var slowBodies = ServerLimits.unhurried
        slowBodies.bodyTime = .milliseconds(300)
        let patient = try await TestServer(server: slowBodies)
        let body = try await exchange(patient, Self.head + "Content-Length: 10\r\n\r\n1")
        #expect(body.status == 408 && body.member("code") == "too-slow")
        #expect(try await patient.stop().isEmpty)
        var slowHeads = ServerLimits.unhurried
        slowHeads.headTime = .milliseconds(300)
        let server = try await TestServer(server: slowHeads)
        let port = server.port
        let isClosed = try await blocking {
            let client = try RawClient(port: port)
            try client.send("POST /ingest/eve")
            return client.isClosedByServer()
        }
        #expect(isClosed)
        #expect(try await server.stop().isEmpty)
    }

    @Test func says100WhereItIsAwaited() async throws {
        let server = try await TestServer()
        let port = server.port
        let statuses = try await blocking {
            let client = try RawClient(port: port)
            try client.send(Self.head + "Content-Length: 1\r\nExpect: 100-continue\r\n\r\n")
            let first = try client.answer().status
            try client.send("1")
            return [first, try client.answer().status]
        }
        #expect(statuses == [100, 202])
        _ = try await server.stop()
    }

    @Test func saysWhenThereIsTooMuch() async throws {
        var limits = SpoolLimits()
        limits.maximumBytes = 4
        let server = try await TestServer(limits: limits)
        #expect(try await server.post("1\n2").status == 202)
        let full = try await server.post("3")
        #expect(full.status == 429 && full.member("code") == "spool-full")
        #expect(full.head.lowercased().contains("retry-after: 1"))
        try server.spool.remove(server.spool.seal())
        #expect(try await server.post("3").status == 202)
        _ = try await server.stop()

        var few = ServerLimits.unhurried
        few.bytesInFlight = 100
        let narrow = try await TestServer(server: few)
        #expect(try await narrow.post(String(repeating: "x", count: 101)).status == 429)
        #expect(try await narrow.post(String(repeating: "x", count: 100)).status == 202)
        #expect(try await narrow.post(String(repeating: "x", count: 100)).status == 202)
        _ = try await narrow.stop()
    }

    /// No more than that: beyond about 1,300 open files, with both ends of each connection in this process, Foundation's `Process` reads
    /// over the end of their list, and a test that starts a process meanwhile may end all.
    @Test func servesHundredsAtOnce() async throws {
        let count = 400
        let server = try await TestServer()
        let port = server.port
        let answers = try await blocking {
            let clients = try (0..<count).map { _ in try RawClient(port: port) }
            // All have begun before any has ended.
            for (number, client) in clients.enumerated() {
                let request = TestServer.request(Array("{\"n\":\(number)}".utf8))
                try client.send(Array(request.dropLast(2)))
            }
            for (number, client) in clients.enumerated() { try client.send("\(number % 10)}") }
            return try clients.map { try $0.answer().status }
        }
        #expect(answers.allSatisfy { $0 == 202 })
        let lines = try await server.stop().split(separator: "\n")
        #expect(Set(lines).count == count && lines.count == count)
    }

    @Test func answersRequestsInHandWhenItIsStopped() async throws {
        let server = try await TestServer()
        let port = server.port
        let begun = AsyncStream<Void>.makeStream()
        let stopped = DispatchSemaphore(value: 0)
        async let answer = blocking {
            let client = try RawClient(port: port)
            try client.send(Self.head + "Content-Length: 1\r\nExpect: 100-continue\r\n\r\n")
            _ = try client.answer()
            begun.continuation.yield()
            stopped.wait()
            try client.send("1")
            return try client.answer().status
        }
        for await _ in begun.stream { break }
        await server.server.stop()
        stopped.signal()
        #expect(try await answer == 202)
        #expect(try await server.stop() == "1\n")
        await #expect(throws: RawClient.Failure.self) { _ = try await server.post("2") }
    }
}
