import Foundation
import Tables

/// A time zone: a fixed distance from UTC, or one of the system's database.
struct Zone: Sendable {
    let name: String
    let fixedSeconds: Int64?

    init?(_ name: String) {
        self.name = name
        if name.uppercased() == "UTC" || name == "Z" {
            fixedSeconds = 0
        } else if name.hasPrefix("+") || name.hasPrefix("-") {
            var text = "1970-01-01T00:00" + name
            guard let reading = text.withUTF8({ CivilTime.parseTimestamp(UnsafeRawBufferPointer($0)) }),
                let offset = reading.offset
            else { return nil }
            fixedSeconds = Int64(offset)
        } else {
            guard TimeZone(identifier: name) != nil else { return nil }
            fixedSeconds = nil
        }
    }
}

/// What a zone's clock shows at instants; it remembers the last quarter of an hour that it looked up.
struct ZoneClock {
    private static let step: Int64 = 900_000_000

    private let fixed: Int64?
    private let zone: TimeZone?
    private var quarter = Int64.min
    private var offset: Int64 = 0

    init(_ zone: Zone) {
        fixed = zone.fixedSeconds.map { $0 * 1_000_000 }
        self.zone = zone.fixedSeconds == nil ? TimeZone(identifier: zone.name) : nil
    }

    /// The clock's reading at an instant, both in microseconds; `nil` where it is too far off.
    mutating func local(_ instant: Int64) -> Int64? {
        let (local, isBeyond) = instant.addingReportingOverflow(offset(at: instant))
        return isBeyond ? nil : local
    }

    /// The instant at which the clock shows a time.
    ///
    /// Of an hour that it shows twice it is the first one; one that it skips is read with the offset before the change.
    mutating func instant(_ local: Int64) -> Int64? {
        guard local.magnitude < 1 << 62 else { return fixed.flatMap { local.subtractingSafely($0) } }
        let before = offset(at: local - CivilTime.microsecondsPerDay)
        if offset(at: local - before) == before { return local - before }
        let after = offset(at: local - before)
        return offset(at: local - after) == after ? local - after : local - before
    }

    private mutating func offset(at instant: Int64) -> Int64 {
        if let fixed { return fixed }
        // Since 1973 zones have changed at whole quarters of an hour, or a minute after midnight.
        let isRegular = instant >= 1_300_000_000_000_000
        let quarter = TimeFunctions.floored(instant, Self.step)
        if isRegular, quarter == self.quarter { return offset }
        let date = Date(timeIntervalSince1970: Double(TimeFunctions.floored(instant, 1_000_000)))
        let seconds = zone?.secondsFromGMT(for: date) ?? 0
        if isRegular {
            self.quarter = quarter
            offset = Int64(seconds) * 1_000_000
        }
        return Int64(seconds) * 1_000_000
    }
}

extension Int64 {
    fileprivate func subtractingSafely(_ other: Int64) -> Int64? {
        let (difference, isBeyond) = subtractingReportingOverflow(other)
        return isBeyond ? nil : difference
    }
}
