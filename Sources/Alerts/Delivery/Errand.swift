import Ledger
import Suites

/// The messages of one channel of the outbox, and who is to get them.
struct Errand: Sendable {
    let channel: OutboxChannel
    let route: AlertRoute
    let receiver: Receiver
}

extension AlertRoute {
    /// The errand to the receiver that messages were written for; `nil` where the route doesn't have it.
    func errand(_ channel: OutboxChannel) throws -> Errand? {
        try receivers.first { $0.key == channel.channel }.map { Errand(channel: channel, route: self, receiver: $0) }
    }

    /// The errand to the only receiver of the same kind: an address that was mended gets what waits for the old one.
    func errandToStandIn(_ channel: OutboxChannel) throws -> Errand? {
        let same = try receivers.filter { $0.channel.name == channel.name }
        guard same.count == 1, let only = same.first else { return nil }
        return Errand(channel: channel, route: self, receiver: only)
    }
}
