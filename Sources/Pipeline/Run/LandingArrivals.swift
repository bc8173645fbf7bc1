import Expectations
public import Intake
import Scan
import Suites
public import Tables

/// A landing folder as what arrives at a pipeline.
public final class LandingArrivals: Arrivals {
    private let folder: LandingFolder

    public init(_ folder: LandingFolder) { self.folder = folder }

    public func discover(now: Int64, upTo limits: ArrivalLimits) throws(SourceError) -> Arrived {
        let found = try folder.discover(
            now: now, files: limits.files, bytes: limits.bytes, heldBack: limits.heldBack)
        var arrived = Arrived()
        arrived.files = found.ready
        arrived.backlog = (found.readyCount, found.readyBytes)
        arrived.waiting = found.waitingCount
        arrived.missing = found.missing
        arrived.notes = found.notes
        let changed = Set(found.changed)
        for file in found.ready where changed.contains(file.name) {
            arrived.notes.append(
                ArrivalNote(
                    "\(file.name): it was read before and has changed since; it is read again [changed]", of: file))
        }
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

extension Discovery {
    /// What is in the folder and isn't read, for people.
    public var notes: [ArrivalNote] {
        let notes = problems.map { ArrivalNote("\($0.name): \($0.message) [\($0.code.rawValue)]") }
        guard let unknownName else { return notes }
        let text =
            unknownCount == 1
            ? "\(unknownName) is not read: its name has no extension of a format"
            : "\(unknownName) and \(Wording.count(unknownCount - 1, "more file", "more files")) are not read: "
                + "their names have no extension of a format"
        return notes + [ArrivalNote(text + " [unknown-extension]", about: "unknown-extension")]
    }
}
