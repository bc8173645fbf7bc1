import NIOCore

/// Where a connection comes from: an address of version 4, or a network of version 6, of which one machine has all addresses.
struct PeerAddress: Hashable, Sendable {
    /// Four bytes, or the first eight of sixteen.
    let bytes: [UInt8]

    /// `nil` for this machine: a proxy on it speaks for everybody.
    init?(_ address: SocketAddress) {
        let all: [UInt8]
        switch address {
        case .v4(let address): all = withUnsafeBytes(of: address.address.sin_addr) { Array($0) }
        case .v6(let address): all = withUnsafeBytes(of: address.address.sin6_addr) { Array($0) }
        case .unixDomainSocket: return nil
        }
        self.init(bytes: all)
    }

    /// Of an address's four or sixteen bytes.
    init?(bytes all: [UInt8]) {
        let isMapped = all.count == 16 && all.prefix(12) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        let address = isMapped ? all.suffix(4) : all[...]
        if address.count == 4 {
            guard address.first != 127 else { return nil }
        } else {
            guard address.dropLast().contains(where: { $0 != 0 }) || address.last != 1 else { return nil }
        }
        bytes = Array(address.prefix(8))
    }
}
