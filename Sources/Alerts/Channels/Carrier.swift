import Suites
import Transport

/// Puts a message into the form in which one kind of receiver takes it.
protocol Carrier: Sendable {
    /// What is to be sent, in this order; nothing where this receiver isn't told of such messages.
    func parcels(for briefing: Briefing) throws(DeliveryFailure) -> [Parcel]

    /// Whether an answer says that it is the key that isn't accepted, where its status alone doesn't tell.
    func refusesKey(_ answer: HTTPResponse) -> Bool

    /// Whether who has a message needs none of those before it in its incident.
    ///
    /// Not so where it only adds to what a message before it opened.
    func supersedesEarlier(_ message: AlertMessage) -> Bool
}

extension Carrier {
    func refusesKey(_ answer: HTTPResponse) -> Bool { false }

    func supersedesEarlier(_ message: AlertMessage) -> Bool { true }
}

/// One request or mail.
enum Parcel: Sendable {
    case request(HTTPRequest)
    case mail(Mail)
}

extension Receiver {
    /// The one place that knows which carrier serves which kind of channel.
    func carrier(_ surroundings: CarrierSurroundings) throws(DeliveryFailure) -> any Carrier {
        let post = Post(
            addresses: channel.allowsPrivateAddresses ? .anywhere : .publicOnly,
            certificateAuthorities: channel.certificateAuthorities)
        switch channel.kind {
        case .webhook(let url, let secret, let headers):
            return WebhookCarrier(url: url, secret: secret, headers: headers, post: post)
        case .slack(let url): return SlackCarrier(url: url, post: post)
        case .teams(let url): return TeamsCarrier(url: url, post: post)
        case .googleChat(let url): return GoogleChatCarrier(url: url, post: post)
        case .discord(let url): return DiscordCarrier(url: url, post: post)
        case .pagerDuty(let url, let key): return PagerDutyCarrier(url: url, routingKey: key, post: post)
        case .opsgenie(let url, let key): return OpsgenieCarrier(url: url, apiKey: key, post: post)
        case .email(let to, let report):
            guard let server = surroundings.mail else { throw .noMailServer }
            return EmailCarrier(
                to: to, copyTo: recipient.map { [$0] } ?? to, from: server.from, report: report,
                reports: surroundings.reports)
        }
    }
}

/// What a carrier may need besides the channel.
struct CarrierSurroundings: Sendable {
    let mail: MailServer?
    /// The bytes of a report by its file's name; `nil` where there is none any more.
    let reports: @Sendable (String) -> [UInt8]?
}
