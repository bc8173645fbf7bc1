import Tables

/// A time in which alerts of some assets are muted because something is being worked on.
public struct MaintenanceWindow: Sendable, Hashable {
    public enum Span: Sendable, Hashable {
        /// From an instant until another, which is not in it; microseconds since 1970-01-01T00:00:00Z.
        case once(from: Int64, until: Int64)
        /// From each of a schedule's slots on for so many microseconds.
        case recurring(Schedule, length: Int64)
    }

    public let span: Span
    /// Names of assets, in which `*` stands for anything.
    public let assets: [String]
    public let reason: String?

    /// Error: `bad-schedule`, where the window is never open or longer than 366 days.
    public init(_ span: Span, assets: [String], reason: String? = nil) throws(ScheduleError) {
        switch span {
        case .once(let from, let until):
            guard from < until else {
                throw ScheduleError(
                    code: "bad-schedule", message: "the window ends before it begins",
                    hint: "from: and until: are times of the same zone's clock")
            }
        case .recurring(let schedule, let length):
            guard (1...366 * CivilTime.microsecondsPerDay).contains(length), schedule.cadence != .manual else {
                throw ScheduleError(
                    code: "bad-schedule", message: "a window that comes again needs times, and a length up to 366d",
                    hint: "as in {cron: \"0 2 * * SUN\", for: 2h}")
            }
        }
        self.span = span
        self.assets = assets
        self.reason = reason
    }

    /// Whether it is open at a time.
    public func contains(_ time: Int64) -> Bool { end(at: time) != nil }

    /// When the window that is open at a time ends; `nil` where none is open.
    ///
    /// Windows of one definition that overlap end with the last of those that are open.
    public func end(at time: Int64) -> Int64? {
        switch span {
        case .once(let from, let until): return from <= time && time < until ? until : nil
        case .recurring(let schedule, let length):
            return schedule.latest(after: time.subtractingClamped(length), through: time)?.addingClamped(length)
        }
    }

    /// When it was open for the last time, where it won't be after a time; `nil` where it is open then, or will be.
    public func lastEnd(before time: Int64) -> Int64? {
        guard case .once(_, let until) = span, until <= time else { return nil }
        return until
    }

    /// Whether it is one of the assets' windows.
    public func covers(asset: String) -> Bool { assets.contains { NamePattern($0).matches(asset) } }
}

extension [MaintenanceWindow] {
    /// The first window that is open for an asset at a time, when it ends, and why it is; `nil` where none is.
    public func open(for asset: String, at time: Int64) -> (end: Int64, reason: String?)? {
        for window in self where window.covers(asset: asset) {
            if let end = window.end(at: time) { return (end, window.reason) }
        }
        return nil
    }
}
