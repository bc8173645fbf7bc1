/// An internet address, as far as it matters whom it reaches.
struct IPAddress: Equatable {
    /// 16 bytes; version 4 is kept as mapped into version 6, so that it can't hide there.
    private let bytes: [UInt8]

    /// The bytes of an address of version 4 (4 of them) or 6 (16); `nil` for other numbers of bytes.
    init?(_ bytes: some Collection<UInt8>) {
        switch bytes.count {
        case 4: self.bytes = Self.mapped + bytes
        case 16: self.bytes = Array(bytes)
        default: return nil
        }
    }

    private static let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]

    /// The machine itself.
    var isLoopback: Bool {
        bytes.starts(with: Self.mapped) ? bytes[12] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1
    }

    /// Whether anybody on the internet is reached by it, and so neither this machine, nor a network of one's own, nor nobody.
    ///
    /// After IANA's registries of special-purpose addresses. What carries an address of version 4 in it (mapped, NAT64, 6to4) is judged
    /// by that.
    var isPublic: Bool {
        if bytes.starts(with: Self.mapped) { return Self.isPublic(version4: bytes[12...]) }
        if has([0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0], 96) { return Self.isPublic(version4: bytes[12...]) }
        if has([0x20, 0x02], 16) { return Self.isPublic(version4: bytes[2..<6]) }
        guard has([0x20], 3) else { return false }
        return !Self.special6.contains { has($0.prefix, $0.length) }
    }

    private static func isPublic(version4 bytes: ArraySlice<UInt8>) -> Bool {
        let number = bytes.reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
        return !special4.contains { number >> (32 - $0.length) == $0.prefix >> (32 - $0.length) }
    }

    private func has(_ prefix: [UInt8], _ length: Int) -> Bool {
        let whole = length / 8
        guard bytes.prefix(whole).elementsEqual(prefix.prefix(whole)) else { return false }
        let rest = length % 8
        return rest == 0 || bytes[whole] >> (8 - rest) == prefix[whole] >> (8 - rest)
    }

    private static let special4: [(prefix: UInt32, length: UInt32)] = [
        (0x0000_0000, 8),  // this network
        (0x0A00_0000, 8),  // private
        (0x6440_0000, 10),  // shared behind a provider's NAT
        (0x7F00_0000, 8),  // loopback
        (0xA9FE_0000, 16),  // link-local, where clouds answer with credentials
        (0xAC10_0000, 12),  // private
        (0xC000_0000, 24),  // protocol assignments
        (0xC000_0200, 24),  // documentation
        (0xC058_6300, 24),  // relays of 6to4
        (0xC0A8_0000, 16),  // private
        (0xC612_0000, 15),  // benchmarks
        (0xC633_6400, 24),  // documentation
        (0xCB00_7100, 24),  // documentation
        (0xE000_0000, 4),  // multicast
        (0xF000_0000, 4),  // reserved, and broadcast
    ]

    /// Of 2000::/3, which is all that is public.
    private static let special6: [(prefix: [UInt8], length: Int)] = [
        ([0x20, 0x01, 0x00], 23),  // protocol assignments: Teredo, benchmarks, ORCHID
        ([0x20, 0x01, 0x0D, 0xB8], 32),  // documentation
        ([0x3F, 0xFF, 0x00], 20),  // documentation
    ]
}
