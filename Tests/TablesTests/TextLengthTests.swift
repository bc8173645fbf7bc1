import Tables
import Testing

/// Lengths against those of texts that Swift has repaired.
@Suite struct TextLengthTests {
    private static func length(_ bytes: [UInt8]) -> Int { bytes.withUnsafeBytes { TextLength.scalars($0) } }

    static let cases: [([UInt8], Int)] = [
        ([], 0), (Array("aé日😀e\u{301}".utf8), 6), ([UInt8](repeating: 0x80, count: 9), 9), ([0xC3, 0x80, 0x80], 2),
        ([0xE2, 0x82], 1), ([0xE2, 0x82, 0x41], 2), ([0xED, 0xA0, 0x80], 3), ([0xF0, 0x9F, 0x98, 0xC0], 2),
        ([0xC0, 0x80], 2), ([0xFF, 0xFE], 2), (Array("12345678".utf8) + [0xC3], 9),
    ]

    @Test(arguments: cases) func countsScalars(_ bytes: [UInt8], _ wanted: Int) {
        #expect(Self.length(bytes) == wanted)
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>) func countsWhatARepairedTextHas(_ seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15
        func below(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(limit))
        }
        let choices: [UInt8] = [
            0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF1, 0xF4,
            0xF5,
        ]
        for _ in 0..<20_000 {
            let bytes = (0..<below(20)).map { _ in choices[below(choices.count)] }
            let wanted = String(decoding: bytes, as: UTF8.self).unicodeScalars.count
            let found = Self.length(bytes)
            if found != wanted { Issue.record("seed \(seed): \(bytes): \(found), wanted \(wanted)") }
        }
    }
}
