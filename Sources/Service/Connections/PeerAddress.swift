import Foundation
import NIOCore

/// Where a connection comes from: an address of version 4, or a network of version 6, of which one machine has all addresses.
struct PeerAddress: Hashable, Sendable {
    /// Four bytes, or the first eight of sixteen.
    let bytes: [UInt8]

    /// `nil` for this machine: a proxy on it speaks for everybody.
    init?(_ address: SocketAddress) {
        guard let text = address.ipAddress else { return nil }
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 {
            self.init(bytes: Array(bytes.prefix(4)))
        } else if inet_pton(AF_INET6, text, &bytes) == 1 {
            self.init(bytes: bytes)
        } else {
            return nil
        }
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
