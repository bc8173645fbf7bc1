import Expectations
import Tables
import Transport

/// Events API v2 of PagerDuty: an incident of ours is one of theirs for each route, by its `dedup_key`.
///
/// Reminders, consequences and improvements trigger again, which pages nobody while theirs is open: it opens one where somebody closed it there
/// although it still fails.
struct PagerDutyCarrier: Carrier {
    private let url: String
    private let routingKey: String
    private let post: Post

    init(url: String, routingKey: String, post: Post) {
        self.url = HostURL.withPath("/v2/enqueue", url)
        self.routingKey = routingKey
        self.post = post
    }

    func parcels(for briefing: Briefing) -> [Parcel] {
        let message = briefing.message
        switch message.reason {
        case .firing, .reminder, .consequences, .improved, .flapping: return [trigger(briefing)]
        case .resolved: return [event("resolve", message)]
        case .acknowledged: return [event("acknowledge", message)]
        // A trial leaves nothing open.
        case .test: return [trigger(briefing), event("resolve", message)]
        }
    }

    /// A key that no integration has, or that is none, is a mistake of the event there: 400, as in `Invalid routing key`.
    func refusesKey(_ answer: HTTPResponse) -> Bool {
        let text = String(decoding: answer.body.prefix(2000), as: UTF8.self).lowercased()
        return answer.status == 400 && (text.contains("routing key") || text.contains("routing_key"))
    }

    /// An acknowledgement of what was never triggered is nothing there.
    func supersedesEarlier(_ message: AlertMessage) -> Bool { message.reason != .acknowledged }

    private func trigger(_ briefing: Briefing) -> Parcel {
        let message = briefing.message
        let details = briefing.sections.map { section in
            JSON.Member(section.title, .array(section.lines.map { .string($0) }))
        }
        let payload: [JSON.Member] = [
            .init("summary", .string(PlainText.clipped(briefing.headline, to: 1024))),
            .init("source", .string(briefing.asset.isEmpty ? "assay" : briefing.asset)),
            .init("severity", .string(severity(message))),
            .init("timestamp", .string(CivilTime.format(microseconds: message.at))),
            .init("component", .string(briefing.suite)), .init("class", .string(message.reason.rawValue)),
            .init("custom_details", .object(details)),
        ]
        let links = briefing.links.map { link in
            JSON.object([.init("href", .string(link.url)), .init("text", .string(link.title))])
        }
        return event(
            "trigger", message,
            [.init("payload", .object(payload)), .init("links", .array(links)), .init("client", .string("Assay"))])
    }

    private func event(_ action: String, _ message: AlertMessage, _ more: [JSON.Member] = []) -> Parcel {
        post(
            url,
            .object(
                [
                    .init("routing_key", .string(routingKey)), .init("event_action", .string(action)),
                    .init("dedup_key", .string(message.thread)),
                ] + more))
    }

    private func severity(_ message: AlertMessage) -> String {
        if message.reason == .test { return "info" }
        return switch message.severity {
        case .critical: "critical"
        case .warning: "warning"
        case .info: "info"
        }
    }
}

/// Addresses that may be written without the path that the service has.
enum HostURL {
    /// The URL with the path where it has none of its own.
    static func withPath(_ path: String, _ url: String) -> String {
        let trimmed = url.hasSuffix("/") ? String(url.dropLast()) : url
        // Two slashes belong to the scheme.
        return trimmed.utf8.count { $0 == UInt8(ascii: "/") } > 2 ? trimmed : trimmed + path
    }
}
