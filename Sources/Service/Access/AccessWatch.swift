import HTTPTypes
import Hummingbird
import Synchronization

/// Tells who changed something, and who wasn't let in; of the latter no more a minute than fit into a log.
final class AccessWatch: Sendable {
    /// Refusals that are told a minute: of one peer, and of all.
    static let mostOfPeer = 5
    static let most = 60

    private struct Minute {
        var start: ContinuousClock.Instant
        var told = 0
        var ofPeers: [String: Int] = [:]
    }

    private let state: Mutex<(minute: Minute?, unlogged: Int)> = Mutex((nil, 0))

    /// Whether one more refusal is told, and how many before it were not; `nil` where it isn't.
    func admit(_ peer: String, at now: ContinuousClock.Instant = .now) -> Int? {
        state.withLock { state in
            var minute = state.minute.flatMap { now - $0.start < .seconds(60) ? $0 : nil } ?? Minute(start: now)
            defer { state.minute = minute }
            guard minute.told < Self.most, minute.ofPeers[peer, default: 0] < Self.mostOfPeer else {
                state.unlogged += 1
                return nil
            }
            minute.told += 1
            minute.ofPeers[peer, default: 0] += 1
            defer { state.unlogged = 0 }
            return state.unlogged
        }
    }
}

extension AccessEvent {
    init(_ kind: Kind, status: Int, token: String?, _ request: Request, _ context: ServerContext) {
        self.init(
            kind: kind, method: String(request.method.rawValue.prefix(20)), path: request.uri.path, status: status,
            peer: Self.peer(context), forwardedFor: request.headers[.forwardedFor].map { String($0.prefix(200)) },
            token: token)
    }

    static func peer(_ context: ServerContext) -> String { context.channel.remoteAddress?.ipAddress ?? "-" }
}
