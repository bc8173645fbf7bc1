import ArgumentParser

/// Which time a command takes for now.
struct ClockOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The clock in ISO 8601, in UTC where no zone is named; the machine's when absent.", valueName: "time"),
        transform: RunClock.parse)
    var now: RunClock?

    /// Microseconds since 1970-01-01T00:00:00Z.
    var microseconds: Int64 { (now ?? .system).microseconds }
}
