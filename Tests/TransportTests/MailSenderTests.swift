import Foundation
import Tables
import TestServers
import Testing
import Transport

@Suite("Mails to a server", .serialized, .enabled(if: TestServer.isThere, Comment(rawValue: TestServer.absence)))
struct MailSenderTests {
    private let mail = Mail(
        from: "assay@example.com", to: ["a@example.com", "b@example.com"],
        content: Array("Subject: x\r\n\r\n.\r\n..\r\n.dots\r\nend\r\n".utf8))

    private func sender(
        _ server: TestServer, _ security: MailSender.Security, host: String = "127.0.0.1", password: String? = nil,
        _ certificates: Certificates? = nil
    ) throws -> MailSender {
        try MailSender(
            host: host, port: server.port, security: security, user: password.map { _ in "anna" }, password: password,
            certificateAuthorities: certificates?.authority,
            limits: .unhurried)
    }

    @Test func areTakenAsTheyAre() async throws {
        let server = try TestServer.mail("none")
        let receipt = try await sender(server, .none).send(mail)
        #expect(receipt == MailReceipt(accepted: ["a@example.com", "b@example.com"]))
        let received = try #require(try server.received().first)
        #expect(received["from"]?.string == "assay@example.com")
        #expect(received["to"]?.items?.compactMap(\.string) == mail.to)
        #expect(received["content"]?.string == String(decoding: mail.content, as: UTF8.self))
    }

    @Test(arguments: [MailSender.Security.starttls, .tls]) func needTLSBeforeAPassword(
        _ security: MailSender.Security
    ) async throws {
        let certificates = try Certificates()
        let server = try TestServer.mail(
            security == .tls ? "tls" : "starttls", ["user=anna", "password=geheim"], certificate: "good", certificates)
        let receipt = try await sender(server, security, host: "localhost", password: "geheim", certificates).send(mail)
        #expect(receipt.accepted.count == 2)
        let received = try #require(try server.received().first)
        #expect(received["encrypted"]?.boolean == true && received["login"]?.boolean == true)
    }

    @Test func areNotSentWithoutTLSWhereItIsRequired() async throws {
        let server = try TestServer.mail("none")
        let error = await #expect(throws: TransportError.self) {
            try await sender(server, .starttls, password: "geheim").send(mail)
        }
        #expect(error?.code == "tls-failed" && error?.summary.contains("geheim") == false)
        #expect(try server.received().isEmpty)
    }

    @Test func areNotSentToAWrongCertificate() async throws {
        let certificates = try Certificates()
        let server = try TestServer.mail("starttls", certificate: "other", certificates)
        let error = await #expect(throws: TransportError.self) {
            try await sender(server, .starttls, host: "localhost", certificates).send(mail)
        }
        #expect(error?.code == "tls-failed")
    }

    @Test func passwordsInTheClearStayOnThisMachine() async throws {
        let server = try TestServer.mail("none", ["user=anna", "password=geheim"])
        #expect(try await sender(server, .none, password: "geheim").send(mail).accepted.count == 2)
        let remote = try MailSender(host: "192.0.2.1", port: 25, security: .none, user: "anna", password: "geheim")
        let error = await #expect(throws: TransportError.self) { try await remote.send(mail) }
        #expect(error?.code == "insecure-login" && error?.mayHelpToRetry == false)
    }

    @Test func aWrongPasswordIsNamedAndNotShown() async throws {
        let server = try TestServer.mail("none", ["user=anna", "password=geheim"])
        let error = await #expect(throws: TransportError.self) {
            try await sender(server, .none, password: "wrong-one").send(mail)
        }
        #expect(error?.code == "login-refused" && error?.summary.contains("wrong-one") == false)
        #expect(error?.summary.contains("535") == true)
    }

    @Test func someRecipientsMayBeRefused() async throws {
        let server = try TestServer.mail("none", ["refuse=a@example.com"])
        let receipt = try await sender(server, .none).send(mail)
        #expect(receipt.accepted == ["b@example.com"])
        #expect(receipt.refused.map(\.address) == ["a@example.com"] && receipt.refused.map(\.code) == [550])
        #expect(try server.received().first?["to"]?.items?.count == 1)
    }

    @Test(arguments: [("550", false), ("450", true)]) func allRecipientsRefused(
        _ code: String, _ mayHelpToRetry: Bool
    ) async throws {
        let server = try TestServer.mail("none", ["refuse=a@example.com,b@example.com", "code=\(code)"])
        let error = await #expect(throws: TransportError.self) { try await sender(server, .none).send(mail) }
        #expect(
            error?.summary
                == "127.0.0.1:\(server.port): none of the recipients was accepted (\(code)) [refused-recipients]")
        #expect(error?.mayHelpToRetry == mayHelpToRetry)
    }

    @Test(arguments: [("554", false), ("451", true)]) func theMailRefused(
        _ code: String, _ mayHelpToRetry: Bool
    ) async throws {
        let server = try TestServer.mail("none", ["content=\(code)"])
        let error = await #expect(throws: TransportError.self) { try await sender(server, .none).send(mail) }
        #expect(error?.code == "refused-mail" && error?.mayHelpToRetry == mayHelpToRetry)
    }

    static let addresses = [
        "", "a", "a@b@c", "a@b\r\nRCPT TO:<x@y>", "<a@b>", "a b@c", "a@", "@b", "a@b>", "\u{0}@b", "a@b\u{2028}",
    ]

    @Test(arguments: addresses) func addressesThatAreNone(_ address: String) async throws {
        let sender = try MailSender(host: "127.0.0.1", port: 1, security: .none)
        for mail in [
            Mail(from: address, to: ["a@b.c"], content: []), Mail(from: "a@b.c", to: ["x@y.z", address], content: []),
        ] {
            let error = await #expect(throws: TransportError.self) { try await sender.send(mail) }
            #expect(error?.code == "bad-address")
        }
    }

    @Test(arguments: ["a/b", "user@host", "", "a b", "a?b"]) func hostsThatAreNone(_ host: String) {
        let error = #expect(throws: TransportError.self) { try MailSender(host: host, port: 25, security: .none) }
        #expect(error?.code == "bad-address")
    }
}
