import Expectations
import Suites
import Tables

/// One thing that `assay doctor` looks at; a new one is a value here and a line in `all`.
struct DoctorCheck: Sendable {
    let name: String
    /// Looks, changes nothing, and says what it found: a line for each thing, or nothing where there is nothing to look at.
    let examine: @Sendable (DoctorSubject) async -> [DoctorFinding]

    /// In the order in which they are told.
    static let all: [DoctorCheck] = [
        libraries, project, store, reports, state, temporaryFolder, clock, timeZones, limits, assets,
        authorities, receivers, mailServer, routes,
    ]
}

/// What is looked at.
struct DoctorSubject: Sendable {
    let file: String
    /// `nil` where it can't be read; then `problems` says why.
    let project: Project?
    let problems: SuiteProblems?
    /// Whether messages may be sent to try the routes.
    let sends: Bool
    let environment: [String: String]
}

/// What a check found.
struct DoctorFinding: Sendable, Equatable {
    enum Level: String, Sendable {
        case ok
        /// Works, and may not for long or not well.
        case warning
        /// Something doesn't work.
        case problem
        /// It could not be found out.
        case unknown
    }

    let level: Level
    /// What it is about: a path, a host, a name.
    let subject: String
    let message: String
    /// What to do.
    let advice: String?

    static func ok(_ subject: String, _ message: String) -> DoctorFinding {
        DoctorFinding(level: .ok, subject: subject, message: message, advice: nil)
    }

    static func warning(_ subject: String, _ message: String, _ advice: String?) -> DoctorFinding {
        DoctorFinding(level: .warning, subject: subject, message: message, advice: advice)
    }

    static func problem(_ subject: String, _ message: String, _ advice: String?) -> DoctorFinding {
        DoctorFinding(level: .problem, subject: subject, message: message, advice: advice)
    }

    static func unknown(_ subject: String, _ message: String) -> DoctorFinding {
        DoctorFinding(level: .unknown, subject: subject, message: message, advice: nil)
    }
}
