import Crypto
import Suites
import Tables
import Transport

/// JSON of our own form, versioned and signed (docs/service/webhook.md).
struct WebhookCarrier: Carrier {
    let url: String
    let secret: String?
    let headers: [AlertChannel.Header]
    let post: Post

    func parcels(for briefing: Briefing) -> [Parcel] {
        let body = Array(document(briefing).text().utf8)
        var fields = [
            HTTPField("Idempotency-Key", briefing.key), HTTPField("X-Assay-Event", briefing.message.reason.rawValue),
        ]
        if let secret {
            let seconds = briefing.sentAt / CivilTime.microsecondsPerSecond
            fields.append(HTTPField("X-Assay-Signature", Self.signature(of: body, at: seconds, secret: secret)))
        }
        // What identifies and signs a message isn't for the configuration to replace.
        let own = Set(fields.map { $0.name.lowercased() } + ["content-length", "host", "transfer-encoding"])
        let others = headers.filter { !own.contains($0.name.lowercased()) }.map { HTTPField($0.name, $0.value) }
        return [post(url, body, fields + others)]
    }

    /// `t=` seconds since 1970, `v1=` HMAC-SHA256 over these digits, a full stop and the body.
    static func signature(of body: [UInt8], at seconds: Int64, secret: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Array("\(seconds).".utf8) + body, using: SymmetricKey(data: Array(secret.utf8)))
        let digits = code.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return "t=\(seconds),v1=\(digits)"
    }

    /// The message as it is stored, with its words and links.
    private func document(_ briefing: Briefing) -> JSON {
        let words: [JSON.Member] = [
            .init("title", .string(briefing.headline)),
            .init("text", .string(briefing.lines.joined(separator: "\n"))),
            .init(
                "links", .object(briefing.links.map { JSON.Member($0.title.lowercased(), .string($0.url)) })),
        ]
        return .object((briefing.message.json.members ?? []) + words)
    }
}
