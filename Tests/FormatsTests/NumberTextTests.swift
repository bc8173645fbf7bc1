import Tables
import TestSupport
import Testing

@testable import Formats

/// Numbers read as words against the same read digit by digit.
@Suite struct NumberTextTests {
    /// What may stand around a cell, so that bytes that aren't its own show.
    private static let around = Array("0123456789.-+eE, \"\n\u{0}\u{7F}".utf8) + [0x80, 0xFF]

    private func text(_ random: inout SeededGenerator) -> [UInt8] {
        var text: [UInt8] = []
        if random.chance(25) { text.append(random.pick([0x2D, 0x2B, 0x20])) }
        for _ in 0..<Int.random(in: 0...(random.chance(80) ? 9 : 20), using: &random) {
            text.append(UInt8.random(in: 0x30...0x39, using: &random))
        }
        if random.chance(50) { text.insert(0x2E, at: Int.random(in: 0...text.count, using: &random)) }
        if random.chance(10), !text.isEmpty {
            text[Int.random(in: text.indices, using: &random)] = random.pick(Self.around)
        }
        if random.chance(10) { text.append(random.pick([0x20, 0x09, 0x2E, 0x65])) }
        return text
    }

    @Test func readsWhatThePlainOneReads() {
        var random = SeededGenerator(seed: 0xD161 ^ Fuzz.seed)
        for number in 0..<Fuzz.cases(100_000) {
            let text = text(&random)
            let before = (0..<Int.random(in: 0...3, using: &random)).map { _ in random.pick(Self.around) }
            let after = (0..<random.pick([0, 1, 7, 8, 20])).map { _ in random.pick(Self.around) }
            let precision = Int.random(in: 1...18, using: &random)
            let scale = Int.random(in: 0...precision, using: &random)
            let isAlike = (before + text + after).withUnsafeBytes { bytes in
                let cell = Cell(bytes, before.count, text.count)
                let plain = NumberText.trimmed(cell.bytes)
                return NumberText.int64(cell) == NumberText.int64(plain)
                    && NumberText.float64(cell)?.bitPattern == NumberText.float64(plain)?.bitPattern
                    && NumberText.shortDecimal(cell, precision: precision, scale: scale).map { Int128($0) }
                        == NumberText.decimal(plain, precision: precision, scale: scale)
            }
            if isAlike { continue }
            Issue.record(
                "seed \(Fuzz.seed), case \(number): \(String(decoding: text, as: UTF8.self)) as decimal(\(precision), \(scale))"
            )
            return
        }
    }
}
