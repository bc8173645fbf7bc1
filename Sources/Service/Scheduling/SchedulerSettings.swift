/// The clock that a scheduler lives by.
public struct SchedulerClock: Sendable {
    /// Microseconds since 1970.
    public let now: @Sendable () -> Int64
    /// Returns when the clock shows a time, at once where it is past; throws where the task is cancelled.
    public let sleep: @Sendable (_ until: Int64) async throws -> Void

    public init(now: @escaping @Sendable () -> Int64, sleep: @escaping @Sendable (_ until: Int64) async throws -> Void)
    {
        self.now = now
        self.sleep = sleep
    }

    /// A clock whose time passes as the machine's does, from where it is when somebody begins to sleep.
    public init(now: @escaping @Sendable () -> Int64) {
        self.init(now: now) { until in
            let (length, isBeyond) = until.subtractingReportingOverflow(now())
            if !isBeyond, length > 0 { try await Task.sleep(for: .microseconds(min(length, 1 << 50))) }
        }
    }
}

/// How a scheduler does its work.
///
/// Times are microseconds.
public struct SchedulerSettings: Sendable {
    /// Tells this process from all others that share the ledger.
    public var holder: String
    public var validationsAtOnce = 2
    /// How often the ledger is asked what others have done or want.
    public var pollEvery: Int64 = 1_000_000
    /// How long others wait before they take over what a dead process had begun.
    public var leaseLength: Int64 = 30_000_000
    /// How long runs in hand may go on where the scheduler is stopped.
    public var grace: Int64 = 30_000_000
    /// How long a run that was cancelled may take to end before it is left behind.
    public var patience: Int64 = 5_000_000
    /// After so many processes have died with one slot in hand, it is recorded as undecided.
    public var deathsPerSlot = 3

    public init(holder: String) { self.holder = holder }
}

/// What a scheduler has others do.
public struct SchedulerWork: Sendable {
    /// Runs a validation.
    ///
    /// It may block its thread, which is none of Swift's pool. It ends soon, with an error, where its task is cancelled; what it throws or gives then
    /// is dropped.
    public let judge: @Sendable (ScheduledValidation, Occasion) async throws -> ScheduledOutcome
    /// What is to be stored of a validation that has no result.
    public let undecided: @Sendable (ScheduledValidation, Occasion, UndecidedReason) async -> ScheduledOutcome
    /// What an asset's data looks like, which may block its thread, too: a text that differs where the data does; `nil` where it can't be told now.
    public let fingerprint: @Sendable (_ asset: String) async -> String?
    public let report: @Sendable (SchedulerEvent) -> Void

    public init(
        judge: @escaping @Sendable (ScheduledValidation, Occasion) async throws -> ScheduledOutcome,
        undecided: @escaping @Sendable (ScheduledValidation, Occasion, UndecidedReason) async -> ScheduledOutcome,
        fingerprint: @escaping @Sendable (_ asset: String) async -> String? = { _ in nil },
        report: @escaping @Sendable (SchedulerEvent) -> Void = { _ in }
    ) {
        self.judge = judge
        self.undecided = undecided
        self.fingerprint = fingerprint
        self.report = report
    }
}
