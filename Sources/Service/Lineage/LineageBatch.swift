public import Expectations

/// A batch of a pipeline as lineage tells of it: a job for each hop, which reads one dataset and writes others.
public struct LineageBatch: Sendable {
    public enum Standing: Sendable, Equatable {
        case open
        case complete
        case failed(reason: String)
        case abandoned
    }

    /// A dataset with how much of it was read or written, where that is known.
    public struct Amount: Sendable {
        public let dataset: LineageDataset
        public let rows: Int?
        public let byteCount: Int64?
        public let files: Int?

        public init(_ dataset: LineageDataset, rows: Int? = nil, byteCount: Int64? = nil, files: Int? = nil) {
            self.dataset = dataset
            self.rows = rows
            self.byteCount = byteCount
            self.files = files
        }
    }

    /// What a gate asks of each record, and how many break it.
    public struct Rule: Sendable {
        /// As in `expect_column_values_to_not_be_null`, or a sentence.
        public let assertion: String
        public let columns: [String]
        public let severity: Severity
        /// The author's own name for it.
        public let id: String?
        public let failed: Int

        public init(assertion: String, columns: [String], severity: Severity, id: String?, failed: Int) {
            self.assertion = assertion
            self.columns = columns
            self.severity = severity
            self.id = id
            self.failed = failed
        }
    }

    public struct Hop: Sendable {
        /// As in `bronze`, `silver`, `gold.revenue_hourly`.
        public let name: String
        /// `nil` where nothing is read, as when windows are closed by hand.
        public let input: Amount?
        public let outputs: [Amount]
        /// Of the records that it reads.
        public let rules: [Rule]

        public init(_ name: String, input: Amount?, outputs: [Amount], rules: [Rule] = []) {
            self.name = name
            self.input = input
            self.outputs = outputs
            self.rules = rules
        }
    }

    public let number: Int
    public let standing: Standing
    /// When it began, and when it was done: microseconds since 1970-01-01T00:00:00Z.
    public let begin: Int64
    public let end: Int64
    public let hops: [Hop]

    public init(number: Int, standing: Standing, begin: Int64, end: Int64, hops: [Hop]) {
        self.number = number
        self.standing = standing
        self.begin = begin
        self.end = end
        self.hops = hops
    }
}
