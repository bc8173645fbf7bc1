/// What is too old to be kept; times in microseconds since 1970, `nil` for whatever stays for ever.
public struct PruningPlan: Sendable, Hashable {
    /// Runs that began before go, with all that belongs to them.
    public let resultsBefore: Int64?
    /// Failing rows and frequent unexpected values of runs that began before go; counts and verdicts stay.
    public let samplesBefore: Int64?
    /// Runs that began before no longer name a report.
    public let reportsBefore: Int64?
    /// Rows that are removed or changed in one transaction, unless one run alone has more.
    public let rowsPerTransaction: Int

    public init(
        resultsBefore: Int64? = nil, samplesBefore: Int64? = nil, reportsBefore: Int64? = nil,
        rowsPerTransaction: Int = 2_000
    ) {
        precondition(rowsPerTransaction > 0, "a transaction must get on")
        self.resultsBefore = resultsBefore
        self.samplesBefore = samplesBefore
        self.reportsBefore = reportsBefore
        self.rowsPerTransaction = rowsPerTransaction
    }
}

/// What was removed, or would be.
public struct Pruned: Sendable, Hashable {
    public var runs = 0
    /// Results whose samples went, where the results themselves stayed.
    public var samples = 0
    /// Runs that no longer name their report, where the runs themselves stayed.
    public var reports = 0
    /// Rows of all tables that went or changed; 0 where nothing was done.
    public var rows = 0
    public var transactions = 0

    public init() {}

    public static func += (left: inout Pruned, right: Pruned) {
        left.runs += right.runs
        left.samples += right.samples
        left.reports += right.reports
        left.rows += right.rows
        left.transactions += right.transactions
    }
}
