import Expectations
import Tables
import Transport

/// The Alert API of Opsgenie: an incident of ours is an alert of theirs for each route, by its alias.
struct OpsgenieCarrier: Carrier {
    private let url: String
    private let apiKey: String
    private let post: Post

    /// `url` as `https://api.opsgenie.com`, or `https://api.eu.opsgenie.com` for accounts of the EU.
    init(url: String, apiKey: String, post: Post) {
        self.url = HostURL.withPath("/v2/alerts", url)
        self.apiKey = apiKey
        self.post = post
    }

    func parcels(for briefing: Briefing) -> [Parcel] {
        let message = briefing.message
        switch message.reason {
        case .firing, .reminder, .flapping:
            // An alert that is there is only counted up by another one of its alias, and keeps its priority.
            return message.sequence == 1 ? [create(briefing)] : [create(briefing), prioritize(briefing)]
        case .consequences, .improved: return [act("notes", briefing)]
        case .resolved: return [act("close", briefing)]
        case .acknowledged: return [act("acknowledge", briefing)]
        // A trial leaves nothing open.
        case .test: return [create(briefing), act("close", briefing)]
        }
    }

    /// A note or an acknowledgement of what was never created is nothing there.
    func supersedesEarlier(_ message: AlertMessage) -> Bool {
        switch message.reason {
        case .firing, .reminder, .flapping, .resolved, .test: true
        case .consequences, .improved, .acknowledged: false
        }
    }

    private func create(_ briefing: Briefing) -> Parcel {
        let links = briefing.links.map { "\($0.title): \($0.url)" }
        let details = briefing.facts.map { JSON.Member($0.name.lowercased(), .string($0.value)) }
        return send(
            url,
            .object([
                .init("message", .string(PlainText.clipped(briefing.headline, to: 130))),
                .init("alias", .string(briefing.message.thread)),
                .init("description", .string(PlainText.paragraph(briefing.lines + links, limit: 15_000))),
                .init("details", .object(details)), .init("entity", .string(briefing.asset)),
                .init("source", .string("Assay")),
                .init("tags", .array([.string("assay"), .string(briefing.message.severity.rawValue)])),
                .init("priority", .string(priority(briefing.message))),
            ]))
    }

    private func act(_ action: String, _ briefing: Briefing) -> Parcel {
        send(
            address(action, briefing),
            .object([
                .init("source", .string("Assay")),
                .init("note", .string(PlainText.clipped(briefing.headline, to: 1000))),
            ]))
    }

    private func prioritize(_ briefing: Briefing) -> Parcel {
        send(
            address("priority", briefing), .object([.init("priority", .string(priority(briefing.message)))]),
            method: .put)
    }

    private func address(_ action: String, _ briefing: Briefing) -> String {
        "\(url)/\(PlainText.pathPart(briefing.message.thread))/\(action)?identifierType=alias"
    }

    private func send(_ url: String, _ body: JSON, method: HTTPRequest.Method = .post) -> Parcel {
        post(url, body, [HTTPField("Authorization", "GenieKey \(apiKey)")], method: method)
    }

    private func priority(_ message: AlertMessage) -> String {
        if message.reason == .test { return "P5" }
        return switch message.severity {
        case .critical: "P1"
        case .warning: "P3"
        case .info: "P5"
        }
    }
}
