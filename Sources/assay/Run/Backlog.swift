import Intake
import Pipeline
import Suites
import Tables

/// What has arrived at a pipeline that no batch has taken to its end.
struct Backlog {
    var fileCount = 0
    var byteCount: Int64 = 0
    /// When the oldest of the files was changed last: microseconds since 1970-01-01T00:00:00Z.
    var oldest: Int64?
    /// Why it can't be told.
    var failure: String?
    /// Why none of it is read: a file that was read has changed, and must not.
    var obstacle: String?
    /// What is there and is never read as it is, for people.
    var notes: [String] = []

    /// Looks at the source as a run would, and takes nothing of it.
    init(_ definition: PipelineDefinition, _ state: PipelineState?) {
        switch definition.source.kind {
        case .files(let landing):
            var options = LandingOptions(landing)
            do throws(SourceError) { try measure(options, state) } catch {
                guard options.onChange == .fail, error.code == "changed" else {
                    failure = error.summary
                    return
                }
                obstacle = error.summary
                options.onChange = .ignore
                do throws(SourceError) { try measure(options, state) } catch { failure = error.summary }
            }
        case .http, .standardInput: measure(spool: definition.spoolFolder)
        }
    }

    private mutating func measure(_ options: LandingOptions, _ state: PipelineState?) throws(SourceError) {
        let folder = LandingFolder(options)
        var seen: [IntakeFile] = []
        try? state?.forEachSource { seen.append($0) }
        folder.planned(seen)
        let found = try folder.discover(now: RunClock.system.microseconds, files: 1)
        fileCount = found.readyCount + found.waitingCount
        byteCount = found.backlogBytes
        oldest = [found.ready.first?.modified, found.oldestWaiting].compactMap { $0.map { $0 / 1_000 } }.min()
        notes = found.notes.map(\.text)
    }

    /// Segments of a spool are there until they were read.
    private mutating func measure(spool folder: String) {
        for segment in SpoolSegments.found(in: folder) {
            fileCount += 1
            byteCount += segment.byteCount
            oldest = min(oldest ?? .max, segment.modified / 1_000)
        }
    }

    var json: JSON {
        .object([
            JSON.Member("files", .integer(fileCount)), JSON.Member("bytes", .integer(byteCount)),
            JSON.Member("oldest", oldest.map { .string(CivilTime.format(microseconds: $0)) } ?? .null),
            JSON.Member("error", (failure ?? obstacle).map { .string($0) } ?? .null),
            JSON.Member("notes", .array(notes.map { .string($0) })),
        ])
    }
}
