public import Tables

/// What a validation of one asset against one suite came to.
public struct RunResult: Sendable {
    /// Made by the caller; unique in a ledger.
    public let id: String
    public let suite: String
    public let asset: String
    /// Microseconds since 1970-01-01T00:00:00Z, by the clock that the run was given.
    public let startedAt: Int64
    public let durationSeconds: Double
    public let engineVersion: String
    /// Of the suite's expectations: the same for equal ones.
    public let suiteFingerprint: String
    /// Of the files' names, sizes and modification times.
    public let dataFingerprint: String
    /// Empty where the data could not be opened.
    public let schema: Schema
    public let files: [FileResult]
    /// Which version of the table was judged, where its format keeps versions.
    public let tableVersion: TableVersion?
    /// Rows that were read.
    public let rowCount: Int
    public let byteCount: Int
    public let results: [ExpectationResult]
    /// Numbers that were gathered, whether or not a bound was put on them.
    public let metrics: [MetricReading]
    /// Why nothing could be decided, where the data could not be read.
    public let failure: RunFailure?
    /// Columns whose values nobody may see in results.
    public let personalColumns: Set<String>

    public init(
        id: String, suite: String, asset: String, startedAt: Int64, durationSeconds: Double, engineVersion: String,
        suiteFingerprint: String, dataFingerprint: String, schema: Schema, files: [FileResult],
        tableVersion: TableVersion? = nil, rowCount: Int, byteCount: Int, results: [ExpectationResult],
        metrics: [MetricReading], failure: RunFailure? = nil,
        personalColumns: Set<String> = []
    ) {
        self.id = id
        self.suite = suite
        self.asset = asset
        self.startedAt = startedAt
        self.durationSeconds = durationSeconds
        self.engineVersion = engineVersion
        self.suiteFingerprint = suiteFingerprint
        self.dataFingerprint = dataFingerprint
        self.schema = schema
        self.files = files
        self.tableVersion = tableVersion
        self.rowCount = rowCount
        self.byteCount = byteCount
        self.results = results
        self.metrics = metrics
        self.failure = failure
        self.personalColumns = personalColumns
    }

    /// True where every expectation is a success and the data could be read.
    public var success: Bool { failure == nil && results.allSatisfy(\.success) }

    public var statistics: RunStatistics { RunStatistics(results) }

    /// The run in one word: failed before errored before vacuous before passed, and errored where the data could not be read.
    ///
    /// Where some expectations failed and others could not be decided, it is the failures that people must see first.
    public var outcomeName: String {
        let statistics = statistics
        if failure == nil, statistics.failed > 0 { return "failed" }
        if failure != nil || statistics.errored > 0 { return "errored" }
        if !success { return "failed" }
        return statistics.passed > 0 ? "passed" : "vacuous"
    }
}

/// A file as a run found it.
public struct FileResult: Sendable, Equatable {
    public let name: String
    public let byteCount: Int64?
    public let modified: Int64?
    /// Rows that were read of it.
    public let rowCount: Int

    public init(name: String, byteCount: Int64?, modified: Int64?, rowCount: Int) {
        self.name = name
        self.byteCount = byteCount
        self.modified = modified
        self.rowCount = rowCount
    }
}

/// Why a run could not be decided.
public struct RunFailure: Sendable, Equatable {
    public let code: String
    public let message: String
    public let hint: String?

    public init(code: String, message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// The judging didn't come to its end: it took too long, or whoever did it was killed.
    public static func unfinished(_ reason: String) -> RunFailure {
        RunFailure(code: "undecided", message: reason)
    }

    /// The suites of the asset want different types of one column.
    public static func conflictingTypes(_ message: String) -> RunFailure {
        RunFailure(code: "conflicting-types", message: message)
    }

    /// Whether the judging didn't come to its end.
    public var isUnfinished: Bool { code == "undecided" }

    /// Whether it is the data that can't be read; otherwise it may be in order, and the judging isn't.
    public var isOfData: Bool { !isUnfinished && code != "conflicting-types" }

    /// In a sentence: that the data could not be read, or not be judged, and why.
    public var sentence: String { "The data could not be \(isOfData ? "read" : "judged"): \(message)" }
}

/// How many expectations ended how.
public struct RunStatistics: Sendable, Equatable {
    public let evaluated: Int
    public let successful: Int
    public let passed: Int
    public let failed: Int
    public let vacuous: Int
    public let errored: Int

    public init(_ results: [ExpectationResult]) {
        func count(_ test: (ExpectationResult) -> Bool) -> Int { results.reduce(0) { $0 + (test($1) ? 1 : 0) } }
        evaluated = results.count
        successful = count(\.success)
        passed = count { $0.outcome == .passed }
        failed = count { $0.outcome == .failed }
        vacuous = count { if case .vacuous = $0.outcome { true } else { false } }
        errored = count { if case .errored = $0.outcome { true } else { false } }
    }

    public var unsuccessful: Int { evaluated - successful }
    /// 0 through 100; `nil` without expectations.
    public var successPercent: Double? { evaluated == 0 ? nil : Double(successful) / Double(evaluated) * 100 }
}

/// A named number of a column or table at the time of a run.
public struct MetricReading: Sendable, Hashable {
    /// As in `missing_count`, `mean`, `row_count`.
    public let name: String
    /// `nil` for numbers of the table; columns judged together are joined by commas.
    public let column: String?
    /// The row condition that it was gathered under.
    public let condition: String?
    public let value: Double

    public init(name: String, column: String?, condition: String? = nil, value: Double) {
        self.name = name
        self.column = column
        self.condition = condition
        self.value = value
    }
}
