import Expectations
import Foundation
import Ledger
import Suites
import Tables
import TestServers
import Testing
import Transport

@testable import Alerts

@Suite(
    "Delivery over the network", .serialized, .enabled(if: TestServer.isThere, Comment(rawValue: TestServer.absence)))
struct NetworkDeliveryTests {
    private let start = DeliveryBench.start

    private static func channels(_ base: String, to kind: String = "ok") -> [AlertChannel] {
        let url = "\(base)/\(kind)/secret-path-1"
        let kinds: [AlertChannel.Kind] = [
            .webhook(
                url: url, secret: "secret-signature-2",
                headers: [.init(name: "Authorization", value: "Bearer secret-token-3")]),
            .slack(url: url), .teams(url: url), .googleChat(url: url + "?key=secret-key-4"), .discord(url: url),
            .pagerDuty(url: url, routingKey: "secret-routing-5"), .opsgenie(url: url, apiKey: "secret-genie-6"),
        ]
        return kinds.map { AlertChannel(kind: $0, allowsPrivateAddresses: true) }
    }

    private static func route(_ channels: [AlertChannel]) -> AlertRoute {
        AlertRoute(
            name: "team", channels: channels, atOrAbove: .info, remindEvery: nil, rateLimit: nil,
            links: ChannelSamples.links, mark: SourceMark(file: "assay.yaml", line: 1, column: 1))
    }

    private let network = Courier.Senders.network(
        version: "1.0.0", limits: TransferLimits(connectSeconds: 600, totalSeconds: 600))

    @Test func reachesEveryKindOfReceiver() async throws {
        let server = try TestServer.http()
        let bench = try DeliveryBench()
        let route = Self.route(Self.channels("http://127.0.0.1:\(server.port)"))
        for place in try route.receivers.indices { try bench.put("a", 1, to: place, of: route) }
        await bench.deliverer([route], senders: network).deliverDue(at: start)
        #expect(bench.kinds == Array(repeating: .delivered, count: 7))
        let received = try server.received()
        #expect(received.count == 7)
        #expect(received.allSatisfy { $0["headers"]?["content-type"]?.string == "application/json; charset=utf-8" })
        #expect(received.allSatisfy { JSON(text: $0["body"]?.string ?? "") != nil })
    }

    /// Receivers that say everything again that they were told.
    @Test(arguments: ["echo/500", "echo/400", "redirect", "gone"]) func noSecretIsKeptOrTold(_ kind: String)
        async throws
    {
        let server = try TestServer.http()
        let bench = try DeliveryBench()
        let base = "http://user-7:secret-password-8@127.0.0.1:\(server.port)"
        let route = Self.route(Self.channels(base, to: kind))
        for place in try route.receivers.indices { try bench.put("a", 1, to: place, of: route) }
        await bench.deliverer([route], senders: network).deliverDue(at: start)
        #expect(bench.events.count == 7 && bench.kinds.allSatisfy { $0 != .delivered })
        #expect(bench.events.allSatisfy { !"\($0)".contains("secret") })
        try bench.ledger.close()
        for file in try FileManager.default.contentsOfDirectory(at: bench.folder, includingPropertiesForKeys: nil) {
            #expect(try Data(contentsOf: file).range(of: Data("secret".utf8)) == nil)
        }
    }

    @Test func triesAgainAsTheReceiverWishes() async throws {
        let server = try TestServer.http()
        let bench = try DeliveryBench()
        let url = "http://127.0.0.1:\(server.port)/first/500,429;90,200"
        let route = DeliveryBench.route([url])
        try bench.put("a", 1, of: route)
        var now = start
        for _ in 0..<3 {
            await bench.deliverer([route], senders: network).deliverDue(at: now)
            now = bench.events.last?.nextAt ?? now
        }
        #expect(bench.kinds == [.postponed, .postponed, .delivered])
        #expect(
            bench.events.map(\.message) == [
                "the receiver failed (500): said 500", "too many messages (429): said 429", "200 said 200",
            ])
        #expect(now - start >= 98 * DeliveryBench.second)
        #expect(Set(try server.received().map { $0["headers"]?["idempotency-key"]?.string }) == ["a.1/0"])
    }

    @Test func anAuthorityOfOnesOwnIsTrustedByItsChannelAlone() async throws {
        let certificates = try Certificates()
        let server = try TestServer.http("good", certificates)
        let url = "https://localhost:\(server.port)/ok"
        for (authorities, kind) in [(certificates.authority, DeliveryEvent.Kind.delivered), (nil, .postponed)] {
            let bench = try DeliveryBench()
            let channel = AlertChannel(
                kind: .slack(url: url), allowsPrivateAddresses: true, certificateAuthorities: authorities)
            let route = Self.route([channel])
            try bench.put("a", 1, of: route)
            await bench.deliverer([route], senders: network).deliverDue(at: start)
            #expect(bench.kinds == [kind])
        }
        #expect(try server.received().count == 1)
    }

    @Test func anEndlessAnswerIsAnAnswer() async throws {
        let server = try TestServer.http()
        let bench = try DeliveryBench()
        let route = DeliveryBench.route(["http://127.0.0.1:\(server.port)/endless"])
        try bench.put("a", 1, of: route)
        await bench.deliverer([route], senders: network).deliverDue(at: start)
        #expect(bench.kinds == [.delivered])
    }

    @Test(arguments: ["half", "stalled"]) func whatWasTakenIsNotSentAgainWhateverBecomesOfTheAnswer(_ kind: String)
        async throws
    {
        let server = try TestServer.http()
        let bench = try DeliveryBench()
        let route = DeliveryBench.route(["http://127.0.0.1:\(server.port)/\(kind)"])
        try bench.put("a", 1, of: route)
        let hurried = Courier.Senders.network(version: "1.0.0", limits: TransferLimits(totalSeconds: 5))
        let senders = kind == "stalled" ? hurried : network
        await bench.deliverer([route], senders: senders).deliverDue(at: start)
        #expect(bench.kinds == [.delivered])
        #expect(try server.received().count == 1)
    }

    @Test func mailsMakeAThread() async throws {
        let certificates = try Certificates()
        let server = try TestServer.mail(
            "starttls", ["user=anna", "password=geheim"], certificate: "good", certificates)
        let mail = MailServer(
            host: "localhost", port: server.port, security: .starttls, user: "anna", password: "geheim",
            from: "Äß Assay <assay@example.com>", certificateAuthorities: certificates.authority)
        let bench = try DeliveryBench()
        let to = ["data@example.com", "\"Ops, Night\" <ops@example.com>"]
        let route = Self.route([AlertChannel(kind: .email(to: to, report: .link), allowsPrivateAddresses: false)])
        for sequence in 1...3 { for place in 0...1 { try bench.put("inc-1", sequence, to: place, of: route) } }
        await bench.deliverer([route], senders: network, mail: mail).deliverDue(at: start)
        #expect(bench.kinds == Array(repeating: .delivered, count: 6))
        let all = try server.received()
        #expect(Set(all.map { $0["to"]?.items?.count }) == [1])
        // Both get the same mails.
        let (mails, others) = (
            all.filter { "\($0["to"] ?? .null)".contains("data@") },
            all.filter { "\($0["to"] ?? .null)".contains("ops@") }
        )
        #expect(mails.map { $0["mail"]?["id"] } == others.map { $0["mail"]?["id"] })
        #expect(mails.allSatisfy { $0["encrypted"]?.boolean == true && $0["login"]?.boolean == true })
        let read = mails.compactMap { $0["mail"] }
        #expect(read.allSatisfy { $0["defects"] == .array([]) && $0["from"]?.string == "Äß Assay <assay@example.com>" })
        #expect(read.first?["to"]?.string == "data@example.com, \"Ops, Night\" <ops@example.com>")
        #expect(read.first?["subject"]?.string == "silver.events: 2 checks began to fail (critical)")
        let ids = read.map { $0["id"]?.string }
        #expect(Set(ids).count == 3)
        let references = read.map { $0["references"]?.string }
        #expect(Set(references).count == 1 && references.first != "None" && !ids.contains(references.first ?? nil))
        #expect(read.first?["texts"]?.items?.map { $0.items?.first?.string } == ["text/plain", "text/html"])
        #expect(
            read.first?["texts"]?.items?.first?.items?.last?.string?.contains(
                "https://assay.example.com/reports/run-7.html") == true)
    }

    /// Whoever hangs up before a server has said that it has a mail sends it a second time.
    @Test func aMailServerMayTakeItsTime() async throws {
        let server = try TestServer.mail("none", ["pause=1.5"])
        let mail = MailServer(
            host: "127.0.0.1", port: server.port, security: .none, user: nil, password: nil, from: "assay@example.com",
            certificateAuthorities: nil)
        let senders = Courier.Senders.network(version: "1.0.0", limits: TransferLimits(totalSeconds: 1))
        let bench = try DeliveryBench()
        let route = Self.route([
            AlertChannel(kind: .email(to: ["a@example.com"], report: .none), allowsPrivateAddresses: false)
        ])
        try bench.put("a", 1, of: route)
        await bench.deliverer([route], senders: senders, mail: mail).deliverDue(at: start)
        #expect(bench.kinds == [.delivered])
        #expect(try server.received().count == 1)
    }

    @Test func aReportIsAttached() async throws {
        let server = try TestServer.mail("none")
        let mail = MailServer(
            host: "127.0.0.1", port: server.port, security: .none, user: nil, password: nil, from: "assay@example.com",
            certificateAuthorities: nil)
        let report = Array("<html>\u{FC} report</html>".utf8) + [UInt8](repeating: 0x2E, count: 5000)
        let courier = Courier(senders: network, mail: mail) { name in name == "run-7.html" ? report : nil }
        let channel = AlertChannel(kind: .email(to: ["a@example.com"], report: .attach), allowsPrivateAddresses: false)
        let receipt = try await courier.take(
            ChannelSamples.message(.firing), key: "m/0", to: channel.receivers[0], links: nil, at: start)
        #expect(receipt.words == "taken for a@example.com")
        let file = try #require(try server.received().first?["mail"]?["files"]?.items?.first?.items)
        #expect(file.first?.string == "run-7.html")
        #expect(file.last?.string?.unicodeScalars.map { UInt8($0.value) } == report)
    }

    @Test(arguments: [("450", DeliveryEvent.Kind.postponed), ("550", .dead)])
    func whoIsRefusedIsTriedAgainAloneOrGivenUp(_ code: String, _ kind: DeliveryEvent.Kind) async throws {
        let server = try TestServer.mail("none", ["refuse=gone@example.com", "code=\(code)"])
        let mail = MailServer(
            host: "127.0.0.1", port: server.port, security: .none, user: nil, password: nil, from: "assay@example.com",
            certificateAuthorities: nil)
        let bench = try DeliveryBench()
        let to = ["gone@example.com", "here@example.com"]
        let route = Self.route([AlertChannel(kind: .email(to: to, report: .none), allowsPrivateAddresses: false)])
        for place in 0...1 { try bench.put("a", 1, to: place, of: route) }
        await bench.deliverer([route], senders: network, mail: mail).deliverDue(at: start)
        #expect(Set(bench.kinds) == [kind, .delivered] && bench.kinds.count == 2)
        let refusal = bench.events.first { $0.kind == kind }
        #expect(
            refusal?.message
                == "gone@example.com: 127.0.0.1:\(server.port): the recipient was not accepted (\(code))")
        #expect(refusal?.id == "a.1/0" && refusal?.code == "refused-recipients")
        // The next attempt is for this one alone.
        await bench.deliverer([route], senders: network, mail: mail).deliverDue(at: start + 3_600_000_000)
        #expect(bench.kinds.count { $0 == .delivered } == 1)
        #expect(try server.received().count == 1)
    }
}
