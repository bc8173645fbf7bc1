/// A pipeline as pages, programs and monitoring see it.
public struct PipelineEntry: Sendable, Equatable {
    public let name: String
    /// A word, as in `running`, `held`, `waiting`, `stopped`, `never ran`.
    public let state: String
    /// Why it is held, and the like; for people.
    public let reason: String?
    public let batchCount: Int
    /// Microseconds since 1970-01-01T00:00:00Z.
    public let lastBatchAt: Int64?
    public let lastBatchSeconds: Double?
    public let lastBatchRecords: Int?
    /// Records by layer, over all batches.
    public let hops: [Hop]
    /// Records that broke rules when they arrived, over all batches, the most frequent first.
    public let rules: [Rule]
    /// What has arrived that no batch has read; `nil` where that can't be told.
    public let backlogFiles: Int?
    public let backlogBytes: Int64?
    /// Event time up to which everything is in: microseconds since 1970-01-01T00:00:00Z.
    public let watermark: Int64?
    public let quarantined: Int
    /// Requests to judge records again that wait for the pipeline.
    public let waitingRequests: Int
    /// Batches whose records don't add up: never, but for a mistake of ours or a damaged disk.
    public let imbalancedBatches: [Int]

    /// What became of the records of a layer.
    public struct Hop: Sendable, Equatable {
        public let name: String
        public let input: Int
        public let output: Int
        public let quarantined: Int
        public let dropped: Int
        public let filtered: Int
        public let deduplicated: Int
        public let late: Int

        public init(
            name: String, input: Int, output: Int, quarantined: Int, dropped: Int, filtered: Int, deduplicated: Int,
            late: Int
        ) {
            self.name = name
            self.input = input
            self.output = output
            self.quarantined = quarantined
            self.dropped = dropped
            self.filtered = filtered
            self.deduplicated = deduplicated
            self.late = late
        }
    }

    /// A rule, and the records that broke it.
    public struct Rule: Sendable, Equatable {
        /// As a sentence.
        public let sentence: String
        /// What became of the records for its sake, as in `warn`; `nil` where an older Assay didn't note it.
        public let action: String?
        public let count: Int

        public init(sentence: String, action: String?, count: Int) {
            self.sentence = sentence
            self.action = action
            self.count = count
        }
    }

    public init(
        name: String, state: String, reason: String? = nil, batchCount: Int = 0, lastBatchAt: Int64? = nil,
        lastBatchSeconds: Double? = nil, lastBatchRecords: Int? = nil, hops: [Hop] = [], rules: [Rule] = [],
        backlogFiles: Int? = nil, backlogBytes: Int64? = nil, watermark: Int64? = nil, quarantined: Int = 0,
        waitingRequests: Int = 0,
        imbalancedBatches: [Int] = []
    ) {
        self.name = name
        self.state = state
        self.reason = reason
        self.batchCount = batchCount
        self.lastBatchAt = lastBatchAt
        self.lastBatchSeconds = lastBatchSeconds
        self.lastBatchRecords = lastBatchRecords
        self.hops = hops
        self.rules = rules
        self.backlogFiles = backlogFiles
        self.backlogBytes = backlogBytes
        self.watermark = watermark
        self.quarantined = quarantined
        self.waitingRequests = waitingRequests
        self.imbalancedBatches = imbalancedBatches
    }
}
