import Expectations
import Logging
import Service

/// Tells why the project that a running service was to go on by is refused.
///
/// Each mistake in its files is an event of its own.
struct RefusedProject: Sendable {
    let log: Logger

    func tell(_ error: any Error) {
        switch error {
        case let problems as SuiteProblems: tell(problems)
        case let error as ServiceError:
            log.error("the server can't be run as the project says, the old one stays", metadata: error.logMetadata)
        case let error as UserMistake:
            var metadata: Logger.Metadata = ["error": "\(error.message)"]
            if let hint = error.hint { metadata["hint"] = "\(hint)" }
            log.error("the project can't be read, the old one stays", metadata: metadata)
        default: log.error("the project can't be read, the old one stays", metadata: ["error": "\(error)"])
        }
    }

    /// What the ledger remembers is not handed over.
    func tellOfAnotherStore(_ new: String, inPlaceOf old: String) {
        log.error(
            "the project has another store, the old one stays",
            metadata: ["store": "\(new)", "was": "\(old)", "hint": "a store is changed by a restart"])
    }

    /// Reports couldn't be kept.
    func tellOfReports(in folder: String, _ obstacle: String) {
        log.error(
            "the project's reports can't be written, the old one stays",
            metadata: ["reports": "\(folder)", "error": "\(obstacle)"])
    }

    private func tell(_ problems: SuiteProblems) {
        for error in problems.errors {
            var metadata: Logger.Metadata = ["code": "\(error.code)", "error": "\(error.message)"]
            if let place = error.location { metadata["place"] = "\(place)" }
            if let hint = error.hint { metadata["hint"] = "\(hint)" }
            log.error("a mistake in the project", metadata: metadata)
        }
        log.error(
            "the project has mistakes, the old one stays", metadata: ["problems": "\(problems.errors.count)"])
    }
}
