import Intake
import Synchronization

/// The pipelines that records may be posted to; they come and go while a server runs.
public final class IngestTable: Sendable {
    enum Standing: Sendable {
        case taking(IngestPipeline)
        /// It takes nothing now, and will again.
        case pausing
    }

    private let standings: Mutex<[String: Standing]>

    public init(_ pipelines: [String: IngestPipeline] = [:]) {
        standings = Mutex(pipelines.mapValues { .taking($0) })
    }

    /// From now on the pipeline's records are taken by what is given.
    public func offer(_ pipeline: IngestPipeline, _ name: String) {
        standings.withLock { $0[name] = .taking(pipeline) }
    }

    /// For the time being the pipeline takes nothing; one that never took records over the network stays unknown.
    public func withdraw(_ name: String) {
        standings.withLock { if $0[name] != nil { $0[name] = .pausing } }
    }

    /// Forgets all that are not among these.
    public func keepOnly(_ names: Set<String>) { standings.withLock { $0 = $0.filter { names.contains($0.key) } } }

    /// `nil` where there is none of that name.
    func standing(of name: String) -> Standing? { standings.withLock { $0[name] } }

    var names: [String] { standings.withLock { $0.keys.sorted() } }

    /// Those that take nothing now; by name.
    var pausing: [String] {
        standings.withLock { standings in
            standings.filter { if case .taking(let pipeline) = $0.value { !pipeline.spool.isOpen } else { true } }
                .map(\.key)
        }.sorted()
    }
}
