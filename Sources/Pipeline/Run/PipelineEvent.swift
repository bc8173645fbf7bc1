/// What a pipeline tells of its work.
public enum PipelineEvent: Sendable {
    /// The batch before this process is carried through, or begun again.
    case recovering(batch: Int, phase: String)
    case began(batch: Int, files: Int, bytes: Int64)
    case committed(BatchSummary)
    /// The batch is held: since when it is tried again, in microseconds since 1970-01-01T00:00:00Z.
    case held(batch: Int, reason: String, until: Int64)
    /// A file that can't be read; the others go on.
    case setAside(file: String, reason: String)
    case note(String)
    /// The machine is in the way; the same is tried again after so many microseconds.
    case retrying(PipelineError, after: Int64)
    /// The machine has been in the way for minutes, since a time in microseconds since 1970-01-01T00:00:00Z; told once.
    case stalled(PipelineError, since: Int64)
    /// All that arrived is where it belongs: told the first time, and the first time after anything was in the way.
    case caughtUp
}

/// What became of one batch.
public struct BatchSummary: Sendable {
    public let batch: Int
    public let kind: BatchPlan.Kind
    public let counts: [HopCounts]
    /// Records by the rules that they break.
    public let rules: [BatchManifest.RuleCount]
    public let byteCount: Int64
    public let milliseconds: Int
    /// What had arrived and was not in the batch when it was planned: files, and their bytes as they lie on disk.
    public let backlog: (files: Int, byteCount: Int64)
    /// The batch's clock, in microseconds since 1970-01-01T00:00:00Z.
    public let clock: Int64
    /// Columns that something reads and no record has had a value of; none of batches that bring no new records.
    public let unseen: [UnseenColumn]
    /// The least of the tables' and deduplication's watermarks, by event time; `nil` where there is none.
    public let watermark: Int64?
}

/// The points of the protocol at which a process may die, for tests that kill it there.
public enum ProtocolPoint: String, Sendable, CaseIterable {
    case beforePlan = "before-plan"
    case planned
    case ran
    case checked
    case keysWritten = "keys-written"
    case prepared
    case filesPublished = "files-published"
    case tableMade = "table-made"
    case layerCommitted = "layer-committed"
    case published
    case finished
}
