import ArgumentParser
import Foundation
import Tables

/// The run's clock, in microseconds since 1970-01-01T00:00:00Z: the machine's, or one that was given.
struct RunClock {
    let microseconds: Int64

    static var system: RunClock {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return RunClock(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }

    private init(microseconds: Int64) { self.microseconds = microseconds }

    /// A time as it is given on the command line, in ISO 8601; UTC where no zone is named.
    static func parse(_ argument: String) throws -> RunClock {
        var argument = argument
        guard let reading = argument.withUTF8({ CivilTime.parseTimestamp(UnsafeRawBufferPointer($0)) }) else {
            throw ValidationError("a time in ISO 8601 is wanted, as in 2024-01-31 or 2024-01-31T14:30:00Z")
        }
        return RunClock(
            microseconds: reading.local - Int64(reading.offset ?? 0) * CivilTime.microsecondsPerSecond)
    }
}
