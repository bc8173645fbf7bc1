public import Ledger
public import Reports

/// All that a server shows and lets people do; what is absent has no routes.
public struct ServiceDesk: Sendable {
    public let ledger: Ledger
    public let metrics: ServiceMetrics
    /// The directory of reports; `nil` where they aren't shown.
    public var reports: String?
    public var alerts: (any AlertBook)?
    public var outbox: (any OutboxBook)?
    public var pipelines: (any PipelineBook)?
    public var triggers: (any TriggerDesk)?
    /// How values of rows are shown; those of personal columns are masked whatever it is.
    public var values = ValueDisplay.masked
    /// Of the program.
    public var version = ""
    /// The time now, in microseconds since 1970-01-01T00:00:00Z.
    public let clock: @Sendable () -> Int64
    /// What keeps the service from doing its work, in words; empty where nothing does.
    public var obstacles: @Sendable () -> [String] = { [] }

    public init(ledger: Ledger, metrics: ServiceMetrics, clock: @escaping @Sendable () -> Int64) {
        self.ledger = ledger
        self.metrics = metrics
        self.clock = clock
    }
}
