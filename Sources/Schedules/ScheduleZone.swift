import Foundation
import Tables

/// The zone whose clock a schedule is read from: UTC, a fixed distance from it, or one of the system's database.
public struct ScheduleZone: Sendable, Hashable {
    /// As it was written.
    public let name: String
    private let fixedSeconds: Int64?
    /// `nil` where the distance is fixed.
    private let zone: TimeZone?

    public static let utc = ScheduleZone(name: "UTC", fixedSeconds: 0, zone: nil)

    private init(name: String, fixedSeconds: Int64?, zone: TimeZone?) {
        self.name = name
        self.fixedSeconds = fixedSeconds
        self.zone = zone
    }

    /// `UTC`, `+02:00`, or a name such as `Europe/Berlin`.
    ///
    /// Error: `bad-zone`.
    public init(_ name: String) throws(ScheduleError) {
        if name.uppercased() == "UTC" || name == "Z" {
            self.init(name: "UTC", fixedSeconds: 0, zone: nil)
        } else if name.hasPrefix("+") || name.hasPrefix("-"), let seconds = Self.distance(name) {
            self.init(name: name, fixedSeconds: seconds, zone: nil)
        } else if name.utf8.count <= 100, let zone = TimeZone(identifier: name) {
            self.init(name: name, fixedSeconds: nil, zone: zone)
        } else {
            let nearest =
                name.utf8.count <= 100
                ? Suggestion.nearest(to: name, among: TimeZone.knownTimeZoneIdentifiers) : nil
            throw ScheduleError(
                code: "bad-zone", message: "there is no time zone \(name.excerpt)",
                hint: nearest.map { "did you mean \($0)?" } ?? "as in Europe/Berlin, UTC or +02:00")
        }
    }

    private static func distance(_ name: String) -> Int64? {
        var text = "1970-01-01T00:00" + name
        return text.withUTF8 { CivilTime.parseTimestamp(UnsafeRawBufferPointer($0)) }?.offset.map { Int64($0) }
    }

    /// The instant at which the clock shows a time, both in microseconds since 1970-01-01.
    ///
    /// Of a time that it shows twice it is the first; for one that it skips it is the instant of the change.
    public func instant(ofLocal local: Int64) -> Int64 {
        let second = local.flooredSeconds
        guard second.magnitude < 1 << 40 else { return local }
        for stretch in stretches(from: second - 2 * Self.day, until: second + 2 * Self.day)
        where second < stretch.end + stretch.offset {
            guard second >= stretch.start + stretch.offset else { return stretch.start * 1_000_000 }
            return local - stretch.offset * 1_000_000
        }
        return local - offset(at: second) * 1_000_000
    }

    /// What the clock shows at an instant, both in microseconds since 1970-01-01.
    public func local(at instant: Int64) -> Int64 {
        instant.addingClamped(offset(at: instant.flooredSeconds) * 1_000_000)
    }
}

extension ScheduleZone {
    static let day: Int64 = 86_400

    /// Seconds from UTC at an instant, in seconds since 1970.
    func offset(at second: Int64) -> Int64 {
        if let fixedSeconds { return fixedSeconds }
        return Int64(zone?.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second))) ?? 0)
    }

    /// A time during which the distance from UTC stays the same, in seconds since 1970; the end is not in it.
    struct Stretch: Equatable {
        let start: Int64
        let end: Int64
        let offset: Int64
    }

    /// The stretches of a time, in its order.
    ///
    /// The clock is looked at once a day: no zone changes there and back within one.
    func stretches(from first: Int64, until end: Int64) -> [Stretch] {
        var result: [Stretch] = []
        var start = first
        var cursor = first
        var current = offset(at: first)
        while cursor < end {
            let next = min(cursor + Self.day, end)
            if offset(at: next) == current {
                cursor = next
            } else {
                let change = firstChange(after: cursor, through: next, from: current)
                result.append(Stretch(start: start, end: change, offset: current))
                (start, cursor, current) = (change, change, offset(at: change))
            }
        }
        if start < end { result.append(Stretch(start: start, end: end, offset: current)) }
        return result
    }

    /// The first second whose offset differs from that at `low`; it does at `high`.
    private func firstChange(after low: Int64, through high: Int64, from offset: Int64) -> Int64 {
        var (low, high) = (low, high)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if self.offset(at: middle) == offset { low = middle } else { high = middle }
        }
        return high
    }
}

extension Int64 {
    /// Microseconds as seconds, rounded down.
    var flooredSeconds: Int64 { floored(by: 1_000_000) }

    func floored(by length: Int64) -> Int64 {
        let (quotient, rest) = quotientAndRemainder(dividingBy: length)
        return rest < 0 ? quotient - 1 : quotient
    }
}
