import Intake
import Pipeline
import Synchronization
import Tables

/// What arrives elsewhere, counting what is asked.
final class ObservedArrivals: Arrivals {
    private let arrivals: any Arrivals
    private let counts = Mutex((handedOut: 0, waits: 0))

    init(_ arrivals: any Arrivals) { self.arrivals = arrivals }

    /// Files in all answers.
    var handedOut: Int { counts.withLock { $0.handedOut } }
    /// How often somebody waited for more.
    var waits: Int { counts.withLock { $0.waits } }

    func discover(now: Int64, upTo limits: ArrivalLimits) throws(SourceError) -> Arrived {
        let arrived = try arrivals.discover(now: now, upTo: limits)
        counts.withLock { $0.handedOut += arrived.files.count }
        return arrived
    }

    func take(_ files: [IntakeFile]) { arrivals.take(files) }

    func setAside(_ files: [(file: IntakeFile, mayPass: Bool)]) { arrivals.setAside(files) }

    func release(_ files: [IntakeFile]) throws(PipelineError) { try arrivals.release(files) }

    func wait(upTo microseconds: Int64) async { counts.withLock { $0.waits += 1 } }
}

/// Arrivals that can't be asked.
final class BrokenArrivals: Arrivals {
    func discover(now: Int64, upTo limits: ArrivalLimits) throws(SourceError) -> Arrived {
        throw SourceError(code: "unreadable", message: "the disk is ill", place: "landing")
    }

    func take(_ files: [IntakeFile]) {}

    func setAside(_ files: [(file: IntakeFile, mayPass: Bool)]) {}

    func release(_ files: [IntakeFile]) {}

    func wait(upTo microseconds: Int64) async {}
}

/// Arrivals that can't be asked so many times, and of which there are none then.
final class HealingArrivals: Arrivals {
    private let failures: Mutex<Int>

    init(failures: Int) { self.failures = Mutex(failures) }

    func discover(now: Int64, upTo limits: ArrivalLimits) throws(SourceError) -> Arrived {
        let fails = failures.withLock { failures in
            failures -= 1
            return failures >= 0
        }
        if fails { throw SourceError(code: "unreadable", message: "the disk is ill", place: "landing") }
        return Arrived()
    }

    func take(_ files: [IntakeFile]) {}

    func setAside(_ files: [(file: IntakeFile, mayPass: Bool)]) {}

    func release(_ files: [IntakeFile]) {}

    func wait(upTo microseconds: Int64) async {}
}
