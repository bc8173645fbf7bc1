import Foundation
import Tables
import TestServers
import Testing
import Transport

extension TransferLimits {
    /// For what is on this machine, which may have much else to do.
    static let unhurried = TransferLimits(connectSeconds: 600, totalSeconds: 600)
}

@Suite("Requests to a server", .serialized, .enabled(if: TestServer.isThere, Comment(rawValue: TestServer.absence)))
struct HTTPSenderTests {
    private let sender = HTTPSender(version: "1.2.3", limits: .unhurried)

    @Test(arguments: [HTTPRequest.Method.post, .put, .get]) func arriveAsTheyAre(_ method: HTTPRequest.Method)
        async throws
    {
        let server = try TestServer.http()
        let body = method == .get ? [] : Array("{\"a\": \"ü\"}".utf8)
        let answer = try await sender.send(
            HTTPRequest(
                method, "http://127.0.0.1:\(server.port)/ok?x=1",
                headers: [HTTPField("Content-Type", "application/json"), HTTPField("X-Empty", "")], body: body,
                addresses: .anywhere))
        #expect(answer.status == 200 && answer.body == Array("ok".utf8) && answer["content-length"] == "2")
        let request = try #require(try server.received().first)
        #expect(request["method"]?.string == method.rawValue && request["path"]?.string == "/ok?x=1")
        #expect(request["headers"]?["user-agent"]?.string == "assay/1.2.3")
        #expect(request["headers"]?["content-type"]?.string == "application/json")
        #expect(request["headers"]?["x-empty"]?.string == "")
        #expect(request["body"]?.string.map { Array($0.unicodeScalars).map { UInt8($0.value) } } == body)
    }

    @Test func emptyBodiesAreSent() async throws {
        let server = try TestServer.http()
        let answer = try await sender.send(
            HTTPRequest(.post, "http://127.0.0.1:\(server.port)/ok", addresses: .anywhere))
        #expect(answer.status == 200)
        #expect(try server.received().first?["headers"]?["content-length"]?.string == "0")
    }

    static let failures: [(path: String, error: String)] = [
        ("/redirect", "it answered 302 and points elsewhere, which is not followed [redirected]"),
        ("/half", "the connection was closed before the answer's end [closed-early]"),
        ("/gone", "the connection was closed before the answer's end [closed-early]"),
        ("/endless", "its answer is larger than 1000 bytes [too-large]"),
        ("/fields", "its answer can't be understood [bad-answer]"),
        ("/nonsense", "its answer can't be understood [bad-answer]"),
        ("/slow/20?token=hidden", "it took too long [timed-out]"),
    ]

    @Test(arguments: failures) func saysWhatIsWrong(_ failure: (path: String, error: String)) async throws {
        let server = try TestServer.http()
        let isSlow = failure.path.hasPrefix("/slow")
        let sender = HTTPSender(version: "1", limits: isSlow ? TransferLimits(totalSeconds: 1) : .unhurried)
        let error = await #expect(throws: TransportError.self) {
            try await sender.send(
                HTTPRequest(
                    .post, "http://127.0.0.1:\(server.port)\(failure.path)", body: [1], addresses: .anywhere,
                    responseLimit: 1000))
        }
        #expect(error?.summary == "127.0.0.1:\(server.port): \(failure.error)")
        // A busy machine may not have begun to listen within that second.
        if !isSlow { #expect(try server.received().count == 1) }
    }

    @Test func cutsAnAnswerWhereThatIsAskedFor() async throws {
        let server = try TestServer.http()
        let answer = try await sender.send(
            HTTPRequest(
                .post, "http://127.0.0.1:\(server.port)/endless", addresses: .anywhere, responseLimit: 1000,
                extent: .head))
        #expect(answer.status == 200 && answer.body == [UInt8](repeating: 0x78, count: 1000))
    }

    @Test(arguments: [("/half", 50), ("/stalled", 2)]) func takesWhatCameOfABodyWhereTheHeadIsEnough(
        _ path: String, _ count: Int
    ) async throws {
        let server = try TestServer.http()
        let sender = HTTPSender(
            version: "1", limits: path == "/stalled" ? TransferLimits(totalSeconds: 5) : .unhurried)
        let answer = try await sender.send(
            HTTPRequest(.post, "http://127.0.0.1:\(server.port)\(path)", addresses: .anywhere, extent: .head))
        #expect(answer.status == 200 && answer.body == [UInt8](repeating: 0x78, count: count))
    }

    @Test(arguments: ["/gone", "/fields", "/early"]) func isNoAnswerWithoutAHead(_ path: String) async throws {
        let server = try TestServer.http()
        await #expect(throws: TransportError.self) {
            try await sender.send(
                HTTPRequest(.post, "http://127.0.0.1:\(server.port)\(path)", addresses: .anywhere, extent: .head))
        }
    }

    @Test func survivesAServerThatClosesWhileMuchIsSent() async throws {
        let certificates = try Certificates()
        let server = try TestServer.http("good", certificates)
        let sender = HTTPSender(version: "1", limits: .unhurried, certificateAuthorities: certificates.authority)
        for _ in 0..<5 {
            let error = await #expect(throws: TransportError.self) {
                try await sender.send(
                    HTTPRequest(
                        .post, "https://localhost:\(server.port)/deaf", body: [UInt8](repeating: 65, count: 8 << 20),
                        addresses: .anywhere))
            }
            #expect(error?.code == "closed-early")
        }
    }

    @Test(arguments: [
        "http://127.0.0.1", "http://localhost", "http://[::1]", "http://0.0.0.0", "http://[::ffff:127.0.0.1]",
    ])
    func refusesAddressesOfThisMachine(_ host: String) async throws {
        let server = try TestServer.http()
        let error = await #expect(throws: TransportError.self) {
            try await sender.send(HTTPRequest(.post, "\(host):\(server.port)/secret-path", body: [1]))
        }
        #expect(error?.code == "refused-address" && error?.mayHelpToRetry == false)
        #expect(error?.summary.contains("secret-path") == false)
        #expect(try server.received().isEmpty)
    }

    @Test func refusesWhereCloudsKeepSecrets() async {
        let error = await #expect(throws: TransportError.self) {
            try await sender.send(HTTPRequest(.get, "http://169.254.169.254/latest/meta-data/"))
        }
        #expect(error?.code == "refused-address")
    }

    @Test func knowsThatNobodyIsThere() async throws {
        let server = try TestServer.http()
        server.stop()
        let error = await #expect(throws: TransportError.self) {
            try await sender.send(HTTPRequest(.post, "http://127.0.0.1:\(server.port)/x", addresses: .anywhere))
        }
        #expect(error?.code == "unreachable" && error?.mayHelpToRetry == true)
        let nowhere = await #expect(throws: TransportError.self) {
            try await sender.send(HTTPRequest(.post, "http://nobody.invalid/x"))
        }
        #expect(nowhere?.code == "unknown-host")
    }

    static let addresses = [
        "file:///etc/passwd", "ftp://example.com/", "gopher://example.com/", "no url", "http://", "http://a b/",
        "http://example.com/\r\nX: 1", "smtp://example.com", "", "https://example.com:99999/",
    ]

    @Test(arguments: addresses) func refusesOtherAddresses(_ url: String) async {
        let error = await #expect(throws: TransportError.self) { try await sender.send(HTTPRequest(.get, url)) }
        #expect(error?.code == "bad-address" && error?.place == "")
    }

    static let fields = [
        HTTPField("X-A", "1\r\nX-B: 2"), HTTPField("X-A\r\nX-B", "1"), HTTPField("", "1"), HTTPField("X A", "1"),
        HTTPField("X-A", "a\u{0}b"), HTTPField("X:", "1"), HTTPField("X-A", "a\n"),
    ]

    @Test(arguments: fields) func refusesFieldsThatBeginOthers(_ field: HTTPField) async {
        let error = await #expect(throws: TransportError.self) {
            try await sender.send(HTTPRequest(.get, "https://example.com/", headers: [field]))
        }
        #expect(error?.code == "bad-header")
    }

    @Test func isCancelledSoon() async throws {
        let server = try TestServer.http()
        let sender = HTTPSender(version: "1", limits: .unhurried)
        let request = HTTPRequest(
            .post, "http://127.0.0.1:\(server.port)/slow/3600", body: [1], addresses: .anywhere)
        let task = Task { try await sender.send(request) }
        while try server.received().isEmpty { await Task.yield() }
        task.cancel()
        let error = await #expect(throws: TransportError.self) { try await task.value }
        #expect(error?.code == "cancelled")
    }
}
