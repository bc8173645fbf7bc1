import ArgumentParser
import Tables

/// Until when something that a person says holds.
struct AlertEnd: ParsableArguments {
    /// A time from now on, as in `2h`.
    struct Length: ExpressibleByArgument {
        let microseconds: Int64

        init?(argument: String) {
            guard let microseconds = DurationText.parse(argument), microseconds > 0 else { return nil }
            self.microseconds = microseconds
        }
    }

    @Option(name: .customLong("for"), help: ArgumentHelp("How long, as in 30m, 2h or 3d.", valueName: "duration"))
    var length: Length?

    @Option(
        help: ArgumentHelp("Until when, in ISO 8601; UTC where no zone is named.", valueName: "time"),
        transform: RunClock.parse)
    var until: RunClock?

    var isGiven: Bool { length != nil || until != nil }

    func validate() throws {
        guard length == nil || until == nil else { throw ValidationError("--for and --until don't go together") }
    }

    func time(from now: Int64) -> Int64? {
        length.map { now.addingClamped($0.microseconds) } ?? until?.microseconds
    }
}
