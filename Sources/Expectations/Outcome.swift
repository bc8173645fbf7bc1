/// How an expectation ended.
public enum Outcome: Sendable, Hashable {
    case passed
    case failed
    /// There was nothing to check: no rows, no values, a row condition that selects nothing.
    case vacuous(reason: String)
    /// It could not be decided.
    case errored(reason: String)

    /// A metric that grew beyond the memory budget, and could not be written to disk or read from there.
    static func errored(spilling failure: String) -> Outcome {
        .errored(reason: "the values don't fit in memory, and \(failure)")
    }

    /// `passed`, `failed`, `vacuous`, `errored`.
    public var name: String {
        switch self {
        case .passed: "passed"
        case .failed: "failed"
        case .vacuous: "vacuous"
        case .errored: "errored"
        }
    }

    public var reason: String? {
        switch self {
        case .passed, .failed: nil
        case .vacuous(let reason), .errored(let reason): reason
        }
    }
}

/// How loud a failure is.
///
/// It never changes a verdict.
public enum Severity: String, Sendable, Hashable, CaseIterable, Comparable {
    case info, warning, critical

    private var rank: Int {
        switch self {
        case .info: 0
        case .warning: 1
        case .critical: 2
        }
    }

    public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }
}

/// What a vacuous outcome counts as.
public enum OnEmpty: String, Sendable, Hashable, CaseIterable, Comparable {
    /// GX's meaning: success.
    case pass
    /// Not a success, as loud as a warning at most.
    case warn
    /// Not a success, as loud as the expectation's severity.
    case fail

    private var rank: Int {
        switch self {
        case .pass: 0
        case .warn: 1
        case .fail: 2
        }
    }

    public static func < (left: OnEmpty, right: OnEmpty) -> Bool { left.rank < right.rank }
}

/// What it means that a column is not there.
public enum OnMissingColumn: String, Sendable, Hashable, CaseIterable, Comparable {
    /// It can't be decided.
    case error
    /// There is nothing to check.
    case skip

    public static func < (left: OnMissingColumn, right: OnMissingColumn) -> Bool { left == .skip && right == .error }
}

/// What an inline gate does with a record that breaks a rule.
///
/// It never changes a verdict on a table. What keeps more of the input back is greater.
public enum OnFail: String, Sendable, Hashable, CaseIterable, Comparable {
    /// The record goes on, and is counted.
    case warn
    /// The record is kept apart, with every rule that it broke.
    case quarantine
    /// The record is counted, and kept nowhere.
    case drop
    /// Nothing of the batch goes on.
    case stop

    private var rank: Int {
        switch self {
        case .warn: 0
        case .drop: 1
        case .quarantine: 2
        case .stop: 3
        }
    }

    public static func < (left: OnFail, right: OnFail) -> Bool { left.rank < right.rank }
}

/// How much of a result is kept.
public struct ResultFormat: Sendable, Hashable {
    public enum Level: String, Sendable, Hashable, CaseIterable {
        case booleanOnly = "BOOLEAN_ONLY"
        case basic = "BASIC"
        case summary = "SUMMARY"
        case complete = "COMPLETE"

        fileprivate var rank: Int {
            switch self {
            case .booleanOnly: 0
            case .basic: 1
            case .summary: 2
            case .complete: 3
            }
        }
    }

    public var level: Level
    /// How many failing rows are kept as a sample.
    public var partialUnexpectedCount: Int
    /// Columns whose values name a failing row.
    public var unexpectedIndexColumnNames: [String]
    /// Row numbers only, no values.
    public var excludeUnexpectedValues: Bool

    public init(
        level: Level = .summary, partialUnexpectedCount: Int = 20, unexpectedIndexColumnNames: [String] = [],
        excludeUnexpectedValues: Bool = false
    ) {
        self.level = level
        self.partialUnexpectedCount = partialUnexpectedCount
        self.unexpectedIndexColumnNames = unexpectedIndexColumnNames
        self.excludeUnexpectedValues = excludeUnexpectedValues
    }

    /// Keeps all that either keeps.
    func united(with other: ResultFormat) -> ResultFormat {
        ResultFormat(
            level: level.rank >= other.level.rank ? level : other.level,
            partialUnexpectedCount: max(partialUnexpectedCount, other.partialUnexpectedCount),
            unexpectedIndexColumnNames: unexpectedIndexColumnNames
                + other.unexpectedIndexColumnNames.filter { name in
                    !unexpectedIndexColumnNames.contains { $0.utf8.elementsEqual(name.utf8) }
                },
            excludeUnexpectedValues: excludeUnexpectedValues && other.excludeUnexpectedValues)
    }

    /// How many failing rows a scan collects; `COMPLETE` collects `completeLimit`.
    public var sampleLimit: Int {
        switch level {
        case .booleanOnly: 0
        case .basic, .summary: partialUnexpectedCount
        case .complete: max(partialUnexpectedCount, Self.completeLimit)
        }
    }

    /// Failing rows in a `COMPLETE` result; counts are exact beyond it.
    public static let completeLimit = 10_000
}
