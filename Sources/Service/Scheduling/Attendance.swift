import Synchronization
import Tables

/// Whether anybody is there to do what is due; one for a process, whose schedulers follow each other.
public final class Attendance: Sendable {
    private struct Times {
        /// Nobody was there until then.
        var absentUntil: Int64
        var lastLook: Int64
    }

    private let times = Mutex<Times?>(nil)

    public init() {}

    /// What became due through this time was missed; `.min` before anybody was there.
    var absentUntil: Int64 { times.withLock { $0?.absentUntil ?? .min } }

    /// Somebody looks; gives the microseconds since the look before, `nil` for the first one.
    func look(at now: Int64) -> Int64? {
        times.withLock { times in
            defer { times = Times(absentUntil: times?.absentUntil ?? now, lastLook: now) }
            return times.map { CivilTime.age(of: $0.lastLook, at: now) }
        }
    }

    /// Nobody was there until a time.
    func isMissing(until time: Int64) { times.withLock { $0?.absentUntil = time } }
}
