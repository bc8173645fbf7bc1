import Tables
import Testing

/// A set of texts against the standard library's.
@Suite struct TextSetTests {
    @Test(arguments: 1...200 as ClosedRange<UInt64>) func holdsWhatItWasMadeOf(_ seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15
        func below(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(limit))
        }
        let longest = [3, 8, 16, 40][below(4)]
        func text(_ longest: Int) -> [UInt8] {
            (0..<below(longest + 1)).map { _ in [0x61, 0x62, 0x00, 0xFF][below(4)] }
        }
        let members = (0..<below(90)).map { _ in text(longest) }
        let set = TextSet(members)
        // Neighbours of members, and other texts, all in one buffer: what stands around a cell must not count.
        var texts = members + (0..<100).map { _ in text(longest + 2) }
        for member in members {
            texts += [member + [0x00], Array(member.dropLast()), member.map { $0 == 0x61 ? 0x62 : $0 }]
        }
        var bytes: [UInt8] = []
        var starts: [UInt32] = []
        for text in texts {
            starts.append(UInt32(bytes.count))
            bytes += text
        }
        let cells = TextCells(bytes: bytes, starts: starts, lengths: texts.map { UInt32($0.count) })
        let wanted = Set(members)
        let found = set.members(of: cells)
        for (row, text) in texts.enumerated() {
            #expect(found[row] == wanted.contains(text), "seed \(seed): \(text)")
            #expect(text.withUnsafeBytes { set.contains($0) } == wanted.contains(text), "seed \(seed): \(text)")
        }
    }
}
