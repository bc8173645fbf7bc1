import Foundation

/// From clock times of a zone to instants.
public struct ZoneRule: Sendable, Hashable {
    /// As it was written.
    public let name: String
    private let fixedSeconds: Int64?

    /// Whether clock times are instants as they are.
    public var isUTC: Bool { fixedSeconds == 0 }

    public static let utc = ZoneRule(name: "UTC", fixedSeconds: 0)

    private init(name: String, fixedSeconds: Int64?) {
        self.name = name
        self.fixedSeconds = fixedSeconds
    }

    /// `UTC`, `+02:00`, or a name of the system's time zone database such as `Europe/Berlin`; `nil` where it is none.
    public init?(_ name: String) {
        if name.uppercased() == "UTC" || name == "Z" {
            self = .utc
            return
        }
        if let first = name.first, first == "+" || first == "-" {
            var text = "1970-01-01T00:00" + name
            guard let reading = text.withUTF8({ CivilTime.parseTimestamp(UnsafeRawBufferPointer($0)) }),
                let offset = reading.offset
            else { return nil }
            self.init(name: name, fixedSeconds: Int64(offset))
            return
        }
        guard TimeZone(identifier: name) != nil else { return nil }
        self.init(name: name, fixedSeconds: nil)
    }

    /// A converter of one thread's own: it remembers the last offset it looked up.
    public func makeConverter() -> Converter {
        Converter(
            fixed: fixedSeconds.map { $0 * 1_000_000 }, zone: fixedSeconds == nil ? TimeZone(identifier: name) : nil)
    }

    /// See ``ZoneRule/makeConverter()``.
    public struct Converter {
        let fixed: Int64?
        let zone: TimeZone?
        private var minute = Int64.min
        private var minuteOffset: Int64 = 0

        init(fixed: Int64?, zone: TimeZone?) {
            self.fixed = fixed
            self.zone = zone
        }

        /// The instant of a clock time, both in microseconds.
        ///
        /// In the hour that a clock shows twice it is the first one; one that it skips is read with the offset before
        /// the change.
        public mutating func instant(_ local: Int64) -> Int64 {
            if let fixed { return local - fixed }
            return local - offset(local)
        }

        private mutating func offset(_ local: Int64) -> Int64 {
            // Zones change at whole minutes (St. John's did at 00:01), before 1973 at any second.
            let isAfter1973 = local >= 94_694_400_000_000
            let minute = local / 60_000_000
            if isAfter1973, minute == self.minute { return minuteOffset }
            let seconds = Double(local) / 1_000_000
            guard let zone else { return 0 }
            let before = zone.secondsFromGMT(for: Date(timeIntervalSince1970: seconds - 86_400))
            let candidate = zone.secondsFromGMT(for: Date(timeIntervalSince1970: seconds - Double(before)))
            let fits = zone.secondsFromGMT(for: Date(timeIntervalSince1970: seconds - Double(candidate))) == candidate
            self.minute = isAfter1973 ? minute : .min
            minuteOffset = Int64(fits ? candidate : before) * 1_000_000
            if fits, candidate != before,
                zone.secondsFromGMT(for: Date(timeIntervalSince1970: seconds - Double(before))) == before
            {
                minuteOffset = Int64(before) * 1_000_000
            }
            return minuteOffset
        }
    }
}
