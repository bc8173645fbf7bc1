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
    /// When validations are due; where absent, those that ever ran are all that is known.
    public var schedules: ScheduleBook?
    public var triggers: (any TriggerDesk)?
    /// How values of rows are shown; those of columns that are personal now are masked whatever it says.
    public var values = ValueRules()
    /// Of the program.
    public var version = ""
    /// The time now, in microseconds since 1970-01-01T00:00:00Z.
    public let clock: @Sendable () -> Int64
    /// What keeps the service from doing its work, in words; empty where nothing does.
    public var obstacles: @Sendable () -> [String] = { [] }

    /// How validations stand, and those that the project has besides, or those of an asset; with their latest `recent` runs.
    func validations(ofAsset asset: String? = nil, recent: Int) throws -> [ValidationEntry] {
        let plans = try schedules?.plans().filter { asset == nil || $0.validation.asset == asset }
        return ValidationEntry.all(try ledger.standings(ofAsset: asset, recent: recent, now: clock()), plans: plans)
    }

    /// One of them; `nil` where it never ran and the project doesn't have it.
    func validation(_ validation: Validation, recent: Int) throws -> ValidationEntry? {
        let standing = try ledger.standing(of: validation, recent: recent, now: clock())
        let plans = try schedules?.plans().filter { $0.validation == validation }
        return ValidationEntry.all(standing.map { [$0] } ?? [], plans: plans).first
    }

    /// How long an answer is remembered that says what is due: time alone makes it another one.
    func memoryOfPlans(_ memory: Endpoint.Memory) -> Endpoint.Memory { schedules == nil ? memory : .none }

    public init(ledger: Ledger, metrics: ServiceMetrics, clock: @escaping @Sendable () -> Int64) {
        self.ledger = ledger
        self.metrics = metrics
        self.clock = clock
    }
}
