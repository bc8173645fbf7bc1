import Expectations
import Suites

@testable import Alerts

/// Messages and channels of every kind.
enum ChannelSamples {
    /// 2026-11-01T10:00:00Z.
    static let since: Int64 = 1_793_527_200_000_000
    static let at = since + 3 * 3_600_000_000

    static func message(
        _ reason: AlertMessage.Reason, sequence: Int = 2, name: String = "silver.events", suite: String? = nil,
        words: String? = nil,
        severity: Severity = .critical, items: Int = 2, note: String? = "looking into it", id: String = "m-7",
        incident: String = "inc-1", thread: String = "thread-1"
    ) -> AlertMessage {
        let standing: AlertMessage.Item.Standing =
            switch reason {
            case .firing: .new
            case .reminder, .consequences, .acknowledged: .still
            case .flapping: .flapping
            case .improved, .resolved: .recovered
            case .test: .new
            }
        let item = AlertMessage.Item(
            standing: standing, key: "k1", type: "expect_column_values_to_be_between", columns: [name],
            severity: severity, sentence: words ?? "340 of 1,000 values of amount are not between 0 and 10.",
            before: nil, since: since, failures: 3, unexpectedCount: 340, elementCount: 1000)
        return AlertMessage(
            id: id, incident: incident, thread: reason == .test ? id : thread,
            opening: sequence == 1 || reason == .test ? nil : "\(name): 2 checks began to fail (\(severity.rawValue))",
            sequence: reason == .test ? 1 : sequence, route: "data-team", reason: reason,
            asset: name, suite: suite ?? (name == "silver.events" ? "silver_events" : name), severity: severity, at: at,
            since: since, run: reason == .acknowledged ? nil : "run-7",
            report: reason == .acknowledged || reason == .test ? nil : "run-7.html",
            items: reason == .test ? [] : Array(repeating: item, count: items),
            mutes: [.firing, .consequences, .resolved].contains(reason) ? ["gold.revenue"] : [],
            actor: reason == .acknowledged ? "anna" : nil, note: reason == .acknowledged ? note : nil)
    }

    static let links = "https://assay.example.com"

    static let kinds: [AlertChannel.Kind] = [
        .webhook(
            url: "https://example.com/hook/very-secret-path", secret: "signing-secret",
            headers: [.init(name: "X-Team", value: "data team")]),
        .slack(url: "https://hooks.slack.com/services/T000/B000/XXXXXXXX"),
        .teams(
            url: "https://prod-1.westeurope.logic.azure.com/workflows/abc/triggers/manual/paths/invoke?sig=SIGNATURE"),
        .googleChat(url: "https://chat.googleapis.com/v1/spaces/AAA/messages?key=KEYKEYKEY&token=TOKENTOKEN"),
        .discord(url: "https://discord.com/api/webhooks/123/abcdefgh-token"),
        .pagerDuty(url: "https://events.pagerduty.com", routingKey: "R0UTINGKEY"),
        .opsgenie(url: "https://api.eu.opsgenie.com", apiKey: "GENIE-KEY-0"),
        .email(to: ["data@example.com", "Ops Team <ops@example.com>"], report: .link),
    ]

    static let mail = MailServer(
        host: "smtp.example.com", port: 587, security: .starttls, user: "u", password: "mail-password",
        from: "Assay <assay@example.com>", certificateAuthorities: nil)

    static func parcels(
        _ kind: AlertChannel.Kind, _ message: AlertMessage, mail: MailServer = mail, links: String? = links,
        reports: @escaping @Sendable (String) -> [UInt8]? = { _ in nil }
    ) throws -> [Parcel] {
        let channel = AlertChannel(kind: kind, allowsPrivateAddresses: false)
        let briefing = Briefing(message, key: "\(message.id)/0", links: links, sentAt: at + 1_000_000)
        return try channel.receivers[0].carrier(CarrierSurroundings(mail: mail, reports: reports)).parcels(
            for: briefing)
    }
}
