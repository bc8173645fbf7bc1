import Tables
import Testing

/// The reader that remembers minutes against the plain one.
@Suite struct TimestampReaderTests {
    @Test func readsWhatThePlainOneReads() {
        var seed: UInt64 = 0xC10C
        func next(_ limit: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((seed >> 33) % UInt64(limit))
        }
        let shapes = [
            "2026-11-20T11:25:54.790Z", "2026-11-20T11:25:54Z", "2026-11-20 11:25:54", "2024-02-29T23:59:59.999Z",
            "2026-11-20T11:25", "2026-11-20", "2026-11-20T11:25:54.790123+02:00", "1970-01-01T00:00:00Z",
            "1969-12-31T23:59:58.5", "2026-11-20 11:25:54.790123", "2026-11-20T11:25:54.7901234Z",
            "1601-01-01T00:00:59Z",
        ].map { Array($0.utf8) }
        let bytes = Array("0123456789:.-+TZ /9\u{7F}".utf8) + [0x80, 0xFF, 0x00]
        var reader = TimestampReader()
        for number in 0..<60_000 {
            var text = shapes[next(shapes.count)]
            for _ in 0..<next(3) { text[next(text.count)] = bytes[next(bytes.count)] }
            if next(6) == 0 { text.removeLast(next(4)) }
            let (fast, plain) = text.withUnsafeBytes { (reader.read($0), CivilTime.parseTimestamp($0)) }
            #expect(fast == plain, "case \(number): \(String(decoding: text, as: UTF8.self))")
        }
    }

    @Test func takesNothingForAMinuteBeforeItSawOne() {
        for text in [[UInt8](repeating: 0, count: 16) + Array(":00".utf8), Array("1970-01-01T00:00:00".utf8)] {
            var reader = TimestampReader()
            let (fast, plain) = text.withUnsafeBytes { (reader.read($0), CivilTime.parseTimestamp($0)) }
            #expect(fast == plain)
        }
    }
}
