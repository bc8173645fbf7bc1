public import Tables

/// Records that a pipeline kept apart: how many by rule, and the newest.
public struct QuarantineListing: Sendable, Equatable {
    public let pipeline: String
    /// `quarantined`, `released`, `replayed`, `discarded`, `all`.
    public let status: String
    public let count: Int
    /// The most frequent first.
    public let rules: [Rule]
    /// Newest first.
    public let records: [Record]

    /// A rule that records broke, and since when.
    public struct Rule: Sendable, Equatable {
        public let name: String
        /// What tells it from others of its name.
        public let columns: [String]
        public let count: Int
        /// Microseconds since 1970-01-01T00:00:00Z.
        public let first: Int64
        public let last: Int64
        /// The file that has most of them.
        public let file: String?

        public init(
            name: String, columns: [String] = [], count: Int, first: Int64, last: Int64, file: String? = nil
        ) {
            self.name = name
            self.columns = columns
            self.count = count
            self.first = first
            self.last = last
            self.file = file
        }
    }

    public struct Record: Sendable, Equatable {
        public let id: String
        /// How often it was judged.
        public let attempt: Int
        /// Microseconds since 1970-01-01T00:00:00Z.
        public let at: Int64
        public let file: String
        /// Within the file, from 1.
        public let row: Int
        public let rules: [String]
        /// What the rules found, with values masked that nobody may see.
        public let errors: JSON
        /// What became of it; `nil` for nothing yet.
        public let resolution: String?

        public init(
            id: String, attempt: Int, at: Int64, file: String, row: Int, rules: [String], errors: JSON,
            resolution: String?
        ) {
            self.id = id
            self.attempt = attempt
            self.at = at
            self.file = file
            self.row = row
            self.rules = rules
            self.errors = errors
            self.resolution = resolution
        }
    }

    public init(pipeline: String, status: String, count: Int, rules: [Rule], records: [Record]) {
        self.pipeline = pipeline
        self.status = status
        self.count = count
        self.rules = rules
        self.records = records
    }
}
