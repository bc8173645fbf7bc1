import Synchronization

/// All connections of a server, and who of them has no request: where there are too many, the one that is silent longest makes room.
///
/// So nobody shuts others out by connecting and saying nothing. A peer that has its share of connections makes room for its own next
/// one. Where all have requests no more are accepted (`acceptsMore`): they wait in the kernel's queue until somebody is answered, or
/// gone. Calls come from any thread; one that must find who makes room looks at all connections.
final class OpenConnections: Sendable {
    struct ID: Hashable, Sendable { fileprivate let number: Int }

    private struct Connection {
        let peer: PeerAddress?
        let close: @Sendable () -> Void
        /// When it fell silent, by the order of such events; `nil` where it has a request.
        var silentSince: Int?
    }

    private struct State {
        let limit: Int
        var connections: [ID: Connection] = [:]
        var shares: [PeerAddress: Int] = [:]
        var events = 0
        /// Accepted and not yet closed, those among them that have not begun, or have made room.
        var accepted = 0
        /// Those that were told to close, and have not.
        var leaving: Set<ID> = []
        /// The one that began last, as long as it has said nothing: it isn't asked to make room before it could speak.
        var newcomer: ID?
        /// Somebody was told that no more are accepted, and waits to hear that they are.
        var isWaitedFor = false

        var count: Int { accepted - leaving.count }

        var hasRoom: Bool { count < limit || (count == limit && !silent.isEmpty) }

        var silent: some Collection<(key: ID, value: Connection)> {
            connections.lazy.filter { [newcomer] in $0.value.silentSince != nil && $0.key != newcomer }
        }

        mutating func nextEvent() -> Int {
            events += 1
            return events
        }

        mutating func remove(_ id: ID) -> Connection? {
            if newcomer == id { newcomer = nil }
            guard let connection = connections.removeValue(forKey: id) else { return nil }
            if let peer = connection.peer, let count = shares[peer] { shares[peer] = count > 1 ? count - 1 : nil }
            return connection
        }

        /// Takes out one that is to close.
        mutating func dismiss(_ id: ID) -> (@Sendable () -> Void)? {
            guard let connection = remove(id) else { return nil }
            leaving.insert(id)
            return connection.close
        }

        /// Takes out the one that is silent longest, of a peer or of all.
        mutating func dismissSilent(of peer: PeerAddress? = nil) -> (@Sendable () -> Void)? {
            let longest = silent.filter { peer == nil || $0.value.peer == peer }
                .min { ($0.value.silentSince ?? .max) < ($1.value.silentSince ?? .max) }
            return longest.flatMap { dismiss($0.key) }
        }
    }

    private let share: Int
    private let state: Mutex<State>
    private let whenAccepting = Mutex<@Sendable () -> Void>({})

    /// `limit` for all, and `share` for each peer.
    init(limit: Int, share: Int) {
        self.share = share
        state = Mutex(State(limit: limit))
    }

    // MARK: Who comes

    /// Whether one more has room, or somebody who makes room for it.
    ///
    /// Where it hasn't, `resume` is called when it has.
    var acceptsMore: Bool {
        state.withLock { state in
            state.isWaitedFor = !state.hasRoom
            return !state.isWaitedFor
        }
    }

    /// What is called, from any thread, when more are accepted after they were not.
    func resume(_ action: @escaping @Sendable () -> Void) { whenAccepting.withLock { $0 = action } }

    /// A connection was accepted, and will begin.
    func accepted() { change { $0.accepted += 1 } }

    /// An accepted connection is closed.
    func closed() { change { $0.accepted -= 1 } }

    // MARK: What they do

    /// A connection begins, without a request; `peer` is `nil` where it has no share.
    ///
    /// `nil` where a peer has its share and none of its connections is silent: the new one is to be closed.
    func begin(from peer: PeerAddress?, close: @escaping @Sendable () -> Void) -> ID? {
        let (id, excess) = change { state -> (ID?, (@Sendable () -> Void)?) in
            let event = state.nextEvent()
            let id = ID(number: event)
            var excess: (@Sendable () -> Void)?
            if let peer, state.shares[peer, default: 0] >= share {
                excess = state.dismissSilent(of: peer)
                guard excess != nil else { return (nil, nil) }
            } else if state.count > state.limit {
                excess = state.dismissSilent()
            }
            state.connections[id] = Connection(peer: peer, close: close, silentSince: event)
            state.newcomer = id
            if let peer { state.shares[peer, default: 0] += 1 }
            return (id, excess)
        }
        excess?()
        return id
    }

    /// It has a request, and keeps its place until that is answered.
    func speaks(_ id: ID) {
        change { state in
            if state.newcomer == id { state.newcomer = nil }
            state.connections[id]?.silentSince = nil
        }
    }

    /// Its requests are answered; where there are more connections than may be, it closes.
    func fellSilent(_ id: ID) {
        let close = change { state -> (@Sendable () -> Void)? in
            guard state.count <= state.limit else { return state.dismiss(id) }
            let event = state.nextEvent()
            state.connections[id]?.silentSince = event
            return nil
        }
        close?()
    }

    func end(_ id: ID) {
        change { state in
            _ = state.remove(id)
            state.leaving.remove(id)
        }
    }

    private func change<Answer>(_ body: (inout State) -> Answer) -> Answer {
        let (answer, isAccepting) = state.withLock { state in
            let answer = body(&state)
            guard state.isWaitedFor, state.hasRoom else { return (answer, false) }
            state.isWaitedFor = false
            return (answer, true)
        }
        if isAccepting { whenAccepting.withLock(\.self)() }
        return answer
    }
}
