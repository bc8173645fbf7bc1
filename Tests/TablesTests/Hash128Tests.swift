import Tables
import TestSupport
import Testing

/// Fingerprints are stored: a hash that changes loses every history.
@Suite struct Hash128Tests {
    static let golden: [(String, String)] = [
        ("", "ab3beb770740b7c0c9e47ea59504e96c"), ("a", "7bf6832856b3d387421ca5197816cd6c"),
        ("12345678", "d6443d6e33f21f7658ed90f20bf8cd31"), ("123456789", "17b83cfdfe76528d0530ba6a329a539e"),
        ("1234567890123456", "017833e9d178e4b307bf7c55b4a06a19"),
        ("12345678901234567", "15fcbc49083bec3532008148aa7ee5ab"),
        ("expect_column_values_to_not_be_null\u{1E}column=\"amount\"", "0f42afa8ba8764bb30066873b90036f8"),
    ]

    @Test(arguments: golden) func neverChangesForTexts(_ text: String, _ wanted: String) {
        #expect(Hash128(text).hexadecimal == wanted)
    }

    static let goldenNumbers: [(Int128, String)] = [
        (0, "66cf40ad2a9cfe8a72fb76b419069a7b"), (1, "a72ee64d606ef122a404afd3e144568b"),
        (-1, "dec52915b7ffe99821e8f6a052fba466"), (.max, "8a85748e6f2c2d2a22374e0bcf7ee69b"),
        (.min, "7a5e4f0642b2474730a8b229b08df3b6"), (1_000_000, "ae9781c4b544408fa303eeef1cdf91d1"),
    ]

    @Test(arguments: goldenNumbers) func neverChangesForNumbers(_ number: Int128, _ wanted: String) {
        #expect(Hash128(number).hexadecimal == wanted)
    }

    @Test func neverChangesForSeedsDomainsAndPairs() {
        #expect(Hash128("a", seed: 1).hexadecimal == "a0d6795e4f60f4fe488e162e395011e0")
        #expect(Hash128("a", domain: 1).hexadecimal == "a8946c6b4d1577b8cfb3ad05a91a1383")
        #expect(Hash128("a").combined(with: Hash128("b")).hexadecimal == "79f48c0c2447ea538cd23a640f23a9a7")
    }

    @Test func tellsSmallInputsApart() {
        var seen: [Hash128: String] = [:]
        func add(_ hash: Hash128, _ label: @autoclosure () -> String) {
            if let other = seen.updateValue(label(), forKey: hash) { Issue.record("\(label()) and \(other) collide") }
        }
        for length in 0...200 {
            for byte: UInt8 in [0, 1, 0x20, 0x61, 0xFF] where length > 0 || byte == 0 {
                let bytes = [UInt8](repeating: byte, count: length)
                bytes.withUnsafeBytes { add(Hash128($0), "\(length) bytes \(byte)") }
            }
        }
        for first in 0...255 {
            for second in 0...255 where first != second {
                let bytes = [UInt8(first), UInt8(second)]
                bytes.withUnsafeBytes { add(Hash128($0), "\(bytes)") }
            }
        }
        for number in -5_000...5_000 {
            add(Hash128(Int128(number), domain: 9), "number \(number)")
            add(Hash128(Int128(number) << 64, domain: 10), "number \(number) in the high half")
        }
        for bit in 0..<127 { add(Hash128(Int128(1) << Int128(bit), domain: 11), "bit \(bit)") }
    }

    @Test func oneBitChangesHalfOfTheHash() {
        var random = SeededGenerator(seed: 3)
        var changed = 0
        var rounds = 0
        for length in [1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 100] {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            let plain = bytes.withUnsafeBytes { Hash128($0) }
            for bit in 0..<length * 8 {
                var flipped = bytes
                flipped[bit / 8] ^= 1 << UInt8(bit % 8)
                let other = flipped.withUnsafeBytes { Hash128($0) }
                let difference = (plain.high ^ other.high).nonzeroBitCount + (plain.low ^ other.low).nonzeroBitCount
                #expect((20...108).contains(difference), "seed 3, length \(length), bit \(bit): \(difference) bits")
                changed += difference
                rounds += 1
            }
        }
        #expect((60...68).contains(changed / rounds))
    }

    @Test func orderAndDomainMatter() {
        let (a, b) = (Hash128("a"), Hash128("b"))
        #expect(a.combined(with: b) != b.combined(with: a))
        #expect(a.combined(with: a) != b.combined(with: b))
        #expect(Hash128("a", domain: 1) != Hash128("a", domain: 2))
        #expect(Hash128("a", seed: 1) != Hash128("a", seed: 2))
        #expect(Hash128("a", seed: 1) != Hash128("a", domain: 1))
    }

    @Test func isWrittenWithAllItsDigits() {
        #expect(Hash128(high: 1, low: 0xAB).hexadecimal == "000000000000000100000000000000ab")
    }
}
