import Synchronization
import Testing

@testable import Service

@Suite struct OpenConnectionsTests {
    /// Which connections were closed to make room.
    private final class Closed: Sendable {
        private let names = Mutex<[String]>([])

        var all: [String] { names.withLock { $0 } }

        func closing(_ name: String) -> @Sendable () -> Void { { self.names.withLock { $0.append(name) } } }
    }

    private let closed = Closed()
    private let peer = PeerAddress(bytes: [10, 0, 0, 1])
    private let other = PeerAddress(bytes: [10, 0, 0, 2])

    @Test func whoIsSilentLongestMakesRoom() {
        let connections = OpenConnections(limit: 3, share: 9)
        let ids = ["a", "b", "c"].map { connections.begin(from: nil, close: closed.closing($0)) }
        connections.speaks(ids[0])
        connections.speaks(ids[1])
        connections.fellSilent(ids[0])
        #expect(closed.all.isEmpty)
        _ = connections.begin(from: nil, close: closed.closing("d"))
        #expect(closed.all == ["c"])
        _ = connections.begin(from: nil, close: closed.closing("e"))
        #expect(closed.all == ["c", "a"])
        connections.fellSilent(ids[1])
        _ = connections.begin(from: nil, close: closed.closing("f"))
        #expect(closed.all == ["c", "a", "d"])
    }

    @Test func nobodyIsClosedWhoHasARequest() {
        let connections = OpenConnections(limit: 1, share: 1)
        connections.speaks(connections.begin(from: nil, close: closed.closing("a")))
        _ = connections.begin(from: nil, close: closed.closing("b"))
        #expect(closed.all.isEmpty)
    }

    @Test func aPeerMakesRoomForItself() {
        let connections = OpenConnections(limit: 9, share: 2)
        _ = connections.begin(from: other, close: closed.closing("other"))
        let ids = ["a", "b"].map { connections.begin(from: peer, close: closed.closing($0)) }
        _ = connections.begin(from: peer, close: closed.closing("c"))
        #expect(closed.all == ["a"])
        connections.end(ids[0])
        connections.end(ids[1])
        _ = connections.begin(from: peer, close: closed.closing("d"))
        #expect(closed.all == ["a"])
    }

    @Test func aPeerOfWhichAllHaveRequestsGetsNoMore() {
        let connections = OpenConnections(limit: 9, share: 2)
        for name in ["a", "b"] { connections.speaks(connections.begin(from: peer, close: closed.closing(name))) }
        _ = connections.begin(from: peer, close: closed.closing("c"))
        _ = connections.begin(from: other, close: closed.closing("other"))
        #expect(closed.all == ["c"])
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
