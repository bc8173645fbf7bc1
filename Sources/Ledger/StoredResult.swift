public import Expectations
public import Tables

/// What an expectation came to in a run: the little that history needs.
public struct StoredVerdict: Sendable, Equatable {
    public let run: RunReference
    public let outcome: Outcome
    public let success: Bool
    public let rows: RowCounts?
    public let observedValue: JSON?
    /// Whether the observed value is one of the column's own, as a maximum is.
    public let tellsValue: Bool

    public init(
        run: RunReference, outcome: Outcome, success: Bool, rows: RowCounts?, observedValue: JSON?,
        tellsValue: Bool = true
    ) {
        self.run = run
        self.outcome = outcome
        self.success = success
        self.rows = rows
        self.observedValue = observedValue
        self.tellsValue = tellsValue
    }
}

/// A result as the ledger remembers it; values of personal columns are masked in it.
public struct StoredResult: Sendable, Equatable {
    /// Within its run, from 0.
    public let position: Int
    public let fingerprint: String
    public let type: String
    public let columns: [String]
    public let arguments: [JSON.Member]
    /// How loud a failure was in this run.
    public let severity: Severity
    public let verdict: StoredVerdict
    public let sentence: String
    /// The same without the column's own value that it tells; `nil` where it tells none.
    public let discreetSentence: String?
    public let details: [JSON.Member]
    /// Objects of `values`, `index`, `file`, `row`, `byte_offset`; at most `Ledger.sampleLimit`.
    public let unexpectedRows: [JSON]
    /// Objects of `values`, `count`; `nil` where there were too many different values to count.
    public let unexpectedCounts: [JSON]?
    public let location: SourceMark?
    /// The author's own name for it.
    public let id: String?
    public let description: String?
}

/// A metric's value in a run.
public struct MetricPoint: Sendable, Equatable {
    public let run: RunReference
    /// NaN where it couldn't be computed.
    public let value: Double

    public init(run: RunReference, value: Double) {
        self.run = run
        self.value = value
    }
}

/// The columns of an asset, and from when to when they were seen like this.
public struct ObservedSchema: Sendable, Equatable {
    public let schema: Schema
    public let firstSeen: RunReference
    public let lastSeen: RunReference
}
