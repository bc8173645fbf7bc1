public import Expectations

/// A run as the ledger remembers it, without its results.
public struct StoredRun: Sendable, Equatable {
    /// Its number in the ledger: the order of numbers is the order of time.
    public let number: Int64
    public let id: String
    public let suite: String
    public let asset: String
    /// Microseconds since 1970-01-01T00:00:00Z.
    public let startedAt: Int64
    public let durationSeconds: Double
    public let engineVersion: String
    public let suiteFingerprint: String
    public let dataFingerprint: String
    public let rowCount: Int
    public let byteCount: Int
    public let counts: OutcomeCounts
    /// `passed`, `failed`, `vacuous`, `errored`: as `RunResult.outcomeName`.
    public let outcomeName: String
    public let success: Bool
    public let failure: RunFailure?
    /// The name of its report in the reports directory, where one was written.
    public let report: String?

    public init(
        number: Int64, id: String, suite: String, asset: String, startedAt: Int64, durationSeconds: Double,
        engineVersion: String, suiteFingerprint: String, dataFingerprint: String, rowCount: Int, byteCount: Int,
        counts: OutcomeCounts, outcomeName: String, success: Bool, failure: RunFailure? = nil, report: String? = nil
    ) {
        self.number = number
        self.id = id
        self.suite = suite
        self.asset = asset
        self.startedAt = startedAt
        self.durationSeconds = durationSeconds
        self.engineVersion = engineVersion
        self.suiteFingerprint = suiteFingerprint
        self.dataFingerprint = dataFingerprint
        self.rowCount = rowCount
        self.byteCount = byteCount
        self.counts = counts
        self.outcomeName = outcomeName
        self.success = success
        self.failure = failure
        self.report = report
    }
}

/// How many expectations of a run ended how.
public struct OutcomeCounts: Sendable, Equatable {
    public let evaluated: Int
    public let successful: Int
    public let passed: Int
    public let failed: Int
    public let vacuous: Int
    public let errored: Int

    public init(evaluated: Int, successful: Int, passed: Int, failed: Int, vacuous: Int, errored: Int) {
        self.evaluated = evaluated
        self.successful = successful
        self.passed = passed
        self.failed = failed
        self.vacuous = vacuous
        self.errored = errored
    }

    public var unsuccessful: Int { evaluated - successful }
}

/// Which run, and when: what "failing since" points at.
public struct RunReference: Sendable, Equatable {
    public let id: String
    /// Microseconds since 1970-01-01T00:00:00Z.
    public let startedAt: Int64
    /// Whether the run is there; false for one that was removed, of which this is all that is known.
    public let isKept: Bool

    public init(id: String, startedAt: Int64, isKept: Bool = true) {
        self.id = id
        self.startedAt = startedAt
        self.isKept = isKept
    }
}

/// A suite over an asset, as the ledger knows them together.
public struct Validation: Sendable, Hashable {
    public let suite: String
    public let asset: String

    public init(suite: String, asset: String) {
        self.suite = suite
        self.asset = asset
    }
}

/// The run before another one, with what each expectation came to.
public struct PreviousRun: Sendable, Equatable {
    public let run: StoredRun
    /// By the expectation's fingerprint.
    public let verdicts: [String: StoredVerdict]

    public init(run: StoredRun, verdicts: [String: StoredVerdict]) {
        self.run = run
        self.verdicts = verdicts
    }
}
