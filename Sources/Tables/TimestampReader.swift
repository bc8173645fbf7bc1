/// Reads timestamps as `CivilTime` does, remembering the last minute: rows that follow each other mostly share it.
public struct TimestampReader: Sendable {
    /// `YYYY-MM-DDTHH:MM` of the last text, as two words.
    private var head: (UInt64, UInt64)
    /// What it stands for, in microseconds since 1970-01-01T00:00:00 on the same clock.
    private var minute: Int64 = 0

    /// Begins with the minute that instants are counted from.
    public init() {
        head = ("1970-01-01T00:00" as StaticString).withUTF8Buffer { text in
            let bytes = UnsafeRawBufferPointer(text)
            return (
                bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
                bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
            )
        }
    }

    /// `nil` where the text is no timestamp.
    @inline(__always)
    public mutating func read(_ bytes: UnsafeRawBufferPointer) -> CivilTime.Reading? {
        guard bytes.count >= 19 else { return CivilTime.parseTimestamp(bytes) }
        let first = bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
        let second = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        guard first == head.0, second == head.1 else { return learn(bytes, first, second) }
        if bytes.count == 24 { return millisecondsUTC(bytes) ?? CivilTime.parseTimestamp(bytes) }
        return seconds(bytes) ?? CivilTime.parseTimestamp(bytes)
    }

    /// Reads a text whose minute is another than the last one's.
    @inline(never)
    private mutating func learn(
        _ bytes: UnsafeRawBufferPointer, _ first: UInt64, _ second: UInt64
    ) -> CivilTime.Reading? {
        guard let reading = CivilTime.parseTimestamp(bytes) else { return nil }
        // A minute's text ends before the seconds, and an hour's zone could stand there.
        guard bytes[16] == 0x3A, bytes[13] == 0x3A else { return reading }
        head = (first, second)
        let rest = reading.local % (60 * CivilTime.microsecondsPerSecond)
        minute = reading.local - (rest < 0 ? rest + 60 * CivilTime.microsecondsPerSecond : rest)
        return reading
    }

    /// `:SS.mmmZ`, in one word.
    @inline(__always)
    private func millisecondsUTC(_ bytes: UnsafeRawBufferPointer) -> CivilTime.Reading? {
        let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
        // Digits less '0', signs less themselves: digits must be below 10, signs zero. A byte that is too small borrows,
        // and shows by its highest bit.
        let digits = word &- 0x5A30_3030_2E30_303A
        guard (digits | (digits &+ 0x7F76_7676_7F76_767F)) & 0x8080_8080_8080_8080 == 0 else { return nil }
        let second = Int64((digits &>> 8 & 0xF) &* 10 &+ (digits &>> 16 & 0xF))
        let milliseconds =
            Int64((digits &>> 32 & 0xF) &* 100 &+ (digits &>> 40 & 0xF) &* 10 &+ (digits &>> 48 & 0xF))
        guard second < 60 else { return nil }
        return CivilTime.Reading(
            local: minute &+ second &* CivilTime.microsecondsPerSecond &+ milliseconds &* 1_000, offset: 0,
            hasTime: true)
    }

    /// `:SS`, up to six digits of a fraction, and `Z` or no zone; `nil` for anything else, be it a timestamp or not.
    @inline(__always)
    private func seconds(_ bytes: UnsafeRawBufferPointer) -> CivilTime.Reading? {
        let tens = Int64(bytes[17]) &- 0x30
        let ones = Int64(bytes[18]) &- 0x30
        guard bytes[16] == 0x3A, 0...5 ~= tens, 0...9 ~= ones else { return nil }
        var local = minute &+ (tens &* 10 &+ ones) &* CivilTime.microsecondsPerSecond
        var end = 19
        if end < bytes.count, bytes[end] == 0x2E {
            end = 20
            var unit: Int64 = 100_000
            while end < bytes.count, unit > 0, bytes[end] &- 0x30 <= 9 {
                local &+= Int64(bytes[end] &- 0x30) &* unit
                unit /= 10
                end &+= 1
            }
            guard end > 20 else { return nil }
        }
        if end == bytes.count { return CivilTime.Reading(local: local, offset: nil, hasTime: true) }
        guard end &+ 1 == bytes.count, bytes[end] == 0x5A else { return nil }
        return CivilTime.Reading(local: local, offset: 0, hasTime: true)
    }
}
