import Synchronization
import Testing

@testable import Service

/// What is told of who changed something, and of who wasn't let in.
@Suite struct AccessEventTests {
    /// Takes down what it hears.
    private final class Ear: Sendable {
        private let heard = Mutex<[AccessEvent]>([])

        func hear(_ event: AccessEvent) { heard.withLock { $0.append(event) } }

        var events: [AccessEvent] { heard.withLock { $0 } }
    }

    private static let named = "named-token-0123456789"

    private func server(_ ear: Ear) async throws -> DeskServer {
        let server = try await DeskServer(tokens: true)
        var offer = server.offer
        offer.tokens += [AccessToken(Self.named, role: .operate, name: "ops")].compactMap { $0 }
        offer.tellOfAccess = { ear.hear($0) }
        try server.server.replace(offer)
        return server
    }

    private func bearer(_ token: String) -> [String] { ["Authorization: Bearer \(token)"] }

    @Test func changesAreToldWithWhoAndWhy() async throws {
        let ear = Ear()
        let server = try await server(ear)
        let path = "/api/v1/alerts/inc-7f3a/acknowledge"
        for (token, body) in [
            (Self.named, "{}"), (Self.named, "{\"by\":\"anna\",\"note\":\"known\"}"), (Self.named, "{\"by\":\"ops\"}"),
            (DeskServer.operateToken, "{\"by\":\"ben\"}"), (DeskServer.operateToken, "{}"),
        ] {
            #expect(try await server.ask(path, method: "POST", fields: bearer(token), body: body).status == 200)
        }
        // Looks, and what isn't done, change nothing.
        _ = try await server.ask("/api/v1/runs", fields: bearer(Self.named))
        _ = try await server.ask(
            "/api/v1/alerts/none/acknowledge", method: "POST", fields: bearer(Self.named), body: "[]")
        let changes = ear.events
        #expect(
            changes.map(\.kind) == [
                .changed(action: "acknowledge", by: "ops", reason: nil),
                .changed(action: "acknowledge", by: "anna (ops)", reason: "known"),
                .changed(action: "acknowledge", by: "ops", reason: nil),
                .changed(action: "acknowledge", by: "ben", reason: nil),
                .changed(action: "acknowledge", by: "api", reason: nil),
            ])
        #expect(changes.map(\.token) == ["ops", "ops", "ops", nil, nil])
        #expect(changes.allSatisfy { $0.path == path && $0.peer == "127.0.0.1" && $0.status == 200 })
        try await server.stop()
    }

    @Test func whoIsNotLetInIsToldWithoutTheToken() async throws {
        let ear = Ear()
        let server = try await server(ear)
        // A browser is asked for the token first, which is nobody's doing.
        #expect(try await server.ask("/").status == 401)
        _ = try await server.ask("/api/v1/runs")
        _ = try await server.ask("/api/v1/runs", fields: bearer("guessed-token-0123456789"))
        _ = try await server.ask(
            "/api/v1/alerts/a/snooze", method: "POST",
            fields: bearer(DeskServer.readToken) + ["X-Forwarded-For: 192.0.2.7"], body: "{}")
        _ = try await server.ask("/ingest/p?token=guessed-token-0123456789", method: "POST", body: "{}")
        #expect(
            ear.events.map(\.kind) == [
                .refused(code: "token-missing", need: "read", unlogged: 0),
                .refused(code: "token-unknown", need: "read", unlogged: 0),
                .refused(code: "token-not-enough", need: "operate", unlogged: 0),
                .refused(code: "token-unknown", need: "ingest", unlogged: 0),
            ])
        #expect(ear.events.map(\.status) == [401, 401, 403, 401])
        #expect(ear.events.last?.path == "/ingest/p" && ear.events[2].forwardedFor == "192.0.2.7")
        #expect(!ear.events.contains { "\($0)".contains("token-0123456789") })
        // The sixth of a minute is not told any more.
        for _ in 0..<3 { _ = try await server.ask("/api/v1/runs") }
        #expect(ear.events.count == AccessWatch.mostOfPeer)
        try await server.stop()
    }

    /// Who guesses tokens doesn't fill the disk.
    @Test func refusalsAreToldSoOftenAMinute() {
        let watch = AccessWatch()
        let start = ContinuousClock.now
        let first = (0..<1_000).map { watch.admit("192.0.2.\($0 % 4)", at: start + .milliseconds($0)) }
        #expect(first.compactMap(\.self) == Array(repeating: 0, count: 4 * AccessWatch.mostOfPeer))
        #expect(watch.admit("192.0.2.9", at: start + .seconds(2)) == 1_000 - 4 * AccessWatch.mostOfPeer)
        let others = (0..<1_000).compactMap { watch.admit("198.51.100.\($0)", at: start + .seconds(3)) }
        #expect(others.count == AccessWatch.most - 4 * AccessWatch.mostOfPeer - 1)
        #expect(watch.admit("192.0.2.0", at: start + .seconds(61)) == 1_000 - others.count)
    }
}
