import Foundation
import Schedules
import Tables

/// Times as tests write and read them.
enum Times {
    /// Microseconds of `2026-03-29T01:00Z`, of a date, or of a time with an offset.
    static func at(_ text: String) -> Int64 {
        var copy = text
        let reading = copy.withUTF8 { CivilTime.parseTimestamp(UnsafeRawBufferPointer($0)) }
        precondition(reading != nil, "no time: \(text)")
        return (reading?.local ?? 0) - Int64(reading?.offset ?? 0) * 1_000_000
    }

    /// What a zone's clock shows, as in `2026-03-29T03:00+02:00`.
    static func text(_ time: Int64, in zone: ScheduleZone = .utc) -> String {
        let local = zone.local(at: time)
        let offset = (local - time) / 60_000_000
        let sign = offset < 0 ? "-" : "+"
        let distance = offset == 0 ? "Z" : sign + two(abs(offset) / 60) + ":" + two(abs(offset) % 60)
        let (days, rest) = (
            (Double(local) / 86_400e6).rounded(.down), ((local % 86_400_000_000) + 86_400_000_000) % 86_400_000_000
        )
        let minutes = rest / 60_000_000
        let seconds = rest % 60_000_000 == 0 ? "" : "." + String(rest % 60_000_000)
        return CivilTime.format(days: Int(days)) + "T" + two(minutes / 60) + ":" + two(minutes % 60) + seconds
            + distance
    }

    private static func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
