import Foundation
import TestServers
import Testing
import Transport

/// Looking whether somebody is there, without asking anything of them.
@Suite("Probes", .serialized, .enabled(if: TestServer.isThere, Comment(rawValue: TestServer.absence)))
struct ProbeTests {
    @Test func connectingAsksNothing() async throws {
        let server = try TestServer.http()
        try await HTTPSender(version: "1", limits: .unhurried)
            .connect(to: "http://127.0.0.1:\(server.port)/hook/secret", addresses: .anywhere)
        #expect(try server.received().isEmpty)
    }

    @Test func certificatesAreLookedAt() async throws {
        let certificates = try Certificates()
        let good = try TestServer.http("good", certificates)
        let sender = HTTPSender(version: "1", limits: .unhurried, certificateAuthorities: certificates.authority)
        try await sender.connect(to: "https://localhost:\(good.port)/", addresses: .anywhere)
        let other = try TestServer.http("other", certificates)
        let error = await #expect(throws: TransportError.self) {
            try await sender.connect(to: "https://localhost:\(other.port)/secret", addresses: .anywhere)
        }
        #expect(error?.code == "tls-failed" && error?.summary.contains("secret") == false)
    }

    @Test func privateAddressesAreRefusedHereToo() async throws {
        let error = await #expect(throws: TransportError.self) {
            try await HTTPSender(version: "1", limits: .unhurried)
                .connect(to: "http://127.0.0.1:9/", addresses: .publicOnly)
        }
        #expect(error?.code == "refused-address")
    }

    @Test(arguments: [MailSender.Security.starttls, .tls]) func aMailServerIsGreetedWithThePassword(
        _ security: MailSender.Security
    ) async throws {
        let certificates = try Certificates()
        let server = try TestServer.mail(
            security == .tls ? "tls" : "starttls", ["user=anna", "password=geheim"], certificate: "good", certificates)
        let sender = { (password: String) throws(TransportError) in
            try MailSender(
                host: "localhost", port: server.port, security: security, user: "anna", password: password,
                certificateAuthorities: certificates.authority, limits: .unhurried)
        }
        try await sender("geheim").greet()
        let error = await #expect(throws: TransportError.self) { try await sender("falsch").greet() }
        #expect(error?.code == "login-refused")
        #expect(try server.received().isEmpty)
    }

    @Test func aServerWithoutTLSIsNotToldThePassword() async throws {
        let server = try TestServer.mail("none", ["user=anna", "password=geheim"])
        let error = await #expect(throws: TransportError.self) {
            try await MailSender(
                host: "localhost", port: server.port, security: .starttls, user: "anna", password: "geheim",
                limits: .unhurried
            ).greet()
        }
        #expect(error?.code == "tls-failed")
    }
}
