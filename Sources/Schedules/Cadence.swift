import Tables

/// How often something is due.
public enum Cadence: Sendable, Hashable {
    /// At the times of a clock that a cron line names.
    case cron(Cron)
    /// Each time so many microseconds have passed, counted from 1970-01-01T00:00:00Z: every hour is on the hour of UTC's clock, wherever one is.
    ///
    /// Whole days are counted on the calendar of the schedule's zone instead, and due when a day begins there.
    case every(Int64)
    /// Only when somebody asks.
    case manual
}

extension Cadence: CustomStringConvertible {
    /// As in `every 15m`, `at 06:00 on Monday through Friday`.
    public var description: String {
        switch self {
        case .cron(let cron): cron.description
        case .every(let length): "every \(CivilTime.format(duration: length))"
        case .manual: "when somebody asks"
        }
    }
}
