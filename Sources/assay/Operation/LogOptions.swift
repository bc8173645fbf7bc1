public import ArgumentParser
public import Logging
public import Service
import Suites

/// How much a process that runs for long tells, and how.
struct LogOptions: ParsableArguments {
    @Option(help: "What is told from which weight on: trace, debug, info, notice, warning, error or critical.")
    var logLevel = Logger.Level.info

    @Option(help: "How it is told on standard error: text (key=value) or json, one event a line.")
    var logFormat = LogFormat.text

    /// A logger that never writes any of the secrets, as they are at the moment.
    func logger(_ label: String = "assay", hiding secrets: @escaping @Sendable () -> Secrets) -> Logger {
        Logger(label: label) { _ in
            EventLog(level: logLevel, format: logFormat, secretsNow: secrets, now: { RunClock.system.microseconds })
        }
    }
}

extension LogFormat: ExpressibleByArgument {}
extension Logger.Level: @retroactive ExpressibleByArgument {}
