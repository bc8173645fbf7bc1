import TestSupport
import Testing

@testable import Parquet

@Suite struct HybridEncoderTests {
    private func encoded(_ values: [UInt32], width: Int) -> [UInt8] {
        var output = GrowingBytes()
        values.withUnsafeBufferPointer { HybridEncoder.append($0, width: width, to: &output) }
        return Array(output.bytes)
    }

    /// The specification's example: the numbers 0 through 7 in three bits each.
    @Test func packsAsTheSpecificationShows() {
        #expect(encoded([0, 1, 2, 3, 4, 5, 6, 7], width: 3) == [0b11, 0x88, 0xC6, 0xFA])
    }

    @Test func repeatsInRuns() {
        #expect(encoded(Array(repeating: 5, count: 100), width: 3) == [0xC8, 0x01, 5])
        #expect(encoded(Array(repeating: 0x0102_0304, count: 8), width: 32) == [16, 4, 3, 2, 1])
        #expect(encoded([], width: 3) == [])
        #expect(encoded([0, 0, 0], width: 0) == [6])
    }

    /// Eight single bits fit in a byte, so that short runs aren't worth two.
    @Test func packsShortRunsOfBits() {
        #expect(encoded(Array(repeating: 1, count: 16), width: 1) == [0b101, 0xFF, 0xFF])
        #expect(encoded(Array(repeating: 1, count: 32), width: 1) == [64, 1])
    }

    @Test(arguments: 0...32) func isReadBack(width: Int) throws {
        var generator = SeededGenerator(seed: UInt64(width))
        let largest = width == 0 ? 0 : UInt32.max >> UInt32(32 - width)
        for _ in 0..<50 {
            var values: [UInt32] = []
            for _ in 0..<Int.random(in: 1...20, using: &generator) {
                let value = UInt32.random(in: 0...largest, using: &generator)
                if generator.chance(50) {
                    values += Array(repeating: value, count: Int.random(in: 1...70, using: &generator))
                } else {
                    values += (0..<Int.random(in: 1...30, using: &generator)).map { _ in
                        UInt32.random(in: 0...largest, using: &generator)
                    }
                }
            }
            // The decoder may load whole words behind the end.
            let bytes = encoded(values, width: width) + [UInt8](repeating: 0xAA, count: 16)
            var read = [UInt32](repeating: .max, count: values.count)
            try bytes.withUnsafeBytes { bytes in
                var decoder = try RunDecoder(UnsafeRawBufferPointer(rebasing: bytes.dropLast(16)), bitWidth: width)
                try read.withUnsafeMutableBufferPointer { output in
                    if let base = output.baseAddress { try decoder.read(values.count, into: base) }
                }
            }
            #expect(read == values)
        }
    }
}

@Suite struct ChunkDictionaryTests {
    @Test func numbersValuesByTheirFirstAppearance() {
        var generator = SeededGenerator(seed: 1)
        let values = (0..<20_000).map { _ in UInt64.random(in: 0...5_000, using: &generator) << 50 }
        var dictionary = WordDictionary<UInt64>()
        var codes = [UInt32](repeating: 0, count: values.count)
        let isDone = values.withUnsafeBytes { dictionary.encode($0, count: values.count, into: &codes) }
        #expect(isDone)
        var seen: [UInt64: UInt32] = [:]
        let expected = values.map { value in
            let code = seen[value] ?? UInt32(seen.count)
            seen[value] = code
            return code
        }
        #expect(codes == expected && dictionary.count == seen.count)
        let entries = Array(dictionary.entries.bytes.bindMemory(to: UInt64.self))
        #expect(entries == seen.sorted { $0.value < $1.value }.map(\.key))
    }

    @Test func numbersByteStringsByTheirFirstAppearance() {
        var generator = SeededGenerator(seed: 2)
        let values = (0..<20_000).map { _ in
            [UInt8](repeating: generator.pick([0, 65]), count: generator.pick([0, 3, 4, 7, 8, 9, 16, 17, 40]))
                + Array(String(Int.random(in: 0...500, using: &generator)).utf8)
        }
        var plain = GrowingBytes()
        for value in values {
            plain.append(littleEndian: UInt32(value.count))
            plain.append(value)
        }
        var dictionary = BytesDictionary(layout: .prefixed)
        var codes = [UInt32](repeating: 0, count: values.count)
        let isDone = dictionary.encode(plain.bytes, count: values.count, into: &codes)
        #expect(isDone)
        var seen: [[UInt8]: UInt32] = [:]
        let expected = values.map { value in
            let code = seen[value] ?? UInt32(seen.count)
            seen[value] = code
            return code
        }
        #expect(codes == expected && dictionary.count == seen.count)
    }

    /// Numbers whose products with the hash's factor agree in all bits that choose a slot.
    @Test func givesUpOnValuesMadeToCollide() {
        // The factor's inverse modulo 2⁶⁴, by Newton's iteration.
        let factor: UInt64 = 0x9E37_79B9_7F4A_7C15
        var inverse = factor
        for _ in 0..<6 { inverse = inverse &* (2 &- factor &* inverse) }
        let values = (0..<10_000).map { UInt64($0) &* inverse }
        var dictionary = WordDictionary<UInt64>()
        var codes = [UInt32](repeating: 0, count: values.count)
        let isDone = values.withUnsafeBytes { dictionary.encode($0, count: values.count, into: &codes) }
        #expect(!isDone)
        #expect(dictionary.count < 1_000)
    }
}

@Suite struct BoundTests {
    private func bounds(_ text: String, _ limit: Int = 4) -> ValueBounds {
        ValueBounds(Extremes(least: Array(text.utf8), greatest: Array(text.utf8)), limit: limit, isText: true)
    }

    static let cuts: [(text: String, least: String, greatest: String)] = [
        ("abcd", "abcd", "abcd"),
        ("abcde", "abcd", "abce"),
        ("abcéx", "abc", "abd"),
        ("abc\u{7F}x", "abc\u{7F}", "abc\u{80}"),
        ("a\u{D7FF}x", "a\u{D7FF}", "a\u{E000}"),
        ("abc\u{10FFFF}", "abc", "abd"),
        ("\u{10FFFF}x", "\u{10FFFF}", "\u{10FFFF}x"),
        ("日本", "日", "旦"),
    ]

    @Test(arguments: cuts) func cutsTextsBetweenCharacters(_ text: String, _ least: String, _ greatest: String) {
        #expect(bounds(text).least == Bound(bytes: Array(least.utf8), isExact: least == text))
        #expect(bounds(text).greatest == Bound(bytes: Array(greatest.utf8), isExact: greatest == text))
    }

    @Test func cutsBytesAndRaisesTheLast() {
        let value: [UInt8] = [1, 2, 0xFF, 0xFF, 5]
        let bounds = ValueBounds(Extremes(least: value, greatest: value), limit: 4, isText: false)
        #expect(bounds.least == Bound(bytes: [1, 2, 0xFF, 0xFF], isExact: false))
        #expect(bounds.greatest == Bound(bytes: [1, 3], isExact: false))
        let all = [UInt8](repeating: 0xFF, count: 9)
        #expect(
            ValueBounds(Extremes(least: [], greatest: all), limit: 4, isText: false).greatest
                == Bound(bytes: all, isExact: true))
    }

    @Test func joinsWithoutLosingExactness() {
        var cut = bounds("abcdef")
        cut.formUnion(bounds("abcd"), by: .bytes)
        #expect(cut.least == Bound(bytes: Array("abcd".utf8), isExact: true))
        #expect(cut.greatest == Bound(bytes: Array("abce".utf8), isExact: false))
    }

    @Test(arguments: [PlainBytes.prefixed, .fixed(9)], [false, true])
    func findsTheLeastAndGreatestByteString(_ layout: PlainBytes, isSigned: Bool) {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<200 {
            let values = (0..<Int.random(in: 1...20, using: &generator)).map { _ in
                (0..<(layout == .prefixed ? generator.pick([0, 1, 7, 8, 9, 20]) : 9)).map { _ in
                    generator.pick([0, 1, 0x7F, 0x80, 0xFF] as [UInt8])
                }
            }
            var plain = GrowingBytes()
            for value in values {
                if layout == .prefixed { plain.append(littleEndian: UInt32(value.count)) }
                plain.append(value)
            }
            var found = ByteExtremes(layout: layout, isSigned: isSigned)
            found.add(plain.bytes, count: values.count)
            func key(_ value: [UInt8]) -> [UInt8] { isSigned ? [(value.first ?? 0) ^ 0x80] + value.dropFirst() : value }
            // Signed numbers are of one length, but for this test's empty ones.
            guard !isSigned || values.allSatisfy({ !$0.isEmpty }) else { continue }
            let sorted = values.sorted { key($0).lexicographicallyPrecedes(key($1)) }
            #expect(found.extremes == Extremes(least: sorted[0], greatest: sorted[sorted.count - 1]))
        }
    }

    @Test func leavesNaNOutAndTellsZerosApart() {
        func extremes(_ values: [Double]) -> (Extremes?, Int) {
            values.withUnsafeBytes { Extremes.of($0, floating: Double.self) }
        }
        func bytes(_ value: Double) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }
        #expect(extremes([.nan, .nan]) == (nil, 2))
        #expect(extremes([.nan, 0.0, -0.0]) == (Extremes(least: bytes(-0.0), greatest: bytes(0.0)), 1))
        #expect(extremes([.infinity]) == (Extremes(least: bytes(.infinity), greatest: bytes(.infinity)), 0))
        #expect(extremes([]) == (nil, 0))
    }
}

@Suite struct UTF8CheckTests {
    @Test func agreesWithTheLibrary() {
        var generator = SeededGenerator(seed: 4)
        let pool: [UInt8] = [
            0, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xED, 0xEF, 0xF0, 0xF4,
            0xF5, 0xFF,
        ]
        var valid = 0
        var disagreements: [[UInt8]] = []
        for _ in 0..<200_000 {
            let bytes = (0..<Int.random(in: 0...5, using: &generator)).map { _ in generator.pick(pool) }
            let expected = String(validating: bytes, as: UTF8.self) != nil
            valid += expected ? 1 : 0
            if bytes.withUnsafeBytes({ UTF8Check.isValid($0) }) != expected { disagreements.append(bytes) }
        }
        #expect(disagreements == [])
        #expect(valid > 1_000)
    }
}
