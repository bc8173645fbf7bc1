import TestSupport
import Testing

@testable import Formats

/// Well-formed UTF-8 told by blocks, against one character after another and the standard library.
@Suite struct TextCheckTests {
    private static let pieces: [[UInt8]] =
        [
            "a", "0123456789012345678901234567890123456789", "é", "日本", "😀",
            "\u{7FF}\u{800}\u{FFFF}\u{10000}\u{10FFFF}", "\n",
        ]
        .map { Array($0.utf8) } + [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF], [0xE2, 0x82],
            [0xED, 0xA0, 0x80], [0xED, 0x9F, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF],
            [0xF0, 0x9F, 0x98],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFF], [0xFE],
        ]

    @Test func findsTheFirstInvalidByte() {
        var random = SeededGenerator(seed: 0xF8 ^ Fuzz.seed)
        for number in 0..<Fuzz.cases(50_000) {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0...30, using: &random) {
                bytes += random.pick(random.chance(97) ? Array(Self.pieces.prefix(7)) : Self.pieces)
            }
            if random.chance(20), !bytes.isEmpty { bytes.removeLast() }
            if random.chance(10), !bytes.isEmpty {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let isRight = bytes.withUnsafeBytes { all in
                let (fast, plain) = (TextCheck.firstInvalid(all, from: 0), TextCheck.firstInvalidPlainly(all, from: 0))
                // From behind the first invalid byte on, as the rows of a chunk are looked through.
                let next = plain.map { $0 + 1 } ?? 0
                return fast == plain && (plain == nil) == (String(validating: bytes, as: UTF8.self) != nil)
                    && TextCheck.firstInvalid(all, from: next) == TextCheck.firstInvalidPlainly(all, from: next)
            }
            if isRight { continue }
            Issue.record("seed \(Fuzz.seed), case \(number): \(bytes)")
            return
        }
    }

    private static let columns = "write its table as Parquet, which is read"

    static let others: [([UInt8], TextCheck.OtherFormat?)] = [
        (
            Array("PAR1".utf8),
            .init(name: "a Parquet file", hint: "give it a name that ends in .parquet, or name its format")
        ),
        (Array("ARROW1\0\0".utf8), .init(name: "an Arrow file (Feather)", hint: columns)),
        ([0xFF, 0xFF, 0xFF, 0xFF, 0xA8, 0, 0, 0], .init(name: "an Arrow stream", hint: columns)),
        (Array("FEA1\0\0\0\0".utf8), .init(name: "a Feather file of the first version", hint: columns)),
        (Array("ORC\n\u{6}\u{12}".utf8), .init(name: "an ORC file", hint: columns)),
        (Array("%PDF-1.7".utf8), .init(name: "a PDF document")),
        (Array("ORC\n1\n".utf8), nil), (Array("FEA1,b\n".utf8), nil), (Array("a,b\n".utf8), nil),
    ]

    @Test(arguments: others) func knowsWhatIsNoText(_ head: [UInt8], _ format: TextCheck.OtherFormat?) {
        #expect(TextCheck.otherFormat(head) == format)
    }
}
