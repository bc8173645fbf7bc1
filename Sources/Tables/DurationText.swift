/// Durations as people and ISO 8601 write them.
public enum DurationText {
    /// Reads `500ms`, `90s`, `15m`, `2h`, `1d`, `1w`, several in a row as in `1h30m`, and ISO 8601's `PT1H30M`, `P1DT2H`, `P2W`, `PT0.5S`.
    ///
    /// Microseconds, of a fraction of an ISO second the first six digits; `nil` where the text is no duration or one of more than 36,000 years. Months and years have no length.
    public static func parse(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        guard let first = bytes.first else { return nil }
        let isISO = first == 0x50
        var index = isISO ? 1 : 0
        var isTime = !isISO
        var total: Int64 = 0
        var parts = 0
        while index < bytes.count {
            if isISO, bytes[index] == 0x54, !isTime {
                isTime = true
                index += 1
                // The letter announces hours, minutes or seconds.
                guard index < bytes.count else { return nil }
                continue
            }
            if !isISO, bytes[index] == 0x20 {
                index += 1
                continue
            }
            guard let number = digits(bytes, &index), index < bytes.count else { return nil }
            let unit: Int64
            if isISO, isTime, let fraction = secondsFraction(bytes, &index) {
                total += fraction
                unit = CivilTime.microsecondsPerSecond
            } else if !isISO, bytes[index...].starts(with: [0x6D, 0x73]) {
                unit = 1_000
                index += 2
            } else {
                guard let seconds = seconds(bytes[index], isISO: isISO, isTime: isTime) else { return nil }
                unit = seconds * CivilTime.microsecondsPerSecond
                index += 1
            }
            let (part, isTooLong) = number.multipliedReportingOverflow(by: unit)
            let (sum, isTooLongInAll) = total.addingReportingOverflow(part)
            guard !isTooLong, !isTooLongInAll, sum < 1 << 60 else { return nil }
            total = sum
            parts += 1
        }
        return parts > 0 ? total : nil
    }

    public static func parse(_ text: String) -> Int64? {
        var text = text
        return text.withUTF8 { parse(UnsafeRawBufferPointer($0)) }
    }

    private static func digits(_ bytes: UnsafeRawBufferPointer, _ index: inout Int) -> Int64? {
        let start = index
        var number: Int64 = 0
        while index < bytes.count, bytes[index] &- 0x30 <= 9 {
            number = number * 10 + Int64(bytes[index] &- 0x30)
            guard number < 1 << 40 else { return nil }
            index += 1
        }
        return index > start ? number : nil
    }

    /// Microseconds of a fraction as in `.5S`, with a comma or a point; `nil` where none stands there.
    private static func secondsFraction(_ bytes: UnsafeRawBufferPointer, _ index: inout Int) -> Int64? {
        guard bytes[index] == 0x2E || bytes[index] == 0x2C else { return nil }
        var place = index + 1
        var microseconds: Int64 = 0
        var unit = CivilTime.microsecondsPerSecond
        while place < bytes.count, bytes[place] &- 0x30 <= 9 {
            unit /= 10
            microseconds += Int64(bytes[place] &- 0x30) * unit
            place += 1
        }
        guard place > index + 1, place < bytes.count, bytes[place] == 0x53 else { return nil }
        index = place + 1
        return microseconds
    }

    /// Seconds of a unit's letter.
    private static func seconds(_ letter: UInt8, isISO: Bool, isTime: Bool) -> Int64? {
        let lower = isISO ? letter | 0x20 : letter
        guard !isISO || letter & 0x20 == 0 else { return nil }
        switch (lower, isISO, isTime) {
        case (0x73, _, true): return 1
        case (0x6D, _, true): return 60
        case (0x68, _, true): return 3_600
        case (0x64, false, _), (0x64, true, false): return 86_400
        case (0x77, false, _), (0x77, true, false): return 604_800
        default: return nil
        }
    }
}
