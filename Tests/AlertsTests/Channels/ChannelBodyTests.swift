import Foundation
import Suites
import Tables
import Testing
import Transport

@testable import Alerts

@Suite("What receivers get")
struct ChannelBodyTests {
    @Test(arguments: ChannelSamples.kinds) func isAsWritten(_ kind: AlertChannel.Kind) throws {
        let channel = AlertChannel(kind: kind, allowsPrivateAddresses: false)
        let text = try AlertMessage.Reason.allCases.map { reason in
            let parcels = try ChannelSamples.parcels(kind, ChannelSamples.message(reason))
            return "=== \(reason.rawValue)\n\n" + parcels.map { Self.text($0) }.joined(separator: "\n")
        }.joined(separator: "\n")
        try expectGolden(text, "channel-\(channel.name).txt")
    }

    private static func text(_ parcel: Parcel) -> String {
        switch parcel {
        case .request(let request):
            let fields = request.headers.map { "\($0.name): \($0.value)\n" }.joined()
            let body = JSON(text: String(decoding: request.body, as: UTF8.self))?.text(isIndented: true) ?? "no JSON"
            return "\(request.method.rawValue) \(request.url)\n\(fields)\n\(body)\n"
        case .mail(let mail):
            return "from \(mail.from)\nto \(mail.to.joined(separator: " "))\n\n"
                + String(decoding: mail.content, as: UTF8.self).replacing("\r\n", with: "\n")
        }
    }

    @Test func webhooksAreSigned() throws {
        // Computed with Python's hmac: hmac.new(b"key", b"1.{}", "sha256").hexdigest()
        #expect(
            WebhookCarrier.signature(of: Array("{}".utf8), at: 1, secret: "key")
                == "t=1,v1=\(Self.knownCode)")
    }

    static let knownCode = "1ba6b8171186efc613e8bcc0cbdab2748f24984d7c5a84faa2637afa0e40d224"

    @Test func ownFieldsAreNotReplaced() throws {
        let kind = AlertChannel.Kind.webhook(
            url: "https://example.com", secret: "s",
            headers: [
                .init(name: "idempotency-key", value: "x"), .init(name: "X-ASSAY-SIGNATURE", value: "x"),
                .init(name: "Host", value: "x"), .init(name: "content-type", value: "application/x-own"),
            ])
        guard case .request(let request) = try ChannelSamples.parcels(kind, ChannelSamples.message(.firing)).first
        else { return #expect(Bool(false)) }
        #expect(
            request.headers.map(\.name) == ["Idempotency-Key", "X-Assay-Event", "X-Assay-Signature", "content-type"])
        #expect(request.addresses == .publicOnly && request.extent == .head)
    }

    @Test func aPipelinesMessageLeadsToItAndToItsQuarantine() throws {
        let message = ChannelSamples.message(.firing, name: "pipeline p 1", suite: "")
        let briefing = Briefing(message, key: "k", links: ChannelSamples.links, sentAt: message.at)
        let base = ChannelSamples.links
        #expect(
            briefing.links.map(\.url) == [
                "\(base)/reports/run-7.html", "\(base)/pipelines#p%201", "\(base)/pipelines/p%201/quarantine",
                "\(base)/alerts",
            ])
        #expect(briefing.facts.map(\.name) == ["Asset", "Severity", "Since"])
    }

    @Test func aMessageWithoutLinksHasNone() throws {
        for kind in ChannelSamples.kinds {
            for parcel in try ChannelSamples.parcels(kind, ChannelSamples.message(.firing), links: nil) {
                #expect(Self.text(parcel).contains("assay.example.com/") == false)
            }
        }
    }
}
