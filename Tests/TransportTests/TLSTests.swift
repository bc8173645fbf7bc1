import Foundation
import TestServers
import Testing
import Transport

@Suite("Certificates", .serialized, .enabled(if: TestServer.isThere, Comment(rawValue: TestServer.absence)))
struct TLSTests {
    private func send(_ certificate: String, to host: String = "localhost", trusting: Bool = true) async throws -> Int {
        let certificates = try Certificates()
        let server = try TestServer.http(certificate, certificates)
        let sender = HTTPSender(
            version: "1", limits: .unhurried, certificateAuthorities: trusting ? certificates.authority : nil)
        let request = HTTPRequest(.post, "https://\(host):\(server.port)/secret", body: [1], addresses: .anywhere)
        do {
            return try await sender.send(request).status
        } catch {
            #expect(try server.received().isEmpty)
            throw error
        }
    }

    @Test(arguments: ["localhost", "127.0.0.1"]) func ofATrustedAuthorityAreTaken(_ host: String) async throws {
        #expect(try await send("good", to: host) == 200)
    }

    @Test(arguments: ["other", "own", "old"]) func areRefused(_ certificate: String) async throws {
        let error = await #expect(throws: TransportError.self) { try await send(certificate) }
        #expect(error?.code == "tls-failed" && error?.mayHelpToRetry == true)
        #expect(error?.summary.contains("secret") == false)
    }

    @Test func ofAnUnknownAuthorityAreRefused() async throws {
        let error = await #expect(throws: TransportError.self) { try await send("good", trusting: false) }
        #expect(error?.code == "tls-failed")
        #expect(error?.message.hasPrefix("no secure connection: SSL certificate problem: ") == true)
    }

    @Test func needAFileThatIsThere() async throws {
        let sender = HTTPSender(version: "1", certificateAuthorities: "/nowhere/ca.pem")
        let server = try TestServer.http()
        let error = await #expect(throws: TransportError.self) {
            try await sender.send(HTTPRequest(.get, "https://127.0.0.1:\(server.port)/", addresses: .anywhere))
        }
        #expect(error?.code == "bad-certificates" && error?.message.contains("nowhere") == false)
        // Certificates are renewed by replacing files.
        #expect(error?.mayHelpToRetry == true)
    }

    @Test func aServerWithoutTLSIsNoneWithIt() async throws {
        let server = try TestServer.http()
        let error = await #expect(throws: TransportError.self) {
            try await HTTPSender(version: "1", limits: .unhurried).send(
                HTTPRequest(.get, "https://127.0.0.1:\(server.port)/", addresses: .anywhere))
        }
        #expect(error?.code == "tls-failed")
    }
}
