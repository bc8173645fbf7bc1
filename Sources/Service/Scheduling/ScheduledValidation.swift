public import Ledger
public import Schedules

/// A suite over an asset, and when the service runs it.
public struct ScheduledValidation: Sendable, Hashable {
    public let suite: String
    public let asset: String
    public let schedule: Schedule
    public let catchUp: CatchUp
    /// Microseconds that a run may take; `nil` for any.
    public let timeout: Int64?
    /// Further attempts where a run could not be decided.
    public let retries: RetryPolicy
    /// Pipelines whose batches give occasion for a run, too.
    public let after: [String]
    /// Microseconds between two looks at whether the data has changed; `nil` where nobody looks.
    public let watch: Int64?

    public init(
        suite: String, asset: String, schedule: Schedule, catchUp: CatchUp = .latest, timeout: Int64? = nil,
        retries: RetryPolicy = RetryPolicy(retries: 0), after: [String] = [], watch: Int64? = nil
    ) {
        self.suite = suite
        self.asset = asset
        self.schedule = schedule
        self.catchUp = catchUp
        self.timeout = timeout
        self.retries = retries
        self.after = after
        self.watch = watch
    }

    public var id: Validation { Validation(suite: suite, asset: asset) }

    /// Tells it from others, for jitter and for pauses.
    var name: String { "\(suite)\u{1F}\(asset)" }

    /// What the ledger compares to find out whether the schedule is another one.
    var cadenceText: String {
        switch schedule.cadence {
        case .manual: "manual"
        case .every(let length): "every \(length) \(schedule.zone.name)"
        case .cron(let cron): "cron \(cron.text) \(schedule.zone.name)"
        }
    }
}

/// Why a validation is run, and which attempt it is.
public struct Occasion: Sendable, Hashable {
    public enum Trigger: Sendable, Hashable {
        /// It was due at a time.
        case slot(Int64)
        /// Its data has changed.
        case change
        /// Somebody asked, or a pipeline has committed a batch.
        case request
    }

    public let validation: Validation
    public let trigger: Trigger
    /// When the first attempt began: microseconds since 1970, as all times here.
    public let at: Int64
    /// From 1.
    public let attempt: Int
    /// Whether no other will follow, however this one ends.
    public let isLastAttempt: Bool
    /// Whoever asked for a run and gets this one, whatever triggered it.
    public let requests: [RunRequest]

    init(
        validation: Validation, trigger: Trigger, at: Int64, attempt: Int, isLastAttempt: Bool, requests: [RunRequest]
    ) {
        self.validation = validation
        self.trigger = trigger
        self.at = at
        self.attempt = attempt
        self.isLastAttempt = isLastAttempt
        self.requests = requests
    }
}

/// What a run came to, and how it is stored.
public struct ScheduledOutcome: Sendable {
    /// The run's id; `nil` where nothing is stored of it.
    public let run: String?
    /// Whether the data couldn't be judged: such a run is tried again where retries are left, and only the last one is stored.
    public let isUndecided: Bool
    /// Stores the run and what follows from it, in the transaction that marks its slot as done.
    ///
    /// Called once the run's lease was found to be held; whatever it throws undoes all of it. It may be called again where the ledger was locked or the disk full.
    public let commit: @Sendable (LedgerTransaction) throws -> Void

    public init(run: String?, isUndecided: Bool, commit: @escaping @Sendable (LedgerTransaction) throws -> Void) {
        self.run = run
        self.isUndecided = isUndecided
        self.commit = commit
    }
}

/// Why a validation has no result of its own.
public enum UndecidedReason: Sendable, Hashable, CustomStringConvertible {
    /// The run threw an error.
    case failed(String)
    /// It took longer than so many microseconds.
    case timedOut(Int64)
    /// So many processes that had begun with it have died.
    case died(Int)
    /// An earlier run doesn't end, though it was cancelled.
    case hangs

    public var description: String {
        switch self {
        case .failed(let message): message
        case .timedOut(let timeout): "it took longer than \(Double(timeout) / 1_000_000) s"
        case .hangs: "an earlier run still waits for the data, which doesn't come"
        case .died(let count): "\(count) processes that had begun with it ended before it did"
        }
    }
}
