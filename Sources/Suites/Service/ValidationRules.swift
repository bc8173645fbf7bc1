public import Schedules

/// When a validation is run by the service, and what becomes of its failures.
public struct ValidationRules: Sendable, Hashable {
    public let schedule: Schedule
    /// Microseconds that a run may take; `nil` for any.
    public let timeout: Int64?
    /// Further runs where one could not be decided.
    public let retries: Int
    public let catchUp: CatchUp
    /// Pipelines whose batches give occasion for a run, too.
    public let after: [String]
    /// Microseconds between two looks at whether the data has changed; `nil` where nobody looks.
    public let watch: Int64?
    public let alerts: AlertPolicy

    public init(
        schedule: Schedule, timeout: Int64?, retries: Int, catchUp: CatchUp, after: [String], watch: Int64?,
        alerts: AlertPolicy
    ) {
        self.schedule = schedule
        self.timeout = timeout
        self.retries = retries
        self.catchUp = catchUp
        self.after = after
        self.watch = watch
        self.alerts = alerts
    }
}
