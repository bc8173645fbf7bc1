public import Intake
public import Tables

/// How a pipeline is run, as far as its definition doesn't say.
public struct PipelineOptions: Sendable {
    /// How the source's records are written.
    public var intake = IntakeOptions()
    /// Columns whose types somebody declares: the source, or the suites of its layers.
    public var declared: [ColumnName: LogicalType] = [:]
    public var threads = 2
    /// Whether only what was asked for is done, and nothing that arrived is read.
    public var onlyRequests = false
    /// Whether windows are closed when nothing more has arrived, whatever the time.
    public var closesWindows = false
    /// The batches' time, in microseconds since 1970-01-01T00:00:00Z.
    public var clock: @Sendable () -> Int64
    /// The machine's time, by which files are left alone and waits end.
    public var machineClock: @Sendable () -> Int64
    public var report: @Sendable (PipelineEvent) -> Void = { _ in }
    /// Called at each point of the protocol.
    public var probe: @Sendable (ProtocolPoint, Int) -> Void = { _, _ in }

    public init(clock: @escaping @Sendable () -> Int64, machineClock: @escaping @Sendable () -> Int64) {
        self.clock = clock
        self.machineClock = machineClock
    }

    var zone: ZoneRule { intake.zone }
}
