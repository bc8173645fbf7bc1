/// Reads timestamps as `CivilTime` does, remembering the last date: rows that follow each other mostly share it.
public struct TimestampReader: Sendable {
    private var dateHead: UInt64 = 0
    private var dateTail: UInt16 = 0
    private var midnight: Int64 = 0

    public init() {}

    /// `nil` where the text is no timestamp.
    @inline(__always)
    public mutating func read(_ bytes: UnsafeRawBufferPointer) -> CivilTime.Reading? {
        guard bytes.count >= 19 else { return CivilTime.parseTimestamp(bytes) }
        let head = bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
        let tail = bytes.loadUnaligned(fromByteOffset: 8, as: UInt16.self)
        if head != dateHead || tail != dateTail {
            guard let days = CivilTime.parseDate(UnsafeRawBufferPointer(rebasing: bytes[..<10])) else { return nil }
            (dateHead, dateTail, midnight) = (head, tail, Int64(days) &* CivilTime.microsecondsPerDay)
        }
        return clock(bytes)
    }

    /// `THH:MM:SS`, eight digits and colons in one word; what follows the seconds is mostly `.mmmZ` or `Z`.
    @inline(__always)
    private func clock(_ bytes: UnsafeRawBufferPointer) -> CivilTime.Reading? {
        guard bytes[10] == 0x54 || bytes[10] == 0x20 else { return CivilTime.parseTimestamp(bytes) }
        let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 11, as: UInt64.self))
        // Digits less '0', colons less ':': digits must be below 10, colons zero. A byte that is too small borrows, and
        // shows by its highest bit.
        let digits = word &- 0x3030_3A30_303A_3030
        let isClock = (digits | (digits &+ 0x7676_7F76_767F_7676)) & 0x8080_8080_8080_8080 == 0
        guard isClock else { return CivilTime.parseTimestamp(bytes) }
        let hour = Int64((digits & 0xF) &* 10 &+ (digits &>> 8 & 0xF))
        let minute = Int64((digits &>> 24 & 0xF) &* 10 &+ (digits &>> 32 & 0xF))
        let second = Int64((digits &>> 48 & 0xF) &* 10 &+ (digits &>> 56 & 0xF))
        guard hour < 24, minute < 60, second < 60 else { return nil }
        let time = ((hour &* 60 &+ minute) &* 60 &+ second) &* CivilTime.microsecondsPerSecond
        if bytes.count == 19 { return CivilTime.Reading(local: midnight &+ time, offset: nil, hasTime: true) }
        if bytes.count == 20, bytes[19] == 0x5A {
            return CivilTime.Reading(local: midnight &+ time, offset: 0, hasTime: true)
        }
        if bytes.count == 24, bytes[19] == 0x2E, bytes[23] == 0x5A {
            let hundreds = bytes[20] &- 0x30
            let tens = bytes[21] &- 0x30
            let ones = bytes[22] &- 0x30
            guard hundreds <= 9, tens <= 9, ones <= 9 else { return nil }
            let fraction = (Int64(hundreds) &* 100 &+ Int64(tens) &* 10 &+ Int64(ones)) &* 1_000
            return CivilTime.Reading(local: midnight &+ time &+ fraction, offset: 0, hasTime: true)
        }
        return CivilTime.parseTimestamp(bytes)
    }
}
