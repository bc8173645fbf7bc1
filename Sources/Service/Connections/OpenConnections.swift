import Synchronization

/// All connections of a server, and who of them has no request: where there are too many, the one that is silent longest makes room.
///
/// So nobody shuts others out by connecting and saying nothing. A peer that has its share of connections makes room for its own next
/// one. Calls come from any thread; one that must find who makes room looks at all connections.
final class OpenConnections: Sendable {
    struct ID: Hashable, Sendable { fileprivate let number: Int }

    private struct Connection {
        let peer: PeerAddress?
        let close: @Sendable () -> Void
        /// When it fell silent, by the order of such events; `nil` where it has a request.
        var silentSince: Int?
    }

    private struct State {
        var connections: [ID: Connection] = [:]
        var shares: [PeerAddress: Int] = [:]
        var events = 0

        mutating func nextEvent() -> Int {
            events += 1
            return events
        }

        mutating func remove(_ id: ID) -> Connection? {
            guard let connection = connections.removeValue(forKey: id) else { return nil }
            if let peer = connection.peer, let count = shares[peer] { shares[peer] = count > 1 ? count - 1 : nil }
            return connection
        }

        /// Takes out the one that is silent longest, of a peer or of all.
        mutating func removeSilent(of peer: PeerAddress? = nil) -> Connection? {
            let silent = connections.lazy.filter {
                $0.value.silentSince != nil && (peer == nil || $0.value.peer == peer)
            }
            let longest = silent.min { ($0.value.silentSince ?? .max) < ($1.value.silentSince ?? .max) }
            return longest.flatMap { remove($0.key) }
        }
    }

    private let limit: Int
    private let share: Int
    private let state = Mutex(State())

    /// `limit` for all, and `share` for each peer.
    init(limit: Int, share: Int) {
        self.limit = limit
        self.share = share
    }

    /// A connection begins, without a request; `peer` is `nil` where it has no share.
    ///
    /// Where a peer has its share and none of its connections is silent, it is the new one that is closed.
    func begin(from peer: PeerAddress?, close: @escaping @Sendable () -> Void) -> ID {
        let (id, excess) = state.withLock { state -> (ID, (@Sendable () -> Void)?) in
            let event = state.nextEvent()
            let id = ID(number: event)
            var excess: (@Sendable () -> Void)?
            if let peer, state.shares[peer, default: 0] >= share {
                guard let silent = state.removeSilent(of: peer) else { return (id, close) }
                excess = silent.close
            } else if state.connections.count >= limit {
                excess = state.removeSilent()?.close
            }
            state.connections[id] = Connection(peer: peer, close: close, silentSince: event)
            if let peer { state.shares[peer, default: 0] += 1 }
            return (id, excess)
        }
        excess?()
        return id
    }

    /// It has a request, and keeps its place until that is answered.
    func speaks(_ id: ID) { state.withLock { $0.connections[id]?.silentSince = nil } }

    /// Its requests are answered.
    func fellSilent(_ id: ID) {
        state.withLock { state in
            let event = state.nextEvent()
            state.connections[id]?.silentSince = event
        }
    }

    func end(_ id: ID) { state.withLock { _ = $0.remove(id) } }
}
