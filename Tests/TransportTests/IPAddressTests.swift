import Testing

@testable import Transport

@Suite("Whom an address reaches")
struct IPAddressTests {
    static let notPublic: [[UInt8]] = [
        [0, 0, 0, 0], [10, 1, 2, 3], [100, 64, 0, 1], [100, 127, 255, 255], [127, 0, 0, 1], [127, 255, 255, 255],
        [169, 254, 169, 254], [172, 16, 0, 1], [172, 31, 255, 255], [192, 0, 0, 1], [192, 0, 2, 1], [192, 168, 1, 1],
        [198, 18, 0, 1], [198, 19, 255, 255], [198, 51, 100, 1], [203, 0, 113, 1], [224, 0, 0, 1], [239, 1, 1, 1],
        [240, 0, 0, 1], [255, 255, 255, 255],
        six([:]), six([15: 1]), mapped(127, 0, 0, 1), mapped(169, 254, 169, 254), mapped(10, 0, 0, 1),
        six([12: 10, 15: 1]), six([0: 0xFC]), six([0: 0xFD, 15: 1]), six([0: 0xFE, 1: 0x80]), six([0: 0xFE, 1: 0xC0]),
        six([0: 0xFF, 1: 2, 15: 1]), six([0: 0x20, 1: 0x01, 2: 0x0D, 3: 0xB8]), six([0: 0x20, 1: 0x01]),
        six([0: 0x20, 1: 0x02, 2: 10]), six([0: 0x00, 1: 0x64, 2: 0xFF, 3: 0x9B, 12: 192, 13: 168]),
        six([0: 0x00, 1: 0x64, 2: 0xFF, 3: 0x9B, 5: 1, 12: 8]), six([0: 0x01]), six([0: 0x3F, 1: 0xFF]),
    ]

    @Test(arguments: notPublic) func isNotPublic(_ bytes: [UInt8]) throws {
        #expect(try #require(IPAddress(bytes)).isPublic == false)
    }

    static let open: [[UInt8]] = [
        [1, 1, 1, 1], [8, 8, 8, 8], [9, 255, 255, 255], [11, 0, 0, 0], [100, 63, 255, 255], [100, 128, 0, 0],
        [126, 0, 0, 1], [128, 0, 0, 1], [169, 253, 0, 1], [172, 15, 0, 1], [172, 32, 0, 1], [192, 167, 1, 1],
        [198, 17, 0, 1], [198, 20, 0, 1], [223, 255, 255, 255], mapped(8, 8, 8, 8), six([0: 0x20, 1: 0x02, 2: 8]),
        six([0: 0x26, 1: 0x06, 15: 1]), six([0: 0x2A, 1: 0x00, 15: 1]),
        six([0: 0x00, 1: 0x64, 2: 0xFF, 3: 0x9B, 12: 8, 13: 8]),
    ]

    @Test(arguments: open) func isPublic(_ bytes: [UInt8]) throws {
        #expect(try #require(IPAddress(bytes)).isPublic)
    }

    @Test func knowsThisMachine() throws {
        #expect(
            [[127, 0, 0, 1], Self.mapped(127, 3, 4, 5), Self.six([15: 1])].allSatisfy {
                IPAddress($0)?.isLoopback == true
            })
        #expect(
            [[10, 0, 0, 1], Self.six([:]), Self.six([14: 1, 15: 1])].allSatisfy { IPAddress($0)?.isLoopback == false })
        #expect(IPAddress([1, 2, 3]) == nil && IPAddress([]) == nil)
    }

    static func six(_ bytes: [Int: UInt8]) -> [UInt8] { (0..<16).map { bytes[$0] ?? 0 } }

    static func mapped(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) -> [UInt8] {
        six([10: 0xFF, 11: 0xFF, 12: a, 13: b, 14: c, 15: d])
    }
}
