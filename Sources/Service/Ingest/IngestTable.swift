import Synchronization

/// The pipelines that records may be posted to; they come and go while a server runs.
public final class IngestTable: Sendable {
    private let pipelines: Mutex<[String: IngestPipeline]>

    public init(_ pipelines: [String: IngestPipeline] = [:]) { self.pipelines = Mutex(pipelines) }

    /// `nil` where there is none of that name, or it takes nothing now.
    public subscript(name: String) -> IngestPipeline? {
        get { pipelines.withLock { $0[name] } }
        set { pipelines.withLock { $0[name] = newValue } }
    }

    /// Those whose spools are closed, so that they take nothing; by name.
    var closed: [String] { pipelines.withLock { $0.filter { !$0.value.spool.isOpen }.map(\.key) }.sorted() }
}
