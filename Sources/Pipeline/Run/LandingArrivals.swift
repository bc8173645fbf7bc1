public import Intake
import Scan
import Suites
public import Tables

/// A landing folder as what arrives at a pipeline.
public final class LandingArrivals: Arrivals {
    private let folder: LandingFolder

    public init(_ folder: LandingFolder) { self.folder = folder }

    public func discover(now: Int64) throws(SourceError) -> Arrived {
        let found = try folder.discover(now: now)
        var arrived = Arrived()
        arrived.files = found.ready
        arrived.waiting = found.waitingCount
        arrived.notes =
            found.problems.map { "\($0.name): \($0.message) [\($0.code.rawValue)]" }
            + found.changed.map { "\($0): it was read before and has changed since; it is read again [changed]" }
        return arrived
    }

    public func take(_ files: [IntakeFile]) { folder.planned(files) }

    public func setAside(_ files: [(file: IntakeFile, mayPass: Bool)]) { folder.setAside(files) }

    /// Files stay where they landed.
    public func release(_ files: [IntakeFile]) {}

    public func wait(upTo microseconds: Int64) async {
        await WorkerThreads.run(1) { [folder] _ in _ = folder.wait(atMost: .microseconds(microseconds)) }
    }
}
