import Synchronization
import Testing

@testable import Service

@Suite struct OpenConnectionsTests {
    /// What was called, in order: which connections were closed to make room.
    private final class Closed: Sendable {
        private let names = Mutex<[String]>([])

        var all: [String] { names.withLock { $0 } }

        func closing(_ name: String) -> @Sendable () -> Void { { self.names.withLock { $0.append(name) } } }
    }

    private let closed = Closed()
    private let peer = PeerAddress(bytes: [10, 0, 0, 1])
    private let other = PeerAddress(bytes: [10, 0, 0, 2])

    /// One is accepted and begins; what closes when it makes room is known by its name.
    @discardableResult
    private func come(
        _ name: String, to connections: OpenConnections, from peer: PeerAddress? = nil
    ) -> OpenConnections.ID? {
        connections.accepted()
        return connections.begin(from: peer, close: closed.closing(name))
    }

    private func leave(_ id: OpenConnections.ID, _ connections: OpenConnections) {
        connections.end(id)
        connections.closed()
    }

    @Test func whoIsSilentLongestMakesRoom() throws {
        let connections = OpenConnections(limit: 3, share: 9)
        let ids = try ["a", "b", "c"].map { try #require(come($0, to: connections)) }
        connections.speaks(ids[0])
        connections.speaks(ids[1])
        connections.fellSilent(ids[0])
        // The one that came last may speak before it is its turn.
        come("d", to: connections)
        #expect(closed.all == ["a"])
        come("e", to: connections)
        #expect(closed.all == ["a", "c"])
        connections.fellSilent(ids[1])
        come("f", to: connections)
        #expect(closed.all == ["a", "c", "d"])
    }

    @Test func whereAllHaveRequestsNoMoreAreAccepted() throws {
        let connections = OpenConnections(limit: 2, share: 9)
        let resumed = Closed()
        connections.resume(resumed.closing("room"))
        let ids = try ["a", "b"].map { name in
            #expect(connections.acceptsMore)
            let id = try #require(come(name, to: connections))
            connections.speaks(id)
            return id
        }
        #expect(!connections.acceptsMore)
        connections.fellSilent(ids[0])
        #expect(resumed.all == ["room"] && connections.acceptsMore)
        // Who came while somebody was silent is accepted, though nobody is any more.
        connections.speaks(ids[0])
        let late = try #require(come("c", to: connections))
        #expect(closed.all.isEmpty && !connections.acceptsMore)
        connections.speaks(late)
        // Whoever is answered first makes room for it.
        connections.fellSilent(ids[1])
        #expect(closed.all == ["b"] && !connections.acceptsMore)
        leave(ids[1], connections)
        #expect(resumed.all == ["room"])
        leave(ids[0], connections)
        #expect(resumed.all == ["room", "room"] && connections.acceptsMore)
    }

    @Test func whoHasJustComeMaySpeakFirst() throws {
        let connections = OpenConnections(limit: 2, share: 9)
        connections.speaks(try #require(come("a", to: connections)))
        let newcomer = try #require(come("b", to: connections))
        #expect(!connections.acceptsMore)
        connections.speaks(newcomer)
        connections.fellSilent(newcomer)
        #expect(connections.acceptsMore)
        come("c", to: connections)
        #expect(closed.all == ["b"])
    }

    @Test func whoIsNotYetClosedTakesNoRoom() throws {
        let connections = OpenConnections(limit: 1, share: 9)
        let first = try #require(come("a", to: connections))
        connections.speaks(first)
        connections.fellSilent(first)
        let second = try #require(come("b", to: connections))
        connections.speaks(second)
        connections.fellSilent(second)
        #expect(closed.all == ["a"] && connections.acceptsMore)
        leave(first, connections)
        come("c", to: connections)
        #expect(closed.all == ["a", "b"])
    }

    @Test func aPeerMakesRoomForItself() throws {
        let connections = OpenConnections(limit: 9, share: 2)
        come("other", to: connections, from: other)
        let ids = try ["a", "b"].map { try #require(come($0, to: connections, from: peer)) }
        come("c", to: connections, from: peer)
        #expect(closed.all == ["a"])
        leave(ids[0], connections)
        leave(ids[1], connections)
        come("d", to: connections, from: peer)
        #expect(closed.all == ["a"])
    }

    @Test func aPeerOfWhichAllHaveRequestsGetsNoMore() throws {
        let connections = OpenConnections(limit: 9, share: 2)
        for name in ["a", "b"] { connections.speaks(try #require(come(name, to: connections, from: peer))) }
        #expect(come("c", to: connections, from: peer) == nil)
        #expect(come("other", to: connections, from: other) != nil)
        #expect(closed.all.isEmpty)
    }

    @Test func aNetworkOfVersion6IsOnePeer() {
        let network: [UInt8] = [0x20, 1, 0xD, 0xB8, 0, 0, 0, 7]
        #expect(PeerAddress(bytes: network + [0, 0, 0, 0, 0, 0, 0, 1])?.bytes == network)
        #expect(PeerAddress(bytes: network + [9, 9, 9, 9, 9, 9, 9, 9])?.bytes == network)
        #expect(PeerAddress(bytes: Array(repeating: 0, count: 10) + [0xFF, 0xFF, 10, 0, 0, 1]) == peer)
    }

    @Test func thisMachineIsNone() {
        #expect(PeerAddress(bytes: [127, 0, 0, 1]) == nil)
        #expect(PeerAddress(bytes: Array(repeating: 0, count: 15) + [1]) == nil)
        #expect(PeerAddress(bytes: Array(repeating: 0, count: 10) + [0xFF, 0xFF, 127, 0, 0, 1]) == nil)
    }
}
