import Tables

/// Times of day as microseconds; what is before midnight, or at the end of the day or later, is none.
enum DayTime {
    @inline(__always)
    static func microseconds(_ ticks: Int64, perMicrosecond: Int64 = 1, microsecondsPerTick: Int64 = 1) -> Int64? {
        guard ticks >= 0, ticks < CivilTime.microsecondsPerDay / microsecondsPerTick * perMicrosecond else {
            return nil
        }
        return ticks / perMicrosecond &* microsecondsPerTick
    }

    @inline(__always)
    static func take(_ time: Int64?, _ element: inout Int64) -> Bool {
        element = time ?? 0
        return time != nil
    }
}

enum DayMilliseconds32: NumberConversion {
    static let filler: Int64 = 0
    @inline(__always)
    static func convert(_ value: Int32, _ element: inout Int64) -> Bool {
        DayTime.take(DayTime.microseconds(Int64(value), microsecondsPerTick: 1_000), &element)
    }
}

/// As no writer should write them: in 64 bits.
enum DayMilliseconds64: NumberConversion {
    static let filler: Int64 = 0
    @inline(__always)
    static func convert(_ value: Int64, _ element: inout Int64) -> Bool {
        DayTime.take(DayTime.microseconds(value, microsecondsPerTick: 1_000), &element)
    }
}

enum DayMicroseconds: NumberConversion {
    static let filler: Int64 = 0
    @inline(__always)
    static func convert(_ value: Int64, _ element: inout Int64) -> Bool {
        DayTime.take(DayTime.microseconds(value), &element)
    }
}

/// Nanoseconds, rounded down.
enum DayNanoseconds: NumberConversion {
    static let filler: Int64 = 0
    @inline(__always)
    static func convert(_ value: Int64, _ element: inout Int64) -> Bool {
        DayTime.take(DayTime.microseconds(value, perMicrosecond: 1_000), &element)
    }
}
