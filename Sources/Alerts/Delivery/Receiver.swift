import Expectations
public import Suites
import Tables

/// Who gets a copy of each of a route's messages: a channel, or one of those whom a channel's mails go to.
///
/// Each is delivered to by itself, so that what one refuses is tried again for that one alone.
public struct Receiver: Sendable, Hashable {
    /// By what the outbox knows it: its kind and eight hexadecimal digits of its address.
    ///
    /// It stays the same wherever the project file has it, and tells nobody the address: no key, and no password before an `@`, can
    /// be found out from it.
    public let key: String
    public let channel: AlertChannel
    /// The mailbox as the project file has it; `nil` where the channel isn't mail.
    public let recipient: String?

    /// As people know it: `slack`, `slack 2` where the route has several, or `email to anna@example.com`.
    public let title: String

    fileprivate init(_ channel: AlertChannel, address: String, recipient: String? = nil) {
        let hash = Hash128(address).hexadecimal.prefix(8)
        key = "\(channel.name)-\(hash)"
        title = recipient.map { "\(channel.name) to \(Mailbox($0).address)" } ?? channel.name
        self.channel = channel
        self.recipient = recipient
    }

    private init(_ receiver: Receiver, key: String, title: String) {
        self.key = key
        self.title = title
        channel = receiver.channel
        recipient = receiver.recipient
    }

    /// The same, as the second, third … of those that have one address, and of those that are called the same, if they are `several`.
    fileprivate func numbered(_ ofAddress: Int, _ ofTitle: Int, several: Bool) -> Receiver {
        Receiver(
            self, key: ofAddress == 1 ? key : "\(key)-\(ofAddress)", title: several ? "\(title) \(ofTitle)" : title)
    }
}

extension AlertRoute {
    /// All who are told, in the order of the file; no two have the same key.
    ///
    /// Throws what the environment lacks for their addresses.
    public var receivers: [Receiver] { get throws(SuiteProblems) { Self.numbered(try channels.flatMap(\.receivers)) } }

    private static func numbered(_ receivers: [Receiver]) -> [Receiver] {
        let namesakes = Dictionary(grouping: receivers, by: \.title).mapValues(\.count)
        var addresses: [String: Int] = [:]
        var titles: [String: Int] = [:]
        return receivers.map { receiver in
            addresses[receiver.key, default: 0] += 1
            titles[receiver.title, default: 0] += 1
            return receiver.numbered(
                addresses[receiver.key] ?? 1, titles[receiver.title] ?? 1, several: namesakes[receiver.title] != 1)
        }
    }
}

extension AlertChannel {
    /// One, or one for each recipient of mails.
    var receivers: [Receiver] {
        switch kind {
        case .webhook(let url, _, _), .slack(let url), .teams(let url), .googleChat(let url), .discord(let url):
            [Receiver(self, address: Self.withoutLogin(url))]
        case .pagerDuty(let url, let key), .opsgenie(let url, let key):
            [Receiver(self, address: "\(Self.withoutLogin(url))\n\(key)")]
        case .email(let to, _):
            to.map { Receiver(self, address: Mailbox($0).address.lowercased(), recipient: $0) }
        }
    }

    /// A URL without user and password: people choose them, so that they could be guessed from what is made of them.
    private static func withoutLogin(_ url: String) -> String {
        guard let scheme = url.firstRange(of: "://") else { return url }
        let rest = url[scheme.upperBound...]
        let authority = rest.prefix { !"/?#".contains($0) }
        guard let login = authority.lastIndex(of: "@") else { return url }
        return String(url[..<scheme.upperBound] + rest[rest.index(after: login)...])
    }
}
